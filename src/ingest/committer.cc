#include "ingest/committer.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace crmsink {
namespace {

// A group is what waits, but not without end: what it holds in memory and how long it keeps others waiting.
constexpr std::size_t kMaxGroup = 512;
constexpr std::size_t kMaxGroupBytes = std::size_t{16} << 20;

constexpr std::size_t kMaxRefusals = 1000;
constexpr std::size_t kMaxDetailBytes = 200;
constexpr auto kRefusalDelay = std::chrono::seconds(5);

}  // namespace

Committer::Committer(Options options, std::unique_ptr<Store> store)
    : options_(std::move(options)), store_(std::move(store)), thread_([this] { Run(); }) {}

Committer::~Committer() { Stop(); }

bool Committer::Submit(std::unique_ptr<Submission> submission, Done done) {
  const std::size_t bytes = submission->delivery.body.size();
  {
    const std::lock_guard lock(mutex_);
    if (stopped_ || queue_.size() >= options_.max_deliveries || queue_bytes_ + bytes > options_.max_bytes) return false;
    queue_bytes_ += bytes;
    queue_.push_back({std::move(submission), std::move(done)});
    if (queue_.size() > 1) return true;  // the writer has been woken for the first
  }
  wake_.notify_one();
  return true;
}

void Committer::CountRefusal(std::string_view kind, std::string_view detail) {
  const Millis now = options_.clock();
  const std::lock_guard lock(mutex_);
  if (DayOf(now) != refusal_day_) {
    refusal_day_ = DayOf(now);
    refusal_details_.clear();
  }
  std::pair<std::string, std::string> key(kind, detail.substr(0, kMaxDetailBytes));
  if (refusal_details_.size() < kMaxRefusals) refusal_details_.insert(key);
  if (!refusal_details_.contains(key)) key.second = "other";
  const bool is_first = refusals_.empty();
  RefusalCount& count = refusals_[key];
  if (count.requests++ == 0) {
    count.day = DayOf(now);
    count.kind = key.first;
    count.detail = key.second;
    count.writer = options_.writer;
  }
  count.last_received_at = now;
  if (is_first) wake_.notify_one();
}

void Committer::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  store_.reset();
  failed_.reset();
}

Committer::Counters Committer::counters() const {
  Counters counters{.commits = commits_, .failures = failures_, .folds = folds_};
  const std::lock_guard lock(mutex_);
  counters.deliveries = queue_.size();
  counters.bytes = queue_bytes_;
  return counters;
}

void Committer::Run() {
  std::vector<Item> group;
  std::vector<RefusalCount> refusals;
  while (TakeGroup(group, refusals)) {
    Process(group, refusals);
    group.clear();
    refusals.clear();
  }
}

// Waits for work. Refusals alone may wait a little, so that a flood of them is not a flood of commits.
bool Committer::TakeGroup(std::vector<Item>& group, std::vector<RefusalCount>& refusals) {
  std::unique_lock lock(mutex_);
  const auto has_work = [&] { return !queue_.empty() || stopped_; };
  wake_.wait(lock, [&] { return has_work() || !refusals_.empty(); });
  if (!has_work()) wake_.wait_for(lock, kRefusalDelay, has_work);
  if (queue_.empty() && refusals_.empty()) return false;
  std::size_t n = 0;
  for (std::size_t bytes = 0; n < queue_.size() && n < kMaxGroup && (n == 0 || bytes < kMaxGroupBytes); ++n) {
    bytes += queue_[n].submission->delivery.body.size();
    queue_bytes_ -= queue_[n].submission->delivery.body.size();
  }
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(n);
  group.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  for (auto& [key, count] : refusals_) refusals.push_back(std::move(count));
  refusals_.clear();
  return true;
}

void Committer::Process(std::vector<Item>& group, std::vector<RefusalCount>& refusals) {
  std::vector<Submission*> submissions;
  submissions.reserve(group.size());
  for (const Item& item : group) submissions.push_back(item.submission.get());
  const auto outcome = Commit(submissions, refusals);
  if (!outcome) KeepRefusals(refusals);
  if (!outcome && outcome.error().code == ErrorCode::kData && !group.empty()) return CommitOneByOne(group);
  if (!outcome) Fail(outcome.error());
  for (std::size_t i = 0; i < group.size(); ++i) {
    const Ack ack = outcome ? outcome->acks[i] : Ack{};
    Note(*group[i].submission, ack);
    group[i].done(ack);
  }
}

// What a commit could not write goes with the next one.
void Committer::KeepRefusals(const std::vector<RefusalCount>& refusals) {
  const std::lock_guard lock(mutex_);
  if (stopped_) return;
  for (const RefusalCount& kept : refusals) {
    std::pair<std::string, std::string> key(kept.kind, kept.detail);
    if (refusals_.size() >= kMaxRefusals && !refusals_.contains(key)) key.second = "other";
    RefusalCount& count = refusals_[key];
    const RefusalCount counted_since = count;
    count = kept;
    count.detail = key.second;
    count.requests += counted_since.requests;
    count.last_received_at = std::max(count.last_received_at, counted_since.last_received_at);
  }
}

Result<GroupOutcome> Committer::Commit(std::span<Submission* const> group, std::span<const RefusalCount> refusals) {
  try {
    if (store_ == nullptr) {
      auto opened = options_.open();
      if (!opened) return tl::unexpected(opened.error());
      store_ = *std::move(opened);
      failed_.reset();
    }
    auto outcome = CommitGroup(*store_, group, options_.writer, refusals);
    if (!outcome) return outcome;
    ++commits_;
    folds_ += outcome->folds;
    healthy_ = true;
    return outcome;
  } catch (const std::exception& e) {
    return tl::unexpected(Error{ErrorCode::kInternal, std::string("committing a group: ") + e.what()});
  }
}

void Committer::CommitOneByOne(std::vector<Item>& group) {
  for (Item& item : group) {
    const Ack ack = CommitAlone(*item.submission);
    Note(*item.submission, ack);
    item.done(ack);
  }
}

Ack Committer::CommitAlone(Submission& submission) {
  Submission* const one[] = {&submission};
  auto outcome = Commit(one, {});
  if (!outcome && outcome.error().code == ErrorCode::kData && submission.event) {
    submission.event.reset();
    submission.change.reset();
    submission.reason = "the database refused it: " + outcome.error().message;
    outcome = Commit(one, {});
  }
  if (outcome) return outcome->acks[0];
  Fail(outcome.error());
  return {};
}

void Committer::Fail(const Error& error) {
  ++failures_;
  // Closing it would try its failed syncs again; while it is open, nobody takes what it left unsynced for safe.
  if (store_ != nullptr) failed_ = std::move(store_);
  if (healthy_.exchange(false) && options_.on_failure) options_.on_failure(error);
}

void Committer::Note(const Submission& submission, const Ack& ack) {
  if (ack.status != AckStatus::kStored || !options_.on_first_event) return;
  if (seen_types_.size() >= kMaxRefusals || !seen_types_.insert(submission.event->type).second) return;
  options_.on_first_event(submission.event->type, submission.delivery.path);
}

}  // namespace crmsink
