#include "naive_time.h"

#include <chrono>
#include <cstdio>

#include "naive_number.h"

namespace crmsink::naive {
namespace {

constexpr Millis kFirst = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
constexpr Millis kLast = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z
constexpr Millis kMinute = 60'000;

// Takes pieces off the front of a text; `ok` turns false at the first that is not there.
struct Scanner {
  std::string_view rest;
  bool ok = true;

  int Digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= rest.size() || rest[i] < '0' || rest[i] > '9') return ok = false, 0;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    return value;
  }
  int DigitsUpTo(int most, std::size_t count) {
    const int value = Digits(count);
    if (value > most) ok = false;
    return value;
  }
  bool Take(std::string_view any_of) {
    if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
    rest.remove_prefix(1);
    return true;
  }
  void Expect(std::string_view any_of) {
    if (!Take(any_of)) ok = false;
  }
};

Millis ScanDay(Scanner& scan) {
  const int year = scan.Digits(4);
  scan.Expect("-");
  const auto month = static_cast<unsigned>(scan.Digits(2));
  scan.Expect("-");
  const auto day = static_cast<unsigned>(scan.Digits(2));
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!scan.ok || !date.ok()) return scan.ok = false, 0;
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days{date}.time_since_epoch()).count();
}

Millis ScanFraction(Scanner& scan) {
  Millis value = 0;
  Millis weight = 100;
  if (scan.rest.empty()) scan.ok = false;
  bool any = false;
  while (!scan.rest.empty() && scan.rest.front() >= '0' && scan.rest.front() <= '9') {
    value += weight * scan.Digits(1);
    weight /= 10;
    any = true;
  }
  if (!any) scan.ok = false;
  return value;
}

// Minutes east of Greenwich.
Millis ScanZone(Scanner& scan) {
  if (scan.Take("Zz") || scan.rest.empty()) return 0;
  const bool west = scan.rest.front() == '-';
  scan.Expect("+-");
  Millis minutes = 60 * scan.DigitsUpTo(23, 2);
  if (!scan.rest.empty()) {
    scan.Take(":");
    minutes += scan.DigitsUpTo(59, 2);
  }
  return west ? -minutes : minutes;
}

std::optional<Millis> InRange(Millis time) {
  if (time < kFirst || time > kLast) return std::nullopt;
  return time;
}

std::optional<Millis> ReadTimeText(std::string_view text) {
  Scanner scan{text};
  Millis time = ScanDay(scan);
  if (scan.ok && !scan.rest.empty()) {
    scan.Expect("Tt ");
    time += 60 * kMinute * scan.DigitsUpTo(23, 2);
    scan.Expect(":");
    time += kMinute * scan.DigitsUpTo(59, 2);
    if (scan.Take(":")) {
      time += 1000 * scan.DigitsUpTo(59, 2);
      if (scan.Take(".")) time += ScanFraction(scan);
    }
    time -= kMinute * ScanZone(scan);
  }
  if (!scan.ok || !scan.rest.empty()) return std::nullopt;
  return InRange(time);
}

std::optional<Millis> ReadTimeNumber(std::string_view text) {
  const auto number = ReadDecimal(text);
  if (!number) return std::nullopt;
  const bool seconds = number->digits.empty() || number->point <= 11;  // |x| < 1e11
  const auto time = FloorShifted(*number, seconds ? 3 : 0);
  return time ? InRange(*time) : std::nullopt;
}

}  // namespace

std::optional<Millis> ReadTime(const Json& value) {
  if (value.IsString()) return ReadTimeText(value.text);
  if (value.IsNumber()) return ReadTimeNumber(value.text);
  return std::nullopt;
}

std::optional<std::string> ReadDate(const Json& value) {
  const auto time = ReadTime(value);
  if (!time) return std::nullopt;
  const std::string date = value.IsString() ? value.text.substr(0, 10) : FormatTime(*time).substr(0, 10);
  if (date.starts_with("0000")) return std::nullopt;
  return date;
}

std::string FormatTime(Millis time) {
  using namespace std::chrono;
  const sys_time<milliseconds> instant{milliseconds{time}};
  const auto day = floor<days>(instant);
  const year_month_day date{day};
  const hh_mm_ss clock{instant - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return text;
}

}  // namespace crmsink::naive
