#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace crmsink {

// What there is to know about a database, line by line.
struct StatusLine {
  enum class Level : std::uint8_t {
    kInfo,
    kNote,     // worth knowing; nothing to do, or nothing that hurries
    kFinding,  // of the last seven days (a missing migration: whenever), and somebody can act
  };

  std::string section;  // database, spool, events, unmapped event, unmapped field, quarantine, unverified, refusals
  std::string name;
  std::string value;
  Level level = Level::kInfo;
  std::string remedy;
};

// From event_counts and the small tables; of unmapped fields what the newest events and rows show (unmapped_fields.h).
// It never scans the log.
// `spool_file` is the spool of the server on this machine; empty: nobody asks for it. A server of PostgreSQL that is
// away is a finding, and no failure.
[[nodiscard]] Result<std::vector<StatusLine>> Status(const std::string& url, Millis now,
                                                     const std::string& spool_file = "");

}  // namespace crmsink
