#include "storage/group.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <thread>
#include <tuple>

#include "storage/table_update.h"

namespace crmsink {
namespace {

class Group {
 public:
  Group(Transaction& transaction, std::span<Submission* const> submissions, const std::string& writer)
      : transaction_(transaction), submissions_(submissions), writer_(writer) {
    outcome_.acks.resize(submissions.size());
  }

  Result<void> Run() {
    if (auto done = AppendAll(); !done) return done;
    const auto folds = UpdateTables(transaction_, fresh_);
    if (!folds) return tl::unexpected(folds.error());
    outcome_.folds += *folds;
    if (auto done = HoldAll(); !done) return done;
    if (auto done = ReleaseAll(); !done) return done;
    return CountEvents();
  }

  GroupOutcome&& TakeOutcome() { return std::move(outcome_); }

 private:
  // ---- The log

  // In one call per run of entries that need no look at what came before them.
  Result<void> AppendAll() {
    std::vector<std::size_t> run;
    for (std::size_t i = 0; i < submissions_.size(); ++i) {
      Submission& submission = *submissions_[i];
      if (!submission.event) continue;
      if (submission.event->is_timeless && submission.event->entity != nullptr) {
        if (auto done = AppendRun(run); !done) return done;
        run.clear();
        const auto is_new = NumberTimeless(submission);
        if (!is_new) return tl::unexpected(is_new.error());
      }
      run.push_back(i);
    }
    return AppendRun(run);
  }

  Result<void> AppendRun(const std::vector<std::size_t>& run) {
    if (run.empty()) return {};
    std::vector<LogEntry> entries;
    for (const std::size_t i : run) entries.push_back({&submissions_[i]->delivery, &*submissions_[i]->event});
    const auto appended = transaction_.Append(entries);
    if (!appended) return tl::unexpected(appended.error());
    for (std::size_t k = 0; k < run.size(); ++k) {
      Submission& submission = *submissions_[run[k]];
      Ack& ack = outcome_.acks[run[k]];
      ack.event_id = submission.event->event_id;
      if ((*appended)[k] == Appended::kNew) {
        ack.status = AckStatus::kStored;
        if (submission.change) fresh_.push_back(&*submission.change);
      } else if ((*appended)[k] == Appended::kDuplicate) {
        ack.status = AckStatus::kDuplicate;
      } else {
        submission.reason = "event " + ack.event_id + " came before with another body";
        submission.event.reset();
        submission.change.reset();
      }
    }
    return {};
  }

  // The same bytes without id and time are the same event, unless another event of the entity came in between: a tag
  // put on, taken off, put on again. True: the id was numbered.
  Result<bool> NumberTimeless(Submission& submission) {
    Event& event = *submission.event;
    const auto known = transaction_.LoggedIdsOf({std::string(event.entity->name), event.entity_id});
    if (!known) return tl::unexpected(known.error());
    const std::string digest = event.event_id.substr(0, 64);  // a second try may find it numbered already
    const auto is_this = [&](const LoggedId& id) {
      return id.event_id == digest || id.event_id.starts_with(digest + "-");
    };
    if (known->empty() || std::none_of(known->begin(), known->end(), is_this)) return false;
    // What this program sends again itself, because it does not know whether it was committed, came at the same time.
    const auto is_again = [&](const LoggedId& id) {
      return submission.may_be_stored && is_this(id) && id.received_at == submission.delivery.received_at;
    };
    const auto again = std::find_if(known->begin(), known->end(), is_again);
    if (again != known->end()) {
      event.event_id = again->event_id;
    } else if (is_this(known->back())) {
      event.event_id = known->back().event_id;
    } else {
      std::size_t n = 1;
      const auto is_taken = [&](const LoggedId& id) { return id.event_id == digest + "-" + std::to_string(n); };
      while (std::any_of(known->begin(), known->end(), is_taken)) ++n;
      event.event_id = digest + "-" + std::to_string(n);
    }
    if (submission.change) submission.change->order.event_id = event.event_id;
    return true;
  }

  // ---- Beside the log

  Result<void> HoldAll() {
    for (std::size_t i = 0; i < submissions_.size(); ++i) {
      const Submission& submission = *submissions_[i];
      if (submission.event) continue;
      const auto held = transaction_.Hold(submission.holding, submission.delivery, submission.reason);
      if (!held) return tl::unexpected(held.error());
      const bool quarantined = submission.holding == Holding::kQuarantine;
      outcome_.acks[i] = {*held == Held::kFull ? AckStatus::kBusy
                          : quarantined        ? AckStatus::kQuarantined
                                               : AckStatus::kHeld,
                          ""};
    }
    return {};
  }

  Result<void> ReleaseAll() {
    for (std::size_t i = 0; i < submissions_.size(); ++i) {
      const auto& origin = submissions_[i]->origin;
      if (!origin) continue;
      const AckStatus status = outcome_.acks[i].status;
      const bool leaves = status == AckStatus::kStored || status == AckStatus::kDuplicate ||
                          (status == AckStatus::kQuarantined && origin->where != Holding::kQuarantine);
      if (!leaves) continue;
      if (auto done = transaction_.Release(origin->where, origin->id); !done) return done;
    }
    return {};
  }

  Result<void> CountEvents() {
    std::map<std::tuple<Day, std::string_view, std::string_view, std::string_view>, EventCount> counts;
    for (std::size_t i = 0; i < submissions_.size(); ++i) {
      if (outcome_.acks[i].status != AckStatus::kStored) continue;
      const Delivery& delivery = submissions_[i]->delivery;
      const Event& event = *submissions_[i]->event;
      const Day day = DayOf(delivery.received_at);
      const std::string_view location = event.location_id ? std::string_view(*event.location_id) : "";
      EventCount& count = counts[{day, delivery.source, location, event.type}];
      if (count.events++ == 0) {
        count.day = day;
        count.source = delivery.source;
        count.location_id = location;
        count.type = event.type;
        count.writer = writer_;
      }
      count.last_received_at = std::max(count.last_received_at, delivery.received_at);
    }
    std::vector<EventCount> list;
    for (auto& [key, count] : counts) list.push_back(std::move(count));
    return transaction_.Count(list);
  }

  Transaction& transaction_;
  std::span<Submission* const> submissions_;
  const std::string& writer_;
  GroupOutcome outcome_;
  std::vector<const Change*> fresh_;  // of events that were not there before
};

// How often a group is run again because another writer was faster, each after a pause that grows and is never the
// same for two.
constexpr int kTries = 10;
constexpr std::chrono::microseconds kFirstPause{500};

Result<GroupOutcome> TryGroup(Store& store, std::span<Submission* const> group, const std::string& writer,
                              std::span<const RefusalCount> refusals) {
  auto transaction = store.Begin(Store::Mode::kWrite);
  if (!transaction) return tl::unexpected(transaction.error());
  Group run(**transaction, group, writer);
  if (auto done = run.Run(); !done) return tl::unexpected(done.error());
  if (!refusals.empty()) {
    if (auto done = (*transaction)->Count(refusals); !done) return tl::unexpected(done.error());
  }
  if (auto done = (*transaction)->Commit(); !done) return tl::unexpected(done.error());
  return run.TakeOutcome();
}

}  // namespace

Result<GroupOutcome> CommitGroup(Store& store, std::span<Submission* const> group, const std::string& writer,
                                 std::span<const RefusalCount> refusals) {
  std::minstd_rand dice;
  for (int i = 1;; ++i) {
    auto outcome = TryGroup(store, group, writer, refusals);
    if (outcome) return outcome;
    if (outcome.error().code == ErrorCode::kUnknown) {
      for (Submission* submission : group) submission->may_be_stored = true;
    }
    if (outcome.error().code != ErrorCode::kConflict) return outcome;
    if (i == kTries) return Fail(ErrorCode::kUnavailable, outcome.error().message);
    if (i == 1) dice.seed(std::random_device()());
    const auto most = static_cast<unsigned>(kFirstPause.count()) << i;
    std::this_thread::sleep_for(std::chrono::microseconds(dice() % most));
  }
}

}  // namespace crmsink
