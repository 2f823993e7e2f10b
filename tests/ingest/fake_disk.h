#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "storage/store.h"

namespace crmsink {

// A database in memory that takes events, finds every entity empty, and does as a test tells it. Thread-safe; outlives
// its stores.
class FakeDisk {
 public:
  struct Commit {
    std::vector<std::string> events;  // ids
    std::vector<Millis> received_at;  // of each
    std::vector<std::string> held;    // reasons
    std::vector<RefusalCount> refusals;
    std::set<std::string> writers;  // that counted events
  };

  // A new store on it; TryOpen fails while it is away.
  std::unique_ptr<Store> Open();
  Result<std::unique_ptr<Store>> TryOpen();

  // From now on commits wait; and those that wait go on.
  void Hold();
  void Release();
  // Waits until a commit waits.
  void AwaitHeld();

  // How the next calls end; each is used up by one call.
  void FailBegin(ErrorCode code) { Push(fail_begin_, code); }
  void FailCommit(ErrorCode code) { Push(fail_commit_, code); }
  // The next commits are kept, and say kUnknown.
  void LoseAnswers(int commits);
  // Whoever appends the event of this id is refused; kUnavailable and so on fail the transaction. And no more.
  void Refuse(const std::string& event_id, ErrorCode code = ErrorCode::kData);
  void RefuseNothing();
  // From now on nothing works but closing; and it does again.
  void GoAway();
  void ComeBack();
  // From now on an id that comes again is a duplicate, whoever sends it.
  void KnowDuplicates();
  // From now on each commit takes so long.
  void Slow(std::chrono::milliseconds duration);

  std::vector<Commit> commits() const;
  int opened() const;
  int opens_refused() const;
  int open_now() const;
  int begun() const;  // write transactions
  // The ids of all commits, in their order.
  std::vector<std::string> Log() const;

 private:
  friend class FakeTransaction;
  friend class FakeStore;

  void Push(std::vector<ErrorCode>& queue, ErrorCode code);
  Result<void> TakeFailure(std::vector<ErrorCode>& queue);
  Result<Appended> Add(const LogEntry& entry, Commit& commit);
  Result<void> Keep(Commit commit);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int waiting_ = 0;
  int opened_ = 0, opens_refused_ = 0, open_now_ = 0, begun_ = 0, lost_answers_ = 0;
  bool away_ = false, knows_duplicates_ = false;
  std::chrono::milliseconds slowness_{0};
  std::map<std::string, ErrorCode> refused_;
  std::set<std::string> known_;
  std::vector<ErrorCode> fail_begin_, fail_commit_;
  std::vector<Commit> commits_;
};

}  // namespace crmsink
