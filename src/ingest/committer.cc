#include "ingest/committer.h"

#include <chrono>
#include <iterator>
#include <new>
#include <thread>
#include <utility>

namespace crmsink {
namespace {

// A group is what waits, but not without end: what it holds in memory and how long it keeps others waiting.
constexpr std::size_t kMaxGroup = 512;
constexpr std::size_t kMaxGroupBytes = std::size_t{16} << 20;

constexpr std::size_t kMaxTypes = 1000;
constexpr auto kRefusalDelay = std::chrono::seconds(5);
// Until the next try where there was no memory for one.
constexpr auto kMemoryDelay = std::chrono::milliseconds(10);

// What is not known to be authentic, and what is kept elsewhere already, has no place in a spool.
bool MayBeSpooled(const Submission& submission) {
  return submission.holding == Holding::kQuarantine && !submission.origin;
}

// The id of a timeless event is decided by the store.
std::string KnownId(const Submission& submission) {
  return submission.event && !submission.event->is_timeless ? submission.event->event_id : std::string();
}

}  // namespace

Committer::Committer(Options options, std::unique_ptr<Store> store)
    : options_(std::move(options)),
      writer_(options_.writing, std::move(store)),
      refusals_(options_.writing.writer),
      thread_([this] { Run(); }) {}

Committer::~Committer() { Stop(); }

bool Committer::Submit(std::unique_ptr<Submission> submission, Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return false;
    Item& item = queue_.emplace_back();  // first: it may find no memory
    if (!options_.budget->Take(submission->delivery.body.size())) {
      queue_.pop_back();
      return false;
    }
    item = {std::move(submission), std::move(done)};
    if (queue_.size() > 1) return true;  // the writer has been woken for the first
  }
  wake_.notify_one();
  return true;
}

void Committer::CountRefusal(std::string_view kind, std::string_view detail) {
  const Millis now = options_.clock();
  const std::lock_guard lock(mutex_);
  const bool is_first = refusals_.empty();
  refusals_.Count(kind, detail, now);
  if (is_first) wake_.notify_one();
}

void Committer::Refuse() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
}

void Committer::Stop() {
  Refuse();
  if (thread_.joinable()) thread_.join();
  writer_.Close();
}

void Committer::Run() {
  std::vector<Item> group;
  std::vector<RefusalCount> refusals;
  while (true) {
    try {
      if (!TakeGroup(group, refusals)) return;
      if (options_.on_begin) options_.on_begin();
      Process(group, refusals);
    } catch (const std::bad_alloc&) {
      AskForAll(group);
      std::this_thread::sleep_for(kMemoryDelay);
    }
    group.clear();
    refusals.clear();
  }
}

// Whoever has no answer yet is to send again; what was committed is a duplicate then.
void Committer::AskForAll(std::span<Item> group) {
  {
    const std::lock_guard lock(current_mutex_);
    current_ = {};
  }
  for (Item& item : group) {
    if (item.done) std::exchange(item.done, nullptr)({});
  }
}

// Waits for work. Refusals alone may wait a little, so that a flood of them is not a flood of commits.
bool Committer::TakeGroup(std::vector<Item>& group, std::vector<RefusalCount>& refusals) {
  std::unique_lock lock(mutex_);
  committing_since_.reset();
  const auto has_work = [&] { return !queue_.empty() || stopped_; };
  wake_.wait(lock, [&] { return has_work() || !refusals_.empty(); });
  if (!has_work()) wake_.wait_for(lock, kRefusalDelay, has_work);
  if (queue_.empty() && refusals_.empty()) return false;
  group = TakeFront();
  refusals = refusals_.Take();
  committing_since_ = std::chrono::steady_clock::now();
  return true;
}

// The next group. REQUIRES: the lock.
std::vector<Committer::Item> Committer::TakeFront() {
  std::size_t n = 0, bytes = 0;
  for (; n < queue_.size() && n < kMaxGroup && (n == 0 || bytes < kMaxGroupBytes); ++n) {
    bytes += queue_[n].submission->delivery.body.size();
  }
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(n);
  std::vector<Item> group(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  options_.budget->GiveBack({.deliveries = n, .bytes = bytes});
  return group;
}

// REQUIRES: the lock.
bool Committer::TakesTooLong(std::chrono::milliseconds patience) const {
  return committing_since_ && std::chrono::steady_clock::now() - *committing_since_ >= patience;
}

bool Committer::is_committing() {
  const std::lock_guard lock(mutex_);
  return committing_since_.has_value();
}

void Committer::Relieve(std::chrono::milliseconds patience) {
  const Error reason{ErrorCode::kUnavailable, "a commit takes too long"};
  while (true) {
    std::vector<Item> group;
    {
      const std::lock_guard lock(mutex_);
      if (!TakesTooLong(patience)) return;
      group = TakeFront();
    }
    if (group.empty()) break;
    PutAside(group, reason);
  }
  const std::lock_guard current_lock(current_mutex_);
  {
    const std::lock_guard lock(mutex_);
    if (!TakesTooLong(patience)) return;  // it is another one
  }
  if (!PutIntoSpool(current_, reason)) return;
  for (Item& item : current_) {
    if (item.done && MayBeSpooled(*item.submission)) {
      std::exchange(item.done, nullptr)({AckStatus::kSpooled, item.event_id});
    }
  }
}

void Committer::Process(std::span<Item> group, std::span<const RefusalCount> refusals) {
  if (options_.fallback.spool != nullptr && options_.fallback.outage->away()) {
    ReturnRefusals(refusals);
    return PutAside(group, {ErrorCode::kUnavailable, "the database is away"});
  }
  auto written = Write(group, refusals);
  if (!written.has_refusals) ReturnRefusals(refusals);
  if (!written.failure) SetHealthy({});
  std::size_t kept = 0;
  for (; kept < group.size() && written.acks[kept]; ++kept) {
    Note(*group[kept].submission, *written.acks[kept]);
    if (group[kept].done) std::exchange(group[kept].done, nullptr)(std::move(*written.acks[kept]));
  }
  if (!written.failure) return;
  // What the database refuses even as bytes is no sign that it is away.
  const bool is_away = written.failure->code != ErrorCode::kData;
  if (options_.fallback.spool != nullptr && is_away) options_.fallback.outage->Begin(*written.failure);
  PutAside(group.subspan(kept), *written.failure);
}

// Meanwhile Relieve may answer for some of them.
GroupWriter::Written Committer::Write(std::span<Item> group, std::span<const RefusalCount> refusals) {
  std::vector<Submission*> submissions;
  submissions.reserve(group.size());
  for (Item& item : group) {
    submissions.push_back(item.submission.get());
    if (options_.fallback.spool != nullptr) item.event_id = KnownId(*item.submission);
  }
  const auto show = [this](std::span<Item> current) {
    const std::lock_guard lock(current_mutex_);
    current_ = current;
  };
  show(group);
  auto written = writer_.Write(submissions, refusals);
  show({});
  return written;
}

// What could not be written goes with the next commit.
void Committer::ReturnRefusals(std::span<const RefusalCount> refusals) {
  const std::lock_guard lock(mutex_);
  if (!stopped_) refusals_.Return(refusals);
}

void Committer::PutAside(std::span<Item> group, const Error& reason) {
  const Result<void> spooled = PutIntoSpool(group, reason);
  for (Item& item : group) {
    if (!item.done) continue;
    const Submission& submission = *item.submission;
    Ack ack = spooled && MayBeSpooled(submission) ? Ack{AckStatus::kSpooled, KnownId(submission)} : Ack{};
    std::exchange(item.done, nullptr)(std::move(ack));
  }
}

Result<void> Committer::PutIntoSpool(std::span<const Item> group, const Error& reason) {
  const auto [spool, outage] = options_.fallback;
  std::vector<const Delivery*> deliveries;
  for (const Item& item : group) {
    if (item.done && MayBeSpooled(*item.submission)) deliveries.push_back(&item.submission->delivery);
  }
  if (spool != nullptr && deliveries.empty()) return {};
  Result<void> done = spool == nullptr ? tl::unexpected(reason) : spool->Put(deliveries);
  SetHealthy(done);
  if (!done) return done;
  if (options_.on_spooled) options_.on_spooled();
  outage->Ring();
  return {};
}

void Committer::SetHealthy(const Result<void>& kept) {
  const bool was_healthy = healthy_.exchange(kept.has_value());
  if (was_healthy && !kept && options_.on_failure) options_.on_failure(kept.error());
}

void Committer::Note(const Submission& submission, const Ack& ack) {
  if (ack.status != AckStatus::kStored || !options_.on_first_event) return;
  if (seen_types_.size() >= kMaxTypes || !seen_types_.insert(submission.event->type).second) return;
  options_.on_first_event(submission.event->type, submission.delivery.path);
}

}  // namespace crmsink
