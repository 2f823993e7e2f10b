#include "ingest/intake.h"

#include <algorithm>
#include <utility>

namespace crmsink {
Intake::Intake(Options options, Result<std::unique_ptr<Store>> store)
    : budget_(std::make_shared<Budget>(options.queue)), spool_(std::move(options.spool)), outage_(options.on_away) {
  if (!store) outage_.Begin(store.error());
  if (spool_ != nullptr) {
    drainer_ = std::make_unique<Drainer>(Drainer::Options{.writing = WritingOptions(options, "/spool"),
                                                          .first_pause = options.first_pause,
                                                          .longest_pause = options.longest_pause,
                                                          .on_back = options.on_back,
                                                          .after_outage = options.after_outage,
                                                          .on_drained = options.on_drained,
                                                          .on_stuck = options.on_stuck,
                                                          .on_deleting = options.on_deleting},
                                         *spool_, outage_);
  }
  for (std::size_t i = 0; i < options.writers; ++i) {
    auto first = i == 0 && store ? *std::move(store) : nullptr;
    committers_.push_back(std::make_unique<Committer>(CommitterOptions(options, i + 1), std::move(first)));
  }
  if (spool_ != nullptr) watch_ = std::thread([this, patience = options.patience] { Watch(patience); });
}

Intake::~Intake() { Stop(); }

GroupWriter::Options Intake::WritingOptions(const Options& options, const std::string& suffix) {
  return {.open = options.open,
          .writer = options.writer + suffix,
          .keeps_failed = options.keeps_failed,
          .metrics = &metrics_,
          .on_commit = options.on_commit};
}

Committer::Options Intake::CommitterOptions(const Options& options, std::size_t number) {
  Committer::Options set{.writing = WritingOptions(options, number == 1 ? "" : "/" + std::to_string(number)),
                         .budget = budget_,
                         .clock = options.clock,
                         .fallback = {.spool = spool_.get(), .outage = &outage_},
                         .on_failure = options.on_failure,
                         .on_spooled = options.on_spooled};
  if (spool_ != nullptr) set.on_begin = [this] { WakeWatch(); };
  if (options.on_first_event) {
    set.on_first_event = [this, tell = options.on_first_event](std::string_view type, std::string_view path) {
      const std::lock_guard lock(seen_mutex_);
      if (seen_types_.emplace(type).second) tell(type, path);
    };
  }
  return set;
}

// Awake only while something is being committed: a server without traffic sleeps.
void Intake::Watch(std::chrono::milliseconds patience) {
  const auto commits = [](const auto& committer) { return committer->is_committing(); };
  std::unique_lock lock(watch_mutex_);
  while (!watch_stopped_) {
    watch_rests_ = true;  // before the look: a commit that begins after it finds this
    if (std::ranges::none_of(committers_, commits)) {
      watch_wake_.wait(lock, [this] { return watch_stopped_ || !watch_rests_; });
    }
    watch_rests_ = false;
    if (watch_wake_.wait_for(lock, patience / 8, [this] { return watch_stopped_; })) return;
    for (const auto& committer : committers_) {
      if (spool_->has_room()) committer->Relieve(patience);
    }
  }
}

void Intake::WakeWatch() {
  if (!watch_rests_) return;
  {
    const std::lock_guard lock(watch_mutex_);
    watch_rests_ = false;
  }
  watch_wake_.notify_one();
}

Committer& Intake::WriterOf(const Submission& submission) {
  if (committers_.size() == 1 || !submission.event) return *committers_.front();
  const Event& event = *submission.event;
  const std::hash<std::string_view> hash;
  const std::size_t number =
      event.entity == nullptr ? hash(event.event_id) : hash(event.entity->name) * 31 + hash(event.entity_id);
  return *committers_[number % committers_.size()];
}

bool Intake::Submit(std::unique_ptr<Submission> submission, Committer::Done done) {
  Committer& writer = WriterOf(*submission);
  return writer.Submit(std::move(submission), std::move(done));
}

void Intake::CountRefusal(std::string_view kind, std::string_view detail) {
  committers_.front()->CountRefusal(kind, detail);
}

bool Intake::Ready() const {
  if (spool_ != nullptr) return !away() || spool_->has_room();
  return std::ranges::any_of(committers_, [](const auto& committer) { return committer->healthy(); });
}

Intake::Counters Intake::counters() const {
  Counters now{.commits = {},
               .commit_micros = metrics_.commit_micros.snapshot(),
               .group_deliveries = metrics_.group_deliveries.snapshot(),
               .queue = budget_->taken(),
               .spool = {},
               .away = away()};
  const auto add = [&now](const GroupWriter::Counters& more) {
    now.commits.commits += more.commits;
    now.commits.failures += more.failures;
    now.commits.folds += more.folds;
  };
  for (const auto& committer : committers_) add(committer->counters());
  if (drainer_ == nullptr) return now;
  add(drainer_->counters());
  now.drained = drainer_->drained();
  now.spool = spool_->size();
  return now;
}

// What is queued while the database is away is spooled by its committer; so the drainer and the spool end after them.
void Intake::Stop() {
  for (const auto& committer : committers_) committer->Refuse();
  for (const auto& committer : committers_) committer->Stop();
  {
    const std::lock_guard lock(watch_mutex_);
    watch_stopped_ = true;
  }
  watch_wake_.notify_one();
  if (watch_.joinable()) watch_.join();
  if (drainer_ == nullptr) return;
  drainer_->Stop();
  spool_->Close();
}

}  // namespace crmsink
