#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.h"
#include "storage/group.h"

namespace crmsink {

// The one writer of a database: takes whatever waits, commits it as one group, tells each its outcome, and starts
// again. The size of a group is how many came while the last one was being committed; there is no timer.
//
// The queue is bounded by number and by bytes of the bodies. When it is full Submit refuses, and the sender is told to
// come again; nothing waits.
// A commit that fails keeps nothing: its group is answered kBusy, and the store is closed and opened anew, since after
// a failed sync nobody knows what is on the disk. Where the store refuses one event's data, that event goes to
// quarantine and the others of its group go on.
//
// Thread-safety: all methods may be called from any thread. Callbacks come from the writer's own thread.
class Committer {
 public:
  struct Options {
    std::function<Result<std::unique_ptr<Store>>()> open;
    std::string writer;
    std::size_t max_deliveries = 4096;
    std::size_t max_bytes = std::size_t{64} << 20;
    std::function<Millis()> clock;
    std::function<void(std::string_view type, std::string_view path)> on_first_event;
    std::function<void(const Error&)> on_failure;
  };
  using Done = std::function<void(Ack)>;

  Committer(Options options, std::unique_ptr<Store> store);
  ~Committer();  // Stop()
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  // False: the queue is full or stopped; `done` is not called. Else it is called exactly once, after the commit.
  [[nodiscard]] bool Submit(std::unique_ptr<Submission> submission, Done done);

  // Counts a refused request of this day; what is beyond 1,000 different details counts as "other".
  void CountRefusal(std::string_view kind, std::string_view detail);

  // Commits what was taken, refuses what comes, ends the thread and closes the store. Idempotent.
  void Stop();

  // Did the latest commit succeed?
  bool healthy() const { return healthy_.load(std::memory_order_relaxed); }

  struct Counters {
    std::uint64_t commits = 0, failures = 0, folds = 0;
    std::size_t deliveries = 0, bytes = 0;  // in the queue
  };
  Counters counters() const;

 private:
  struct Item {
    std::unique_ptr<Submission> submission;
    Done done;
  };

  void Run();
  bool TakeGroup(std::vector<Item>& group, std::vector<RefusalCount>& refusals);
  void Process(std::vector<Item>& group, std::vector<RefusalCount>& refusals);
  void KeepRefusals(const std::vector<RefusalCount>& refusals);
  Result<GroupOutcome> Commit(std::span<Submission* const> group, std::span<const RefusalCount> refusals);
  void CommitOneByOne(std::vector<Item>& group);
  Ack CommitAlone(Submission& submission);
  void Fail(const Error& error);
  void Note(const Submission& submission, const Ack& ack);

  const Options options_;
  std::unique_ptr<Store> failed_;  // the last one whose commit failed, until another one is open
  std::unique_ptr<Store> store_;   // null while the database cannot be opened

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Item> queue_;
  std::size_t queue_bytes_ = 0;
  bool stopped_ = false;
  std::map<std::pair<std::string, std::string>, RefusalCount> refusals_;  // not yet written
  std::set<std::pair<std::string, std::string>> refusal_details_;         // that have a count of their own today
  Day refusal_day_ = 0;

  std::set<std::string, std::less<>> seen_types_;  // of the writer's thread alone
  std::atomic<bool> healthy_{true};
  std::atomic<std::uint64_t> commits_{0}, failures_{0}, folds_{0};
  std::thread thread_;  // last: it uses everything above
};

}  // namespace crmsink
