#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace crmsink {

// What there is to know about a database, line by line; `remedy` is set where somebody should do something.
struct StatusLine {
  std::string section;  // database, events, quarantine, unverified, refusals, unmapped
  std::string name;
  std::string value;
  std::string remedy;
};

// From event_counts and the small tables alone: it never scans the log.
[[nodiscard]] Result<std::vector<StatusLine>> Status(const std::string& url);

}  // namespace crmsink
