#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "replay/walk.h"
#include "signature/verifier.h"

namespace crmsink {

// Something in the database that the log does not say.
struct Difference {
  std::string table, id;
  std::string what;  // "email", "contact_tags", "row without events", "signature"
  std::string in_database, from_log;
};

struct VerifyReport {
  std::uint64_t events = 0, entities = 0, differences = 0;
  std::uint64_t signatures_good = 0, signatures_unchecked = 0;  // unchecked: unsigned, or the key is not known any more
};

struct VerifyOptions {
  const Verifier* verifier = nullptr;  // borrowed; nullptr: signatures are not checked
  // So many events, spread evenly over the log, and the entities that they tell of; 0: all. Of a sample no rows are
  // looked for that no event stands behind: to find those takes the whole log.
  std::uint64_t sample = 0;
  std::function<void(const Difference&)> on_difference;
  OnProgress on_progress;
};

// Compares every entity's rows with what its log says, a few of them in one read transaction so that writing goes on,
// looks for rows that no event stands behind, and checks the signatures of the log again.
[[nodiscard]] Result<VerifyReport> Verify(const std::string& url, const VerifyOptions& options);

}  // namespace crmsink
