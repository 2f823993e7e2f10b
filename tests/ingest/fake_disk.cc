#include "fake_disk.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace crmsink {

class FakeTransaction final : public Transaction {
 public:
  explicit FakeTransaction(FakeDisk& disk) : disk_(disk) {}

  Result<void> Commit() override { return disk_.Keep(std::move(commit_)); }

  Result<std::vector<Appended>> Append(std::span<const LogEntry> entries) override {
    std::vector<Appended> appended;
    for (const LogEntry& entry : entries) {
      const auto one = disk_.Add(entry, commit_);
      if (!one) return tl::unexpected(one.error());
      appended.push_back(*one);
    }
    return appended;
  }

  Result<Held> Hold(Holding, const Delivery&, std::string_view reason) override {
    commit_.held.emplace_back(reason);
    return Held::kNew;
  }

  Result<void> Count(std::span<const EventCount> counts) override {
    for (const EventCount& count : counts) commit_.writers.insert(count.writer);
    return {};
  }
  Result<void> Count(std::span<const RefusalCount> counts) override {
    commit_.refusals.insert(commit_.refusals.end(), counts.begin(), counts.end());
    return {};
  }

  Result<std::vector<std::vector<State>>> LoadAll(std::span<const LoadRequest> requests) override {
    std::vector<std::vector<State>> loaded;
    for (const LoadRequest& request : requests) loaded.emplace_back(request.ids.size(), Empty(*request.entity));
    return loaded;
  }
  Result<void> Write(const Entity&, std::span<const RowChange>) override { return {}; }

  // What nobody asks of it.
  Result<std::vector<std::vector<LoggedEvent>>> LogOf(std::span<const EntityKey>) override { return NotHere(); }
  Result<std::vector<LoggedId>> LoggedIdsOf(const EntityKey&) override { return NotHere(); }
  Result<std::vector<std::int64_t>> SeqsOf(std::string_view) override { return NotHere(); }
  Result<std::vector<std::int64_t>> CountOf(std::span<const EntityKey>) override { return NotHere(); }
  Result<std::vector<LoggedEvent>> LogAfter(std::int64_t, std::size_t) override { return NotHere(); }
  Result<std::vector<LoggedKey>> KeysAfter(std::int64_t, std::size_t) override { return NotHere(); }
  Result<std::size_t> Rederive(std::span<const PlacedEvent>) override { return NotHere(); }
  Result<std::vector<bool>> AppendAt(std::span<const PlacedEvent>) override { return NotHere(); }
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
  ~FakeStore() override {
    const std::lock_guard lock(disk_.mutex_);
    --disk_.open_now_;
  }

  Result<std::unique_ptr<Transaction>> Begin(Mode) override {
    if (auto failure = disk_.TakeFailure(disk_.fail_begin_); !failure) return tl::unexpected(failure.error());
    const std::lock_guard lock(disk_.mutex_);
    ++disk_.begun_;
    return std::make_unique<FakeTransaction>(disk_);
  }

 private:
  FakeDisk& disk_;
};

std::unique_ptr<Store> FakeDisk::Open() {
  const std::lock_guard lock(mutex_);
  ++opened_;
  ++open_now_;
  return std::make_unique<FakeStore>(*this);
}

Result<std::unique_ptr<Store>> FakeDisk::TryOpen() {
  std::vector<ErrorCode> none;
  if (auto failure = TakeFailure(none); !failure) {
    const std::lock_guard lock(mutex_);
    ++opens_refused_;
    return tl::unexpected(failure.error());
  }
  return Open();
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

void FakeDisk::LoseAnswers(int commits) {
  const std::lock_guard lock(mutex_);
  lost_answers_ = commits;
}

void FakeDisk::Refuse(const std::string& event_id, ErrorCode code) {
  const std::lock_guard lock(mutex_);
  refused_[event_id] = code;
}

void FakeDisk::RefuseNothing() {
  const std::lock_guard lock(mutex_);
  refused_.clear();
}

void FakeDisk::GoAway() {
  const std::lock_guard lock(mutex_);
  away_ = true;
}

void FakeDisk::ComeBack() {
  const std::lock_guard lock(mutex_);
  away_ = false;
}

void FakeDisk::KnowDuplicates() {
  const std::lock_guard lock(mutex_);
  knows_duplicates_ = true;
}

void FakeDisk::Slow(std::chrono::milliseconds duration) {
  const std::lock_guard lock(mutex_);
  slowness_ = duration;
}

std::vector<FakeDisk::Commit> FakeDisk::commits() const {
  const std::lock_guard lock(mutex_);
  return commits_;
}

int FakeDisk::opens_refused() const {
  const std::lock_guard lock(mutex_);
  return opens_refused_;
}

int FakeDisk::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

int FakeDisk::open_now() const {
  const std::lock_guard lock(mutex_);
  return open_now_;
}

int FakeDisk::begun() const {
  const std::lock_guard lock(mutex_);
  return begun_;
}

std::vector<std::string> FakeDisk::Log() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> log;
  for (const Commit& commit : commits_) log.insert(log.end(), commit.events.begin(), commit.events.end());
  return log;
}

void FakeDisk::Push(std::vector<ErrorCode>& queue, ErrorCode code) {
  const std::lock_guard lock(mutex_);
  queue.push_back(code);
}

Result<void> FakeDisk::TakeFailure(std::vector<ErrorCode>& queue) {
  const std::lock_guard lock(mutex_);
  if (away_) return Fail(ErrorCode::kUnavailable, "it is away");
  if (queue.empty()) return {};
  const ErrorCode code = queue.front();
  queue.erase(queue.begin());
  return Fail(code, "told so by the test");
}

Result<Appended> FakeDisk::Add(const LogEntry& entry, Commit& commit) {
  const std::lock_guard lock(mutex_);
  const std::string& id = entry.event->event_id;
  if (const auto refused = refused_.find(id); refused != refused_.end()) {
    return Fail(refused->second, "refused by the test");
  }
  if (knows_duplicates_ && (known_.contains(id) || std::ranges::find(commit.events, id) != commit.events.end())) {
    return Appended::kDuplicate;
  }
  commit.events.push_back(id);
  commit.received_at.push_back(entry.delivery->received_at);
  return Appended::kNew;
}

Result<void> FakeDisk::Keep(Commit commit) {
  std::chrono::milliseconds slowness;
  {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return !held_; });
    --waiting_;
    slowness = slowness_;
  }
  if (slowness.count() > 0) std::this_thread::sleep_for(slowness);
  if (auto failure = TakeFailure(fail_commit_); !failure) return failure;
  const std::lock_guard lock(mutex_);
  // As a unique index would: whoever added it meanwhile was faster.
  const auto is_known = [this](const std::string& id) { return known_.contains(id); };
  if (knows_duplicates_ && std::ranges::any_of(commit.events, is_known)) {
    return Fail(ErrorCode::kConflict, "it is there by now");
  }
  known_.insert(commit.events.begin(), commit.events.end());
  const bool is_lost = lost_answers_ > 0 && !commit.events.empty();
  commits_.push_back(std::move(commit));
  if (is_lost && lost_answers_-- > 0) return Fail(ErrorCode::kUnknown, "the answer is lost");
  return {};
}

}  // namespace crmsink
