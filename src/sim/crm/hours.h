#pragma once

#include <string>

#include "base/time.h"

namespace crmsink::sim {

// The first moment at or after `time` within business hours: Monday to Friday, nine to six.
Millis NextOpen(Millis time, int zone);
// The first moment at or after `time` when people are awake: eight to ten in the evening.
Millis NextAwake(Millis time, int zone);
// A full or half hour within business hours, at or after `time`.
Millis NextSlot(Millis time, int zone);
// "2026-06-02T16:00:00-06:00"
std::string LocalTime(Millis time, int zone);

}  // namespace crmsink::sim
