#pragma once

#include <vector>

#include "base/result.h"
#include "replay/status.h"
#include "storage/query.h"

namespace crmsink {

// Adds who has fallen silent: no event for 24 hours, where each of the seven days before the last one had some, and all
// of them together ten a day. All of it, or single locations, which are findings for a week. And a clock that says
// less than events that are there. From event_counts alone.
[[nodiscard]] Result<void> DescribeTraffic(QueryConnection& connection, Millis now, std::vector<StatusLine>& lines);

}  // namespace crmsink
