#include "replay/walk.h"

#include <chrono>
#include <cstring>

#include "base/sha256.h"
#include "storage/query.h"

namespace crmsink {
namespace {

std::int64_t SteadyMillis() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Reporter::Reporter(OnProgress on_progress, std::string_view step, std::uint64_t total)
    : on_progress_(std::move(on_progress)),
      progress_{step, 0, total, 0},
      started_(SteadyMillis()),
      next_(started_ + 2000) {}

void Reporter::Add(std::uint64_t n) {
  progress_.done += n;
  if (!on_progress_ || SteadyMillis() < next_) return;
  const std::int64_t now = SteadyMillis();
  next_ = now + 1000;
  progress_.per_second = (progress_.done - first_) * 1000 / static_cast<std::uint64_t>(now - started_);
  on_progress_(progress_);
}

void Reporter::StartAt(std::uint64_t done) { progress_.done = first_ = done; }

EntitySet::Half EntitySet::DigestOf(const EntityKey& key) {
  const auto digest = Sha256({key.entity, std::string_view("\0", 1), key.id});
  Half half;
  std::memcpy(half.data(), digest.data(), sizeof half);
  return half;
}

bool EntitySet::Insert(const EntityKey& key) { return digests_.insert(DigestOf(key)).second; }

bool EntitySet::Contains(const EntityKey& key) const { return digests_.contains(DigestOf(key)); }

Result<std::unique_ptr<Transaction>> BeginWriting(Store& store) {
  constexpr int kTries = 5;
  for (int i = 1;; ++i) {
    auto transaction = store.Begin(Store::Mode::kWrite);
    if (transaction || transaction.error().code != ErrorCode::kUnavailable || i == kTries) return transaction;
  }
}

Result<std::int64_t> LastSeq(const std::string& url) {
  auto connection = QueryConnection::Open(url);
  if (!connection) return tl::unexpected(connection.error());
  std::int64_t last = 0;
  const auto on_row = [&](const std::vector<QueryValue>& row) {
    last = std::get<std::int64_t>(row[0]);
    return true;
  };
  auto done = connection->Run("SELECT coalesce(max(seq), 0) FROM events", {}, {.on_columns = {}, .on_row = on_row});
  if (!done) return tl::unexpected(done.error());
  return last;
}

}  // namespace crmsink
