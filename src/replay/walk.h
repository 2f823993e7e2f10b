#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>

#include "base/result.h"
#include "storage/store.h"

namespace crmsink {

// How far a long run has come, for a person: called after two seconds, then about every second.
struct Progress {
  std::string_view step;  // "reading the log"
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: not known
  std::uint64_t per_second = 0;
};
using OnProgress = std::function<void(const Progress&)>;

// Calls back after two seconds, then no more often than every second.
class Reporter {
 public:
  Reporter(OnProgress on_progress, std::string_view step, std::uint64_t total = 0);
  void Add(std::uint64_t n);
  // Begins with what an earlier run has done.
  void StartAt(std::uint64_t done);

 private:
  OnProgress on_progress_;
  Progress progress_;
  std::uint64_t first_ = 0;
  std::int64_t started_, next_;
};

// A set of entities that costs 16 bytes each: kept are halves of their SHA-256.
class EntitySet {
 public:
  // False: it is there already.
  bool Insert(const EntityKey& key);
  bool Contains(const EntityKey& key) const;
  std::size_t size() const { return digests_.size(); }

 private:
  using Half = std::array<std::uint64_t, 2>;
  struct First {
    std::size_t operator()(const Half& half) const { return half[0]; }
  };
  static Half DigestOf(const EntityKey& key);
  std::unordered_set<Half, First> digests_;
};

// Begins to write beside a server that may leave little room between its own transactions: waits up to five times as
// long as Begin does.
[[nodiscard]] Result<std::unique_ptr<Transaction>> BeginWriting(Store& store);

// One pass over a database in write transactions that are short, so that others can write meanwhile: `step` is called
// in one after the other until it returns false, and should come back soon after `end`. What it has come to is in
// `state`, which is set back where another writer was faster and the step is done again.
template <class State, class Step>
Result<void> InShortTransactions(Store& store, State& state, Step step) {
  using Clock = std::chrono::steady_clock;
  constexpr auto kMaxTime = std::chrono::milliseconds(100);
  constexpr int kTries = 20;
  const auto once = [&]() -> Result<bool> {
    auto transaction = BeginWriting(store);
    if (!transaction) return tl::unexpected(transaction.error());
    const Result<bool> more = step(**transaction, Clock::now() + kMaxTime);
    if (!more) return more;
    if (auto done = (*transaction)->Commit(); !done) return tl::unexpected(done.error());
    return more;
  };
  for (int tries = 1;; ++tries) {
    State before = state;
    const Result<bool> more = once();
    if (more && !*more) return {};
    if (more) {
      tries = 0;
    } else if (more.error().code == ErrorCode::kConflict && tries < kTries) {
      state = std::move(before);
    } else {
      return tl::unexpected(more.error());
    }
  }
}

// The last seq of the log, 0 when it is empty.
[[nodiscard]] Result<std::int64_t> LastSeq(const std::string& url);

}  // namespace crmsink
