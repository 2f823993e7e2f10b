#include "fake_disk.h"

#include <utility>

namespace crmsink {

class FakeTransaction final : public Transaction {
 public:
  explicit FakeTransaction(FakeDisk& disk) : disk_(disk) {}

  Result<void> Commit() override { return disk_.Keep(std::move(commit_)); }

  Result<std::vector<Appended>> Append(std::span<const LogEntry> entries) override {
    for (const LogEntry& entry : entries) {
      {
        const std::lock_guard lock(disk_.mutex_);
        if (entry.event->event_id == disk_.refused_) return Fail(ErrorCode::kData, "refused by the test");
      }
      commit_.events.push_back(entry.event->event_id);
    }
    return std::vector<Appended>(entries.size(), Appended::kNew);
  }

  Result<Held> Hold(Holding, const Delivery&, std::string_view reason) override {
    commit_.held.emplace_back(reason);
    return Held::kNew;
  }

  Result<void> Count(std::span<const EventCount>) override { return {}; }
  Result<void> Count(std::span<const RefusalCount> counts) override {
    commit_.refusals.insert(commit_.refusals.end(), counts.begin(), counts.end());
    return {};
  }

  // What unmapped events have no use for.
  Result<std::vector<LoggedEvent>> LogOf(const EntityKey&) override { return NotHere(); }
  Result<std::vector<LoggedId>> LoggedIdsOf(const EntityKey&) override { return NotHere(); }
  Result<std::vector<std::int64_t>> SeqsOf(std::string_view) override { return NotHere(); }
  Result<std::vector<LoggedEvent>> LogAfter(std::int64_t, std::size_t) override { return NotHere(); }
  Result<bool> Rederive(std::int64_t, const Event&) override { return NotHere(); }
  Result<bool> AppendAt(std::int64_t, const LogEntry&) override { return NotHere(); }
  Result<std::vector<State>> Load(const Entity&, std::span<const std::string_view>,
                                  std::span<const ChildMask>) override {
    return NotHere();
  }
  Result<void> Write(const Entity&, std::span<const RowChange>) override { return NotHere(); }
  Result<std::vector<std::string>> IdsAfter(const Entity&, std::string_view, std::size_t) override { return NotHere(); }
  Result<std::vector<std::string>> StrayParents(const Entity&, std::size_t) override { return NotHere(); }
  Result<void> Remove(const Entity&, std::string_view) override { return NotHere(); }
  Result<std::vector<HeldDelivery>> HeldAfter(Holding, std::int64_t, std::size_t) override { return NotHere(); }
  Result<void> Release(Holding, std::int64_t) override { return NotHere(); }

 private:
  static tl::unexpected<Error> NotHere() { return Fail(ErrorCode::kInternal, "not in this fake"); }

  FakeDisk& disk_;
  FakeDisk::Commit commit_;
};

class FakeStore final : public Store {
 public:
  explicit FakeStore(FakeDisk& disk) : disk_(disk) {}

  Result<std::unique_ptr<Transaction>> Begin(Mode) override {
    if (auto failure = disk_.TakeFailure(disk_.fail_begin_); !failure) return tl::unexpected(failure.error());
    return std::make_unique<FakeTransaction>(disk_);
  }

 private:
  FakeDisk& disk_;
};

std::unique_ptr<Store> FakeDisk::Open() {
  const std::lock_guard lock(mutex_);
  ++opened_;
  return std::make_unique<FakeStore>(*this);
}

void FakeDisk::Hold() {
  const std::lock_guard lock(mutex_);
  held_ = true;
}

void FakeDisk::Release() {
  {
    const std::lock_guard lock(mutex_);
    held_ = false;
  }
  changed_.notify_all();
}

void FakeDisk::AwaitHeld() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ > 0; });
}

void FakeDisk::Refuse(const std::string& event_id) {
  const std::lock_guard lock(mutex_);
  refused_ = event_id;
}

std::vector<FakeDisk::Commit> FakeDisk::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

int FakeDisk::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

void FakeDisk::Push(std::vector<ErrorCode>& queue, ErrorCode code) {
  const std::lock_guard lock(mutex_);
  queue.push_back(code);
}

Result<void> FakeDisk::TakeFailure(std::vector<ErrorCode>& queue) {
  const std::lock_guard lock(mutex_);
  if (queue.empty()) return {};
  const ErrorCode code = queue.front();
  queue.erase(queue.begin());
  return Fail(code, "told so by the test");
}

Result<void> FakeDisk::Keep(Commit commit) {
  {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
  }
  if (auto failure = TakeFailure(fail_commit_); !failure) return failure;
  const std::lock_guard lock(mutex_);
  commits_.push_back(std::move(commit));
  return {};
}

}  // namespace crmsink
