#include "base/time.h"

#include <chrono>
#include <cstdio>

namespace crmsink {
namespace {

constexpr Millis kFirst = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
constexpr Millis kLast = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

// Reads from the front of a text; every Take fails softly.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }

  // Exactly `width` digits.
  bool TakeNumber(std::size_t width, int& value) {
    if (text_.size() < width) return false;
    value = 0;
    for (std::size_t i = 0; i < width; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return false;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(width);
    return true;
  }

  bool TakeOneOf(std::string_view set) {
    if (text_.empty() || set.find(text_[0]) == std::string_view::npos) return false;
    taken_ = text_[0];
    text_.remove_prefix(1);
    return true;
  }
  char taken() const { return taken_; }

  // 1*digit, the first three of which are milliseconds.
  bool TakeFraction(int& millis) {
    std::size_t n = 0;
    millis = 0;
    for (; n < text_.size() && text_[n] >= '0' && text_[n] <= '9'; ++n) {
      if (n < 3) millis = millis * 10 + (text_[n] - '0');
    }
    for (std::size_t i = n; i < 3; ++i) millis *= 10;
    text_.remove_prefix(n);
    return n > 0;
  }

 private:
  std::string_view text_;
  char taken_ = 0;
};

struct Parsed {
  Day day = 0;
  Millis time = 0;  // UTC
};

bool TakeZone(Cursor& cursor, int& offset_minutes) {
  if (cursor.TakeOneOf("Zz")) return true;
  if (!cursor.TakeOneOf("+-")) return true;  // no zone: UTC
  const int sign = cursor.taken() == '-' ? -1 : 1;
  int hours = 0, minutes = 0;
  if (!cursor.TakeNumber(2, hours)) return false;
  if (!cursor.done()) {
    cursor.TakeOneOf(":");
    if (!cursor.TakeNumber(2, minutes)) return false;
  }
  offset_minutes = sign * (hours * 60 + minutes);
  return hours < 24 && minutes < 60;
}

std::optional<Parsed> ParseAll(std::string_view text) {
  Cursor cursor(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millis = 0, offset = 0;
  if (!cursor.TakeNumber(4, year) || !cursor.TakeOneOf("-") || !cursor.TakeNumber(2, month) || !cursor.TakeOneOf("-") ||
      !cursor.TakeNumber(2, day)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1) return std::nullopt;
  if (!cursor.done()) {
    if (!cursor.TakeOneOf("Tt ") || !cursor.TakeNumber(2, hour) || !cursor.TakeOneOf(":") ||
        !cursor.TakeNumber(2, minute)) {
      return std::nullopt;
    }
    if (cursor.TakeOneOf(":")) {
      if (!cursor.TakeNumber(2, second)) return std::nullopt;
      if (cursor.TakeOneOf(".") && !cursor.TakeFraction(millis)) return std::nullopt;
    }
    if (!TakeZone(cursor, offset) || !cursor.done()) return std::nullopt;
    if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  }
  const Day days = std::chrono::sys_days(date).time_since_epoch().count();
  const Millis time = days * kMillisPerDay + ((hour * 60 + minute - offset) * 60LL + second) * 1000LL + millis;
  if (!InCalendar(time)) return std::nullopt;
  return Parsed{days, time};
}

struct Fields {
  int year;
  unsigned month, day;
};

Fields FieldsOf(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return {static_cast<int>(date.year()), static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day())};
}

char* Put(char* out, unsigned value, int width) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  return out + width;
}

char* PutDay(char* out, Day day) {
  const Fields date = FieldsOf(day);
  out = Put(out, static_cast<unsigned>(date.year), 4);
  *out++ = '-';
  out = Put(out, date.month, 2);
  *out++ = '-';
  return Put(out, date.day, 2);
}

std::string FormatTime(Millis time, char separator) {
  const Day day = DayOf(time);
  const auto rest = static_cast<unsigned>(time - day * kMillisPerDay);
  char buffer[32];
  char* out = PutDay(buffer, day);
  *out++ = separator;
  out = Put(out, rest / 3'600'000, 2);
  *out++ = ':';
  out = Put(out, rest / 60'000 % 60, 2);
  *out++ = ':';
  out = Put(out, rest / 1000 % 60, 2);
  *out++ = '.';
  out = Put(out, rest % 1000, 3);
  return {buffer, out};
}

}  // namespace

std::optional<Millis> ParseTime(std::string_view text) {
  const auto parsed = ParseAll(text);
  return parsed ? std::optional(parsed->time) : std::nullopt;
}

std::optional<Day> ParseDay(std::string_view text) {
  const auto parsed = ParseAll(text);
  return parsed ? std::optional(parsed->day) : std::nullopt;
}

bool InCalendar(Millis time) { return time >= kFirst && time <= kLast; }

std::string FormatSqlTime(Millis time) { return FormatTime(time, ' '); }

std::string FormatRfc3339(Millis time) { return FormatTime(time, 'T') + 'Z'; }

std::string FormatDay(Day day) {
  char buffer[16];
  return {buffer, PutDay(buffer, day)};
}

Day DayOf(Millis time) { return time >= 0 ? time / kMillisPerDay : -((-time + kMillisPerDay - 1) / kMillisPerDay); }

Millis SystemNow() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace crmsink
