#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace crmsink {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 of the parts, as if they were one text. Cannot fail short of no memory, which ends the program's call by
// std::bad_alloc. May be called from any thread; nothing is shared between them.
[[nodiscard]] Digest Sha256(std::initializer_list<std::string_view> parts);

// Lower-case hexadecimal, two characters a byte.
[[nodiscard]] std::string Hex(std::span<const std::uint8_t> bytes);

}  // namespace crmsink
