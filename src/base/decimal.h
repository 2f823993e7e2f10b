#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crmsink {

// Does the text have the form of a JSON number?
bool IsJsonNumber(std::string_view text);

// A decimal number exactly as written: +-0.DIGITS x 10^exponent, digits without zeros at either end. Zero has no digits
// and no sign.
class Decimal {
 public:
  // nullopt unless the text is a JSON number.
  static std::optional<Decimal> Parse(std::string_view text);

  // No exponent beyond what both databases and plain notation can carry: 1e-300 <= |x| < 1e301, or zero.
  bool InRange() const;
  // Fits a number column without being rounded: in range and at most 15 significant digits.
  bool FitsDouble() const;
  // REQUIRES: InRange(). "-0.00125", "1000".
  std::string Plain() const;
  // The nearest double; exact in print where FitsDouble().
  double ToDouble() const;
  // nullopt unless the value is integral and within the type.
  std::optional<std::int64_t> ToInteger() const;
  // floor(x * 10^shift); nullopt where that is outside the type.
  std::optional<std::int64_t> ScaledFloor(int shift) const;

 private:
  bool negative_ = false;
  std::string digits_;
  std::int64_t exponent_ = 0;
};

}  // namespace crmsink
