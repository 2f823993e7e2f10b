#pragma once

#include <string>
#include <vector>

#include "event/event.h"
#include "projection/change.h"

namespace crmsink {

// The scalars of an event's payload that a change has lost: that stand in no column, no child row, not in `extra`, and
// in nothing that the log keeps of the event. As canonical JSON. Left out is what docs/fold.md says goes: null and "",
// the name of the event, what `sets` goes over, what a member tells of deletion, and what stands around a secret.
//
// Of rows with one key the last one stands, so what another element of the same list or map may have covered counts
// only where it is lost from a payload in which its element is alone.
std::vector<std::string> LostScalars(const Delivery& delivery, const Event& event, const Change& change);

}  // namespace crmsink
