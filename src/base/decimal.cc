#include "base/decimal.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace crmsink {
namespace {

constexpr std::int64_t kFarExponent = 1'000'000'000'000;  // beyond any that matters, far from overflow

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Parts {
  bool negative = false;
  std::string_view whole, fraction;
  bool negative_exponent = false;
  std::string_view exponent;
};

std::string_view TakeDigits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && IsDigit(text[n])) ++n;
  const auto digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

// number = [ "-" ] ( "0" / digit1-9 *digit ) [ "." 1*digit ] [ ( "e" / "E" ) [ "+" / "-" ] 1*digit ]
std::optional<Parts> Split(std::string_view text) {
  Parts parts;
  if (text.starts_with('-')) {
    parts.negative = true;
    text.remove_prefix(1);
  }
  parts.whole = TakeDigits(text);
  if (parts.whole.empty() || (parts.whole.size() > 1 && parts.whole[0] == '0')) return std::nullopt;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    parts.fraction = TakeDigits(text);
    if (parts.fraction.empty()) return std::nullopt;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) {
      parts.negative_exponent = text[0] == '-';
      text.remove_prefix(1);
    }
    parts.exponent = TakeDigits(text);
    if (parts.exponent.empty()) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return parts;
}

std::int64_t ReadExponent(const Parts& parts) {
  std::int64_t value = 0;
  for (const char c : parts.exponent) value = std::min(value * 10 + (c - '0'), kFarExponent);
  return parts.negative_exponent ? -value : value;
}

}  // namespace

bool IsJsonNumber(std::string_view text) { return Split(text).has_value(); }

std::optional<Decimal> Decimal::Parse(std::string_view text) {
  const auto parts = Split(text);
  if (!parts) return std::nullopt;
  Decimal number;
  number.digits_.reserve(parts->whole.size() + parts->fraction.size());
  number.digits_ += parts->whole;
  number.digits_ += parts->fraction;
  const auto leading = std::min(number.digits_.find_first_not_of('0'), number.digits_.size());
  if (leading == number.digits_.size()) return Decimal();
  number.negative_ = parts->negative;
  number.exponent_ = ReadExponent(*parts) + static_cast<std::int64_t>(parts->whole.size() - leading);
  // whole.size() - leading is negative where leading zeros reach into the fraction: the subtraction wraps and is right.
  number.digits_.erase(0, leading);
  number.digits_.erase(number.digits_.find_last_not_of('0') + 1);
  return number;
}

bool Decimal::InRange() const { return digits_.empty() || (exponent_ - 1 <= 300 && exponent_ - 1 >= -300); }

bool Decimal::FitsDouble() const { return digits_.size() <= 15 && InRange(); }

std::string Decimal::Plain() const {
  if (digits_.empty()) return "0";
  std::string out = negative_ ? "-" : "";
  const auto size = static_cast<std::int64_t>(digits_.size());
  if (exponent_ <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-exponent_), '0');
    out += digits_;
  } else if (exponent_ >= size) {
    out += digits_;
    out.append(static_cast<std::size_t>(exponent_ - size), '0');
  } else {
    out.append(digits_, 0, static_cast<std::size_t>(exponent_));
    out += '.';
    out.append(digits_, static_cast<std::size_t>(exponent_));
  }
  return out;
}

double Decimal::ToDouble() const {
  if (digits_.empty()) return 0;
  const std::string text = (negative_ ? "-0." : "0.") + digits_ + "e" + std::to_string(exponent_);
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::int64_t> Decimal::ToInteger() const {
  if (exponent_ < static_cast<std::int64_t>(digits_.size())) {
    return digits_.empty() ? std::optional<std::int64_t>(0) : std::nullopt;
  }
  return ScaledFloor(0);
}

std::optional<std::int64_t> Decimal::ScaledFloor(int shift) const {
  if (digits_.empty()) return 0;
  const std::int64_t places = exponent_ + shift;  // digits before the point
  if (places > 19) return std::nullopt;
  const auto size = static_cast<std::int64_t>(digits_.size());
  const auto taken = std::clamp<std::int64_t>(places, 0, size);
  std::string text = negative_ ? "-" : "";
  text.append(digits_, 0, static_cast<std::size_t>(taken));
  text.append(static_cast<std::size_t>(std::max<std::int64_t>(places - taken, 0)), '0');
  if (taken == 0 && places <= 0) text += '0';
  std::int64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  const bool cut = size > taken;
  if (negative_ && cut) {
    if (value == std::numeric_limits<std::int64_t>::min()) return std::nullopt;
    --value;
  }
  return value;
}

}  // namespace crmsink
