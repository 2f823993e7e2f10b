#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crmsink {

// An Ed25519 key that signs deliveries as HighLevel does in X-GHL-Signature. May be used by any number of threads.
class Signer {
 public:
  static Signer Make();
  // Of a PEM text with an unencrypted private key, as PrivatePem and `openssl genpkey -algorithm ed25519` write it.
  [[nodiscard]] static Result<Signer> Parse(std::string_view pem);

  // Base64 of the signature over the bytes.
  std::string Sign(std::string_view bytes) const;
  std::string PublicPem() const;
  std::string PrivatePem() const;

 private:
  using Seed = std::array<unsigned char, 32>;
  explicit Signer(const Seed& seed);

  Seed seed_{};
  std::array<unsigned char, 32> public_{};
  std::array<unsigned char, 64> secret_{};
};

}  // namespace crmsink
