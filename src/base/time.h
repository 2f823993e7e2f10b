#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crmsink {

// Milliseconds since 1970-01-01T00:00:00Z.
using Millis = std::int64_t;

// Days since 1970-01-01.
using Day = std::int64_t;

inline constexpr Millis kMillisPerDay = 86'400'000;

// A point in time as the payloads write it:
//   time = date [ ("T" / "t" / " ") hh ":" mm [ ":" ss [ "." 1*digit ] ] [ "Z" / "z" / ("+" / "-") hh [ [":"] mm ] ] ]
//   date = YYYY "-" MM "-" DD
// Without a zone it is UTC, without a time of day midnight; cut to milliseconds. nullopt where the text is anything
// else, no such day or minute exists (30 February, 24:00, :60), or the result is outside of the years 0001 to 9999.
std::optional<Millis> ParseTime(std::string_view text);

// The day as written in such a text, whatever its zone.
std::optional<Day> ParseDay(std::string_view text);

// Are these within the years 0001 to 9999?
bool InCalendar(Millis time);

// "2026-01-15 10:20:30.456": what SQLite's own functions read and write.
std::string FormatSqlTime(Millis time);
// "2026-01-15T10:20:30.456Z"
std::string FormatRfc3339(Millis time);
// "2026-01-15"
std::string FormatDay(Day day);
// The UTC day of a time.
Day DayOf(Millis time);

// The system's clock.
Millis SystemNow();

}  // namespace crmsink
