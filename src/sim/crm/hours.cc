#include "sim/crm/hours.h"

#include "sim/world.h"

namespace crmsink::sim {
namespace {

Millis NextWithin(Millis time, int zone, int from, int to, bool weekend) {
  Millis local = time + zone * kHour;
  while (true) {
    const Day day = DayOf(local);
    const auto weekday = (day + 4) % 7;  // Sunday is 0; 1970-01-01 was a Thursday
    const Millis midnight = day * kDay;
    if (weekend || (weekday != 0 && weekday != 6)) {
      if (local < midnight + from * kHour) return midnight + from * kHour - zone * kHour + (time % kHour) / 2;
      if (local < midnight + to * kHour) return local - zone * kHour;
    }
    local = midnight + kDay;
  }
}

}  // namespace

Millis NextOpen(Millis time, int zone) { return NextWithin(time, zone, 9, 18, false); }

Millis NextAwake(Millis time, int zone) { return NextWithin(time, zone, 8, 22, true); }

Millis NextSlot(Millis time, int zone) {
  const Millis half = 30 * kMinute;
  Millis slot = (time + half - 1) / half * half;
  while (NextOpen(slot, zone) != slot) slot = (NextOpen(slot, zone) + half - 1) / half * half;
  return slot;
}

std::string LocalTime(Millis time, int zone) {
  const std::string text = FormatRfc3339(time + zone * kHour).substr(0, 19);
  const std::string hours = std::to_string(100 + (zone < 0 ? -zone : zone)).substr(1);
  return text + (zone < 0 ? "-" : "+") + hours + ":00";
}

}  // namespace crmsink::sim
