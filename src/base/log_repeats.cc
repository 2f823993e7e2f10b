#include "base/log_repeats.h"

#include <limits>

namespace crmsink {
namespace {

constexpr std::chrono::minutes kWindow{1};
constexpr std::size_t kMostMessages = 256;

std::uint64_t MostOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return std::numeric_limits<std::uint64_t>::max();
    case LogLevel::kInfo:
      return 100;
    default:
      return 10;
  }
}

}  // namespace

bool LogRepeats::Admit(LogLevel level, std::string_view message, Clock::time_point now) {
  auto found = minutes_.find(message);
  if (found == minutes_.end()) {
    if (minutes_.size() >= kMostMessages) return true;
    found = minutes_.emplace(message, Minute{level, now}).first;
  }
  Minute& minute = found->second;
  if (++minute.times <= MostOf(level)) return true;
  ++minute.left_out;
  return false;
}

std::vector<LogRepeats::LeftOut> LogRepeats::Take(Clock::time_point now, bool all) {
  std::vector<LeftOut> left_out;
  for (auto next = minutes_.begin(); next != minutes_.end();) {
    const auto current = next++;
    const Minute& minute = current->second;
    if (!all && now - minute.begin < kWindow) continue;
    if (minute.left_out > 0) left_out.push_back({minute.level, current->first, minute.left_out});
    minutes_.erase(current);
  }
  return left_out;
}

}  // namespace crmsink
