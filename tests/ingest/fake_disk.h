#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/store.h"

namespace crmsink {

// A database in memory that takes unmapped events and does as a test tells it. Thread-safe; outlives its stores.
class FakeDisk {
 public:
  struct Commit {
    std::vector<std::string> events;  // ids
    std::vector<std::string> held;    // reasons
    std::vector<RefusalCount> refusals;
  };

  // A new store on it.
  std::unique_ptr<Store> Open();

  // From now on commits wait; and those that wait go on.
  void Hold();
  void Release();
  // Waits until a commit waits.
  void AwaitHeld();

  // How the next calls end; each is used up by one call.
  void FailBegin(ErrorCode code) { Push(fail_begin_, code); }
  void FailCommit(ErrorCode code) { Push(fail_commit_, code); }
  // Whoever appends the event of this id is refused with kData.
  void Refuse(const std::string& event_id);

  std::vector<Commit> commits() const;
  int opened() const;

 private:
  friend class FakeTransaction;
  friend class FakeStore;

  void Push(std::vector<ErrorCode>& queue, ErrorCode code);
  Result<void> TakeFailure(std::vector<ErrorCode>& queue);
  Result<void> Keep(Commit commit);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  int waiting_ = 0;
  int opened_ = 0;
  std::string refused_;
  std::vector<ErrorCode> fail_begin_, fail_commit_;
  std::vector<Commit> commits_;
};

}  // namespace crmsink
