#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace crmsink {

// Decodes into `out` and returns the number of bytes. Accepts the standard and the URL-safe alphabet, complete padding
// or none, white space at the ends, and tail bits that are not zero: all of them are the same bytes. Empty: the text is
// not base64 (anything inside it that is neither alphabet, a length that cannot be), or it does not fit `out`. No
// allocation.
[[nodiscard]] std::optional<std::size_t> DecodeBase64(std::string_view text, std::span<std::uint8_t> out);

// The standard alphabet with padding.
[[nodiscard]] std::string EncodeBase64(std::string_view bytes);

// `text` without spaces, tabs and line ends at its ends.
[[nodiscard]] std::string_view TrimSpace(std::string_view text);

}  // namespace crmsink
