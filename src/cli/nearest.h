#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace crmsink {

// How many characters must be put in, left out, replaced or swapped with their neighbour to make one of the other.
[[nodiscard]] std::size_t EditDistance(std::string_view left, std::string_view right);

// The candidate with the smallest distance, the first of several; empty only where there is no candidate.
[[nodiscard]] std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace crmsink
