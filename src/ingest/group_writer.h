#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/write_metrics.h"
#include "storage/group.h"

namespace crmsink {

// A way into a database for groups of deliveries: owns the store, opens it when it is needed, and closes it when a
// commit has failed, since nobody knows then what is on the disk or whether the server still hears us. A file that a
// commit has found to be damaged is not written to any more.
//
// Where the store refuses the data of one event, the group is split in halves until that event is found; it goes to
// quarantine, the others are stored.
//
// Thread-safety: counters() from any thread, everything else belongs to one.
class GroupWriter {
 public:
  struct Options {
    std::function<Result<std::unique_ptr<Store>>()> open;
    std::string writer;  // in event_counts
    // The store is a file. Keep one whose commit failed until another one is open: closing a SQLite file would try its
    // failed syncs again; while it is open, nobody takes what it left unsynced for safe. A server's connection is
    // better given back.
    bool keeps_failed = true;
    // Outlives the writer; null: nobody asks.
    WriteMetrics* metrics = nullptr;
    // Called after each commit of deliveries, before anybody is told.
    std::function<void()> on_commit = {};
  };

  struct Written {
    // One per submission. nullopt: it is not kept (after kUnknown perhaps it is), and `failure` says why. Those before
    // the first nullopt are kept, those after it are nullopt, too.
    std::vector<std::optional<Ack>> acks;
    std::optional<Error> failure = {};
    bool has_refusals = false;  // the refusals are written
  };

  struct Counters {
    std::uint64_t commits = 0, failures = 0, folds = 0;
  };

  // The store may be null: then it is opened when it is needed.
  GroupWriter(Options options, std::unique_ptr<Store> store);

  [[nodiscard]] Written Write(std::span<Submission* const> group, std::span<const RefusalCount> refusals = {});

  // Is it there, and does it commit? Commits nothing.
  [[nodiscard]] Result<void> Probe();

  // Null while it is not open.
  Store* store() { return store_.get(); }
  void Close();

  Counters counters() const { return {.commits = commits_, .failures = failures_, .folds = folds_}; }

 private:
  void WritePart(std::span<Submission* const> part, std::span<std::optional<Ack>> acks,
                 std::span<const RefusalCount> refusals, Written& written);
  Result<GroupOutcome> Commit(std::span<Submission* const> group, std::span<const RefusalCount> refusals);
  void Observe(std::span<Submission* const> group, const GroupOutcome& outcome,
               std::chrono::steady_clock::duration took) const;
  Result<void> EnsureOpen();
  void CloseFailed();

  const Options options_;
  std::unique_ptr<Store> failed_;  // the last one whose commit failed, until another one is open
  std::unique_ptr<Store> store_;
  std::optional<Error> damage_;  // of the file
  std::atomic<std::uint64_t> commits_{0}, failures_{0}, folds_{0};
};

}  // namespace crmsink
