#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ingest/budget.h"
#include "ingest/committer.h"
#include "ingest/drainer.h"
#include "ingest/outage.h"
#include "ingest/write_metrics.h"
#include "storage/spool/spool.h"

namespace crmsink {

// Everything between a delivery that has been read and the database: the writers, each with a queue, a thread and a
// store of its own, and with a spool the drainer. What belongs to one entity goes to one writer, so that two seldom
// want the same row.
//
// Thread-safety: all methods from any thread; callbacks come from threads of the intake.
class Intake {
 public:
  struct Options {
    std::function<Result<std::unique_ptr<Store>>()> open;
    bool keeps_failed = true;  // see GroupWriter
    std::string writer;        // the others are called "WRITER/2" and so on, the drainer "WRITER/spool"
    std::size_t writers = 1;
    Budget::Amount queue = {};
    std::function<Millis()> clock;
    std::unique_ptr<Spool> spool = {};  // null: none, and what cannot be committed is answered kBusy
    std::chrono::milliseconds first_pause{100}, longest_pause{10'000};  // see Drainer
    // With a spool, what has waited for so long behind a commit goes there: a server that hangs is no full queue.
    std::chrono::milliseconds patience{2'000};

    // See Committer, Outage and Drainer. All may be empty.
    std::function<void(std::string_view type, std::string_view path)> on_first_event = {};
    std::function<void(const Error&)> on_failure = {};
    std::function<void(const Error&)> on_away = {};
    std::function<void(std::uint64_t)> on_back = {};
    std::function<void(Store&)> after_outage = {};
    std::function<void(std::uint64_t)> on_drained = {};
    std::function<void(const Error&)> on_stuck = {};
    std::function<void()> on_commit = {}, on_spooled = {}, on_deleting = {};
  };

  struct Counters {
    GroupWriter::Counters commits;
    Histogram::Snapshot commit_micros, group_deliveries;
    Budget::Amount queue;
    std::uint64_t drained = 0;
    Spool::Size spool;
    bool away = false;
  };

  // The store is the first writer's; a failure says why the database is away at the start. REQUIRES: then there is a
  // spool.
  Intake(Options options, Result<std::unique_ptr<Store>> store);
  ~Intake();  // Stop()
  Intake(const Intake&) = delete;
  Intake& operator=(const Intake&) = delete;

  // As Committer::Submit.
  [[nodiscard]] bool Submit(std::unique_ptr<Submission> submission, Committer::Done done);
  void CountRefusal(std::string_view kind, std::string_view detail);

  bool has_spool() const { return spool_ != nullptr; }
  bool away() const { return outage_.away(); }
  // Somebody else has found that it is. REQUIRES: a spool.
  void BeginOutage(const Error& reason) { outage_.Begin(reason); }

  // Can it keep a delivery now?
  bool Ready() const;
  Counters counters() const;
  LastEvents& last_events() { return metrics_.last_events; }

  // Refuses what comes, commits or spools what was taken, and closes everything. Idempotent.
  void Stop();

 private:
  Committer::Options CommitterOptions(const Options& options, std::size_t number);
  GroupWriter::Options WritingOptions(const Options& options, const std::string& suffix);
  void Watch(std::chrono::milliseconds patience);
  void WakeWatch();
  Committer& WriterOf(const Submission& submission);

  const std::shared_ptr<Budget> budget_;
  const std::unique_ptr<Spool> spool_;
  Outage outage_;
  WriteMetrics metrics_;
  std::mutex seen_mutex_;
  std::set<std::string, std::less<>> seen_types_;
  std::unique_ptr<Drainer> drainer_;                    // null without a spool
  std::vector<std::unique_ptr<Committer>> committers_;  // they use everything above

  std::mutex watch_mutex_;
  std::condition_variable watch_wake_;
  bool watch_stopped_ = false;
  std::atomic<bool> watch_rests_{false};  // until a commit begins
  std::thread watch_;                     // last: it uses the committers
};

}  // namespace crmsink
