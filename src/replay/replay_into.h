#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "replay/walk.h"

namespace crmsink {

struct CopyReport {
  std::uint64_t copied = 0;  // events
  std::uint64_t known = 0;   // that an earlier run had copied
  std::uint64_t held = 0;    // in quarantine and unverified
};

// Copies the log, with its numbers, times and ids, into another database, of either backend, which is made where it is
// not there, and what is kept beside it; each event comes into the tables in the transaction that copies it. May be
// ended and started again: what both logs have is then compared, not copied. Nobody else may write into the other
// database meanwhile; from the first one events may still come, and those that come during the last of it stay behind.
// kInvalid: it has events that are none of the first one's.
[[nodiscard]] Result<CopyReport> ReplayInto(const std::string& from, const std::string& to,
                                            const OnProgress& on_progress);

}  // namespace crmsink
