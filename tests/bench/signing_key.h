#pragma once

#include <sodium.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "signature/base64.h"

namespace crmsink::bench {

// A new Ed25519 key. Throws where libsodium does not start.
class SigningKey {
 public:
  SigningKey() {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
    crypto_sign_keypair(public_key_, secret_key_);
  }

  // The public half.
  std::string Pem() const {
    // SubjectPublicKeyInfo of an Ed25519 key is this, a zero byte, then its 32 bytes.
    std::string der("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21", 11);
    der += '\0';
    der.append(reinterpret_cast<const char*>(public_key_), sizeof public_key_);
    return "-----BEGIN PUBLIC KEY-----\n" + EncodeBase64(der) + "\n-----END PUBLIC KEY-----\n";
  }

  // In base64, as X-GHL-Signature has it.
  std::string Sign(std::string_view body) const {
    unsigned char signature[crypto_sign_BYTES];
    crypto_sign_detached(signature, nullptr, reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                         secret_key_);
    return EncodeBase64({reinterpret_cast<const char*>(signature), sizeof signature});
  }

 private:
  unsigned char public_key_[crypto_sign_PUBLICKEYBYTES];
  unsigned char secret_key_[crypto_sign_SECRETKEYBYTES];
};

}  // namespace crmsink::bench
