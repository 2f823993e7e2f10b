#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace crmsink {

// A public key that deliveries may be signed with. Move-only; may be used by any number of threads at a time.
struct PublicKey {
  enum class Type { kEd25519, kRsa };
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };

  Type type = Type::kEd25519;
  std::string fingerprint;                 // lower-case hex SHA-256 of the DER SubjectPublicKeyInfo
  std::array<std::uint8_t, 32> ed25519{};  // of an Ed25519 key
  std::unique_ptr<evp_pkey_st, Free> rsa;  // of an RSA key
  std::size_t signature_size = 64;         // bytes of a signature by this key
};

// HighLevel's published keys: the one behind X-GHL-Signature (Ed25519) and the one behind X-WH-Signature (RSA).
[[nodiscard]] std::string_view BuiltinPublicKeys();

// All public keys of a PEM text, at least one: Ed25519, or RSA of 2048 to 8192 bits. Text between the blocks is
// ignored. Fails with kInvalid where there is none, where one of them is broken or of another type, and where it holds
// a private key or a certificate; the message is the rest of a sentence that begins with the text's name.
[[nodiscard]] Result<std::vector<PublicKey>> ParsePublicKeys(std::string_view pem);

}  // namespace crmsink
