#pragma once

#include <functional>

#include "storage/group.h"

namespace crmsink {

// Reads an authentic delivery: what it says, and what it does to its entity. Nothing that is wrong with it fails: its
// reason is then set, and it goes to quarantine; so does what makes this program throw. Thread-safe for different
// submissions.
// `on_event`, for tests, is called before the event is projected; it may throw as a mistake of ours would.
void ReadSubmission(Submission& submission, const std::function<void(const Event&)>& on_event = {});

}  // namespace crmsink
