#pragma once

#include "event/event.h"
#include "projection/change.h"

namespace crmsink {

// What a mapped event does to its entity. Pure but for memory: it may keep values in event.payload.
// REQUIRES: event.entity != nullptr. Thread-safe for different events.
Change Project(Event& event, Millis received_at);

// The place of an event in the order of its entity.
EventOrder OrderOf(const Event& event);

}  // namespace crmsink
