#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace crmsink::testing {

// Keys made up for a test, and signatures by them.
class Ed25519Signer {
 public:
  Ed25519Signer();

  [[nodiscard]] std::string Pem() const;  // the public key
  [[nodiscard]] std::string PrivatePem() const;
  [[nodiscard]] std::string Raw(std::string_view body) const;   // 64 bytes
  [[nodiscard]] std::string Sign(std::string_view body) const;  // base64 of them

  // A signature made by hand with `r` as R and r_scalar (R = r_scalar * B) in S, so that S*B = R + h*A holds whatever
  // R is: the textbook equation, but not the strict rules.
  [[nodiscard]] std::string Craft(std::string_view body, const std::array<std::uint8_t, 32>& r,
                                  const std::array<std::uint8_t, 32>& r_scalar) const;

 private:
  std::array<std::uint8_t, 32> public_{};
  std::array<std::uint8_t, 64> secret_{};
};

enum class RsaPadding { kPkcs1, kPss };

class RsaSigner {
 public:
  explicit RsaSigner(unsigned bits = 2048);

  [[nodiscard]] std::string Pem() const;
  [[nodiscard]] std::string PrivatePem() const;
  [[nodiscard]] std::string Raw(std::string_view body, std::string_view digest = "SHA256",
                                RsaPadding padding = RsaPadding::kPkcs1) const;
  [[nodiscard]] std::string Sign(std::string_view body) const;  // base64 of Raw

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

// The public key of a fresh key on the curve P-256, which is of no use here.
std::string EllipticPem();

// SubjectPublicKeyInfo in PEM of an Ed25519 key given by its 32 bytes.
std::string Ed25519Pem(std::string_view point);

}  // namespace crmsink::testing
