#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "replay/walk.h"
#include "signature/verifier.h"
#include "storage/store.h"

namespace crmsink {

struct RetryOptions {
  Holding where = Holding::kQuarantine;
  // Decides about what is held as unverified; borrowed, REQUIRED there.
  const Verifier* verifier = nullptr;
  std::vector<std::int64_t> ids = {};  // empty: all of them
  // A delivery that stays, and why.
  std::function<void(const HeldDelivery& held, std::string_view reason)> on_stay = {};
  OnProgress on_progress = {};
};

struct RetryReport {
  std::uint64_t tried = 0;
  std::uint64_t stored = 0;       // in the log and the tables now
  std::uint64_t duplicate = 0;    // were there already
  std::uint64_t quarantined = 0;  // authentic now, but no event: from `unverified` into quarantine
  std::uint64_t stayed = 0;
};

// Puts deliveries that are kept aside through ingest again, with the time at which they came. What becomes an event
// leaves its place in the transaction that stores it. In short transactions, so a server may go on writing beside it;
// it may be ended and started again. kInvalid: one of the ids is not there.
[[nodiscard]] Result<RetryReport> Retry(Store& store, const RetryOptions& options);
[[nodiscard]] Result<RetryReport> Retry(const std::string& url, const RetryOptions& options);

}  // namespace crmsink
