#include "base/network.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <arpa/inet.h>

namespace crmsink {
namespace {

constexpr IpAddress::Bytes kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr std::size_t kMappedBytes = 12;

std::string_view Trim(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t last = text.find_last_not_of(" \t");
  return text.substr(first, last == std::string_view::npos ? 0 : last - first + 1);
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string terminated(text);
  Bytes bytes = kMapped;
  if (::inet_pton(AF_INET, terminated.c_str(), bytes.data() + kMappedBytes) == 1) return IpAddress(bytes);
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return IpAddress(bytes);
  return std::nullopt;
}

bool IpAddress::is_v4() const { return std::equal(kMapped.begin(), kMapped.begin() + kMappedBytes, bytes_.begin()); }

// The numbers for IPv4 begin as no IPv6 address in use does.
std::uint64_t IpAddress::Sender() const {
  std::uint64_t number = 0;
  for (std::size_t i = is_v4() ? 8 : 0, end = i + 8; i < end; ++i) number = number << 8 | bytes_[i];
  return number;
}

Result<Network> Network::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<IpAddress> first = IpAddress::Parse(text.substr(0, slash));
  const auto invalid = [&] {
    return Fail(ErrorCode::kInvalid,
                "\"" + std::string(text) + "\" is no address or network like 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32");
  };
  if (!first) return invalid();
  if (slash == std::string_view::npos) return Network(*first, 128);
  const unsigned most = first->is_v4() && text.find(':') == std::string_view::npos ? 32 : 128;
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (error != std::errc() || end != digits.data() + digits.size() || bits > most) return invalid();
  return Network(*first, bits + 128 - most);
}

bool Network::Contains(const IpAddress& address) const {
  const std::size_t whole = bits_ / 8;
  const IpAddress::Bytes &ours = first_.bytes(), &theirs = address.bytes();
  if (!std::equal(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(whole), theirs.begin())) return false;
  const unsigned rest = bits_ % 8;
  return rest == 0 || (ours[whole] ^ theirs[whole]) >> (8 - rest) == 0;
}

Result<std::vector<Network>> ParseNetworks(std::string_view text) {
  std::vector<Network> networks;
  text = Trim(text);
  if (text.empty() || text == "none") return networks;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const Result<Network> network = Network::Parse(Trim(text.substr(0, comma)));
    if (!network) return tl::unexpected(network.error());
    networks.push_back(*network);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  return networks;
}

}  // namespace crmsink
