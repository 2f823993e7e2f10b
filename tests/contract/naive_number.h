#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crmsink::naive {

// How many bytes at the front of `text` are a JSON number; 0: it does not begin with one.
std::size_t NumberLength(std::string_view text);

// A number by value: 0.d1d2d3... times ten to the power of `point`, d1 and the last digit not zero. Zero has no digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t point = 0;

  // Exponent of the leading digit: 1 for 10 to 99.
  std::int64_t Exponent() const { return point - 1; }
};

// nullopt when the whole text is no JSON number.
std::optional<Decimal> ReadDecimal(std::string_view text);

// The number in plain notation (1.10 -> 1.1, 1e3 -> 1000, -0 -> 0); nullopt when its leading digit is beyond 10^300 or
// below 10^-300.
std::optional<std::string> PlainNumber(std::string_view text);

// floor(number times 10^shift); nullopt when that is outside of std::int64_t.
std::optional<std::int64_t> FloorShifted(const Decimal& number, int shift);

// The number when it is whole and within std::int64_t.
std::optional<std::int64_t> WholeNumber(const Decimal& number);

}  // namespace crmsink::naive
