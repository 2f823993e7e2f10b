#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>

#include "base/result.h"
#include "storage/store.h"

namespace crmsink {

// How far a long run has come, for a person: called after two seconds, then about every second.
struct Progress {
  std::string_view step;  // "reading the log"
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // 0: not known
};
using OnProgress = std::function<void(const Progress&)>;

// Calls back after two seconds, then no more often than every second.
class Reporter {
 public:
  Reporter(OnProgress on_progress, std::string_view step, std::uint64_t total = 0);
  void Add(std::uint64_t n);

 private:
  OnProgress on_progress_;
  Progress progress_;
  std::int64_t next_;
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

// The last seq of the log, 0 when it is empty.
[[nodiscard]] Result<std::int64_t> LastSeq(const std::string& url);

}  // namespace crmsink
