#pragma once

#include <array>
#include <cstdint>

#include "base/histogram.h"
#include "ingest/last_events.h"

namespace crmsink {

inline constexpr std::array<std::uint64_t, 10> kGroupSizes = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

// What all writers of one sink observe together. Thread-safe.
struct WriteMetrics {
  Histogram commit_micros{kLatencyMicros};  // of groups that were committed
  Histogram group_deliveries{kGroupSizes};  // of those groups
  LastEvents last_events;
};

}  // namespace crmsink
