#include "naive_number.h"

#include <algorithm>
#include <limits>

namespace crmsink::naive {
namespace {

constexpr std::int64_t kMaxExponent = 300;
// An exponent beyond this is as good as this one: no body is long enough to bring it back.
constexpr std::int64_t kHuge = 1'000'000'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::size_t CountDigits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), IsDigit) - text.begin());
}

}  // namespace

std::size_t NumberLength(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = CountDigits(text.substr(at));
  if (whole == 0) return 0;
  if (text[at] == '0' && whole > 1) return 0;
  at += whole;
  if (text.substr(at).starts_with('.')) {
    const std::size_t fraction = CountDigits(text.substr(at + 1));
    if (fraction == 0) return 0;
    at += 1 + fraction;
  }
  if (text.substr(at).starts_with('e') || text.substr(at).starts_with('E')) {
    std::size_t sign = at + 1;
    if (text.substr(sign).starts_with('+') || text.substr(sign).starts_with('-')) ++sign;
    const std::size_t exponent = CountDigits(text.substr(sign));
    if (exponent == 0) return 0;
    at = sign + exponent;
  }
  return at;
}

std::optional<Decimal> ReadDecimal(std::string_view text) {
  if (text.empty() || NumberLength(text) != text.size()) return std::nullopt;
  Decimal number;
  number.negative = text.front() == '-';
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::int64_t exponent = 0;
  bool negative_exponent = false;
  for (const char c : text.substr(e)) {
    negative_exponent |= c == '-';
    if (IsDigit(c)) exponent = std::min(exponent * 10 + (c - '0'), kHuge);
  }
  number.point = negative_exponent ? -exponent : exponent;
  bool fraction = false;
  for (const char c : text.substr(0, e)) {
    fraction |= c == '.';
    if (!IsDigit(c)) continue;
    const bool leading_zero = c == '0' && number.digits.empty();
    if (!leading_zero) number.digits.push_back(c);
    if (!fraction && !leading_zero) ++number.point;
    if (fraction && leading_zero) --number.point;
  }
  while (number.digits.ends_with('0')) number.digits.pop_back();
  if (number.digits.empty()) return Decimal{};
  return number;
}

std::optional<std::string> PlainNumber(std::string_view text) {
  const auto number = ReadDecimal(text);
  if (!number) return std::nullopt;
  if (number->digits.empty()) return "0";
  if (number->Exponent() > kMaxExponent || number->Exponent() < -kMaxExponent) return std::nullopt;
  const std::string& digits = number->digits;
  const std::string sign = number->negative ? "-" : "";
  if (number->point <= 0) return sign + "0." + std::string(static_cast<std::size_t>(-number->point), '0') + digits;
  const auto point = static_cast<std::size_t>(number->point);
  if (point >= digits.size()) return sign + digits + std::string(point - digits.size(), '0');
  return sign + digits.substr(0, point) + "." + digits.substr(point);
}

std::optional<std::int64_t> FloorShifted(const Decimal& number, int shift) {
  const std::int64_t point = number.point + shift;
  if (point > 19) return std::nullopt;
  const auto whole_digits = static_cast<std::size_t>(std::max<std::int64_t>(point, 0));
  std::string whole = number.digits.substr(0, whole_digits);
  whole.resize(whole_digits, '0');
  const bool rest = number.digits.size() > whole_digits;
  std::uint64_t magnitude = 0;  // 19 digits fit
  for (const char c : whole) magnitude = magnitude * 10 + static_cast<std::uint64_t>(c - '0');
  if (number.negative && rest) ++magnitude;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kMax + (number.negative ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(number.negative ? ~magnitude + 1 : magnitude);
}

std::optional<std::int64_t> WholeNumber(const Decimal& number) {
  const bool whole = number.digits.empty() || number.point >= static_cast<std::int64_t>(number.digits.size());
  return whole ? FloorShifted(number, 0) : std::nullopt;
}

}  // namespace crmsink::naive
