#pragma once

#include "storage/group.h"

namespace crmsink {

// Reads an authentic delivery: what it says, and what it does to its entity. Nothing that is wrong with it fails: its
// reason is then set, and it goes to quarantine. Thread-safe for different submissions.
void ReadSubmission(Submission& submission);

}  // namespace crmsink
