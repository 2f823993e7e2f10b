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
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ingest/budget.h"
#include "ingest/group_writer.h"
#include "ingest/outage.h"
#include "ingest/refusals.h"
#include "storage/spool/spool.h"

namespace crmsink {

// A writer of a database: takes whatever waits, commits it as one group, tells each its outcome, and starts again. The
// size of a group is how many came while the last one was being committed; there is no timer.
//
// The queue is bounded by a budget, in number and in bytes of the bodies. When that is used up Submit refuses, and the
// sender is told to come again; nothing waits.
// A commit that fails keeps nothing: its group is answered kBusy. With a spool it is kept there instead, and so is what
// comes until somebody says that the database is back, which it is not asked for meanwhile; kBusy is then what the
// spool does not take, and what is not known to be authentic.
//
// Thread-safety: all methods may be called from any thread. Callbacks come from the writer's own thread, or from that
// of Relieve.
class Committer {
 public:
  // What is there for the time in which the database is away; both outlive the committer.
  struct Fallback {
    Spool* spool = nullptr;  // null: nothing is
    Outage* outage = nullptr;
  };

  struct Options {
    GroupWriter::Options writing;
    std::shared_ptr<Budget> budget;
    std::function<Millis()> clock;
    Fallback fallback = {};
    std::function<void(std::string_view type, std::string_view path)> on_first_event = {};
    // A commit begins. Called without a lock.
    std::function<void()> on_begin = {};
    // Deliveries begin to be answered kBusy (again after some were kept).
    std::function<void(const Error&)> on_failure = {};
    // Deliveries are in the spool, and not answered yet.
    std::function<void()> on_spooled = {};
  };
  using Done = std::function<void(Ack)>;

  // The store may be null: it is opened when it is needed.
  Committer(Options options, std::unique_ptr<Store> store);
  ~Committer();  // Stop()
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // False: the budget is used up, or it is stopped; `done` is not called. Else it is called exactly once, after the
  // commit.
  [[nodiscard]] bool Submit(std::unique_ptr<Submission> submission, Done done);

  // Counts a refused request of this day.
  void CountRefusal(std::string_view kind, std::string_view detail);

  // Where a commit has taken longer than that, puts what waits behind it into the spool, and what it is to commit, too,
  // from the caller's thread: should it be committed after all, it is found to be there when the spool is drained.
  // REQUIRES: a spool.
  void Relieve(std::chrono::milliseconds patience);

  // Is there a group that is being committed?
  bool is_committing();

  // Refuses what comes.
  void Refuse();
  // Refuse, commits or spools what was taken, ends the thread and closes the store. Idempotent.
  void Stop();

  // Was the latest group kept?
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

  GroupWriter::Counters counters() const { return writer_.counters(); }

 private:
  struct Item {
    std::unique_ptr<Submission> submission;
    Done done;                  // null once it was called
    std::string event_id = {};  // while it is being committed: as far as it is known
  };

  void Run();
  std::vector<Item> TakeFront();
  bool TakeGroup(std::vector<Item>& group, std::vector<RefusalCount>& refusals);
  void AskForAll(std::span<Item> group);
  void Process(std::span<Item> group, std::span<const RefusalCount> refusals);
  GroupWriter::Written Write(std::span<Item> group, std::span<const RefusalCount> refusals);
  bool TakesTooLong(std::chrono::milliseconds patience) const;
  void ReturnRefusals(std::span<const RefusalCount> refusals);
  void PutAside(std::span<Item> group, const Error& reason);
  Result<void> PutIntoSpool(std::span<const Item> group, const Error& reason);
  void SetHealthy(const Result<void>& kept);
  void Note(const Submission& submission, const Ack& ack);

  const Options options_;
  GroupWriter writer_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Item> queue_;
  bool stopped_ = false;
  std::optional<std::chrono::steady_clock::time_point> committing_since_;
  Refusals refusals_;

  std::mutex current_mutex_;  // taken before mutex_
  std::span<Item> current_;   // being committed; of each submission only what nobody changes may be read

  std::set<std::string, std::less<>> seen_types_;  // of the writer's thread alone
  std::atomic<bool> healthy_{true};
  std::thread thread_;  // last: it uses everything above
};

}  // namespace crmsink
