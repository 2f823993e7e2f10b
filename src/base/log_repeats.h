#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace crmsink {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

// Which lines of a log are left out because the same message was written often enough: within a minute ten times as a
// warning or an error, a hundred times as information; debug lines are all written. What was left out is told once,
// when the minute is over. Bounded: of more than 256 messages in a minute, all that are new are written.
//
// Thread-safety: none.
class LogRepeats {
 public:
  using Clock = std::chrono::steady_clock;

  struct LeftOut {
    LogLevel level = LogLevel::kInfo;
    std::string message;
    std::uint64_t times = 0;
  };

  // False: leave it out.
  [[nodiscard]] bool Admit(LogLevel level, std::string_view message, Clock::time_point now);

  // What was left out in minutes that are over; of all of them, where `all`.
  [[nodiscard]] std::vector<LeftOut> Take(Clock::time_point now, bool all = false);

 private:
  struct Minute {
    LogLevel level;
    Clock::time_point begin;
    std::uint64_t times = 0, left_out = 0;
  };
  std::map<std::string, Minute, std::less<>> minutes_;
};

}  // namespace crmsink
