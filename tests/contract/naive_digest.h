#pragma once

#include <string>
#include <string_view>

namespace crmsink::naive {

// SHA-256 in lower-case hex.
std::string HexSha256(std::string_view bytes);

}  // namespace crmsink::naive
