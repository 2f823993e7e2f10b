#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "base/result.h"
#include "entities/entity.h"
#include "replay/walk.h"

namespace crmsink {

struct ReplayReport {
  std::uint64_t events = 0;      // read
  std::uint64_t rederived = 0;   // read otherwise than when they came, and written so
  std::uint64_t unreadable = 0;  // that this version cannot read at all; left as they are
  std::uint64_t entities = 0, changed = 0, removed = 0;
};

// Makes the tables anew from the log, in place: what is derived from each event, each entity's rows, and away with rows
// that no event stands behind. One reader for each core finds what is wrong; that alone is written, in transactions of
// at most 200 events or 100 ms, so live writes go on beside it. It may be ended and started again at any time. With
// `only`, the rows of those entities, and what is derived from events that are or become theirs.
[[nodiscard]] Result<ReplayReport> Replay(const std::string& url, const OnProgress& on_progress,
                                          const std::set<const Entity*>& only = {});

}  // namespace crmsink
