#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crmsink {

// An address of IPv4 or IPv6. One of IPv4 that is written as IPv6 (::ffff:192.0.2.1) is the same as the short one.
class IpAddress {
 public:
  using Bytes = std::array<std::uint8_t, 16>;

  // IPv6, or IPv4 in its mapped form.
  explicit IpAddress(const Bytes& bytes) : bytes_(bytes) {}

  // Digits only, without port, brackets or zone.
  static std::optional<IpAddress> Parse(std::string_view text);

  bool is_v4() const;
  const Bytes& bytes() const { return bytes_; }

  // What counts as one sender: the whole address of IPv4, of IPv6 the first 64 bits, which is the least that a customer
  // of a provider gets.
  std::uint64_t Sender() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;

 private:
  Bytes bytes_;
};

// All addresses that begin alike: 10.0.0.0/8, 2001:db8::/32; an address alone is a network of one.
class Network {
 public:
  // Bits beyond the prefix do not matter. kInvalid: it is none; the message quotes it.
  [[nodiscard]] static Result<Network> Parse(std::string_view text);

  bool Contains(const IpAddress& address) const;

 private:
  Network(const IpAddress& first, unsigned bits) : first_(first), bits_(bits) {}

  IpAddress first_;
  unsigned bits_;  // of the 128
};

// Networks joined by commas, with or without spaces; an empty text or "none" is no network.
[[nodiscard]] Result<std::vector<Network>> ParseNetworks(std::string_view text);

}  // namespace crmsink
