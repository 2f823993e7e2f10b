#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/space.h"

namespace crmsink {

// What there is to know about a database, line by line.
struct StatusLine {
  enum class Level : std::uint8_t {
    kInfo,
    kNote,     // worth knowing; nothing to do, or nothing that hurries
    kFinding,  // somebody can act: of what came, that of the last seven days; of what is so now, whenever it began
  };

  // database, disk, certificate, spool, clock, silence, events, unmapped event, unmapped field, quarantine, unverified,
  // refusals
  std::string section;
  std::string name;
  std::string value;
  Level level = Level::kInfo;
  std::string remedy;
};

struct StatusOptions {
  std::string spool_file = {};   // of the server on this machine; empty: nobody asks for it
  std::string certificate = {};  // PEM file; empty: there is none
  bool check = false;            // read the whole database for damage, too
  std::function<std::optional<DiskSpace>(const std::string& file)> disk = DiskSpaceOf;
};

// What is to be done where SQLite's file is damaged.
inline constexpr std::string_view kDamagedRemedy =
    "delete nothing: stop the server and keep the file with what lies beside it; restore the latest backup, then bring "
    "what came since from the damaged file's log, as far as it can be read: crmsink replay --into";

// From event_counts and the small tables; of unmapped fields what the newest events and rows show (unmapped_fields.h).
// Without `check` it never scans the log. A server of PostgreSQL that is away, or a SQLite file that is damaged, is a
// finding, and no failure.
[[nodiscard]] Result<std::vector<StatusLine>> Status(const std::string& url, Millis now,
                                                     const StatusOptions& options = {});

}  // namespace crmsink
