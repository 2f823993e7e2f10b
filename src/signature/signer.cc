#include "signature/signer.h"

#include <sodium.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "signature/base64.h"

namespace crmsink {
namespace {

// The DER of a key is one of these, then its 32 bytes.
constexpr std::string_view kPublicPrefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
constexpr std::string_view kPrivatePrefix("\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16);
constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----", kEnd = "-----END PRIVATE KEY-----";

std::string_view AsText(const auto& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

Signer::Signer(const Seed& seed) : seed_(seed) {
  crypto_sign_seed_keypair(public_.data(), secret_.data(), seed_.data());
}

Signer Signer::Make() {
  if (sodium_init() < 0) std::abort();  // no randomness on this machine
  Seed seed;
  randombytes_buf(seed.data(), seed.size());
  return Signer(seed);
}

Result<Signer> Signer::Parse(std::string_view pem) {
  const auto begin = pem.find(kBegin), end = pem.find(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) {
    return Fail(ErrorCode::kInvalid, "holds no private key");
  }
  std::string base64(pem.substr(begin + kBegin.size(), end - begin - kBegin.size()));
  std::erase_if(base64, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  std::array<std::uint8_t, 48> der{};
  const auto size = DecodeBase64(base64, der);
  if (!size || *size != der.size() || !AsText(der).starts_with(kPrivatePrefix)) {
    return Fail(ErrorCode::kInvalid, "holds no unencrypted Ed25519 key");
  }
  Seed seed;
  std::copy(der.begin() + 16, der.end(), seed.begin());
  return Signer(seed);
}

std::string Signer::Sign(std::string_view bytes) const {
  std::array<unsigned char, crypto_sign_BYTES> signature;
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                       secret_.data());
  return EncodeBase64(AsText(signature));
}

std::string Signer::PublicPem() const {
  const std::string der = std::string(kPublicPrefix).append(AsText(public_));
  return "-----BEGIN PUBLIC KEY-----\n" + EncodeBase64(der) + "\n-----END PUBLIC KEY-----\n";
}

std::string Signer::PrivatePem() const {
  const std::string der = std::string(kPrivatePrefix).append(AsText(seed_));
  return std::string(kBegin) + "\n" + EncodeBase64(der) + "\n" + std::string(kEnd) + "\n";
}

}  // namespace crmsink
