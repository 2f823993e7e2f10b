#include "storage/group.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <thread>
#include <tuple>

#include "projection/plan.h"
#include "projection/project.h"

namespace crmsink {
namespace {

// The changes of one entity in a group.
struct Work {
  const Entity* entity;
  std::string_view id;
  std::vector<const Change*> changes;
  State before, after;
};

// The work on one table, by id.
struct TableWork {
  const Entity* entity;
  std::vector<Work*> work;
  std::vector<std::string_view> ids;
  std::vector<ChildMask> masks;  // the lists that a change replaces

  void Add(Work& one, bool whole = false) {
    work.push_back(&one);
    ids.push_back(one.id);
    auto& mask = masks.emplace_back(entity->children.size(), whole);
    for (const Change* change : one.changes) {
      for (const Change::ListSet& list : change->lists) mask[list.child] = true;
    }
  }
};

class Group {
 public:
  Group(Transaction& transaction, std::span<Submission* const> submissions, const std::string& writer)
      : transaction_(transaction), submissions_(submissions), writer_(writer) {
    outcome_.acks.resize(submissions.size());
  }

  Result<void> Run() {
    if (auto done = AppendAll(); !done) return done;
    if (auto done = UpdateTables(); !done) return done;
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

  // ---- The tables

  Result<void> UpdateTables() {
    std::map<std::tuple<std::string_view, std::string_view>, Work> work;  // sorted: neighbours share pages
    for (const Change* change : fresh_) {
      auto& one = work[{change->entity->table, change->entity_id}];
      one.entity = change->entity;
      one.id = change->entity_id;
      one.changes.push_back(change);
    }
    std::vector<TableWork> tables;
    for (auto& [key, one] : work) {
      if (tables.empty() || tables.back().entity != one.entity) tables.push_back({one.entity, {}, {}, {}});
      tables.back().Add(one);
    }
    if (auto done = Load(tables); !done) return done;
    std::vector<TableWork> late;
    for (const TableWork& table : tables) {
      for (Work* one : table.work) {
        if (Advance(*one)) continue;
        if (late.empty() || late.back().entity != one->entity) late.push_back({one->entity, {}, {}, {}});
        late.back().Add(*one, true);
      }
    }
    if (auto done = FoldLate(late); !done) return done;
    for (const TableWork& table : tables) {
      std::vector<RowChange> changes;
      for (const Work* one : table.work) changes.push_back({&one->before, &one->after});
      if (auto done = transaction_.Write(*table.entity, changes); !done) return done;
    }
    return {};
  }

  // Loading locks the rows, so only then is it known that no other writer's event is missing from the log.
  Result<void> Load(const std::vector<TableWork>& tables) {
    std::vector<LoadRequest> requests;
    for (const TableWork& table : tables) requests.push_back({table.entity, table.ids, table.masks});
    if (requests.empty()) return {};
    auto loaded = transaction_.LoadAll(requests);
    if (!loaded) return tl::unexpected(loaded.error());
    for (std::size_t t = 0; t < tables.size(); ++t) {
      for (std::size_t i = 0; i < tables[t].work.size(); ++i) {
        tables[t].work[i]->before = std::move((*loaded)[t][i]);
      }
    }
    return {};
  }

  // Those that the log alone can tell, with all that is in their tables.
  Result<void> FoldLate(const std::vector<TableWork>& tables) {
    if (auto done = Load(tables); !done) return done;
    for (const TableWork& table : tables) {
      std::vector<EntityKey> keys;
      for (const std::string_view id : table.ids) keys.push_back({std::string(table.entity->name), std::string(id)});
      auto states = FoldFromLog(transaction_, *table.entity, keys);
      if (!states) return tl::unexpected(states.error());
      for (std::size_t i = 0; i < keys.size(); ++i) table.work[i]->after = std::move((*states)[i]);
      outcome_.folds += keys.size();
    }
    return {};
  }

  // From the state before to the state after the group's events. False: they do not say it, it is to be folded.
  static bool Advance(Work& work) {
    std::sort(work.changes.begin(), work.changes.end(),
              [](const Change* a, const Change* b) { return a->order < b->order; });
    if (IsInOrder(work)) {
      work.after = CopyToChange(*work.entity, work.before);
      for (const Change* change : work.changes) Apply(work.after, *change);
      // The child rows of a deleted row are in no table: who comes back gets them from the log.
      return !work.before.deleted_at || work.after.deleted_at;
    }
    return false;
  }

  // A copy, without the child rows that the changes replace as a whole: only those are loaded.
  static State CopyToChange(const Entity& entity, const State& before) {
    const Plan& plan = PlanOf(entity);
    State after{.exists = before.exists,
                .row = before.row,
                .deleted_at = before.deleted_at,
                .extra = before.extra,
                .last_event_at = before.last_event_at,
                .last_event_id = before.last_event_id,
                .first_received_at = before.first_received_at,
                .last_received_at = before.last_received_at,
                .children = {}};
    for (std::size_t i = 0; i < before.children.size(); ++i) {
      const bool in_parts = plan.source_columns[i] != kNone;
      after.children.push_back(in_parts || !before.exists || !before.children[i] ? before.children[i]
                                                                                 : std::vector<Row>());
    }
    return after;
  }

  // Are all new events later than everything that is there? Facts keep no time of their latest event.
  static bool IsInOrder(const Work& work) {
    if (!work.before.exists) return true;
    if (work.entity->kind == Kind::kFact) return false;
    return work.changes.front()->order.occurred_at > work.before.last_event_at;
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

}  // namespace

namespace {

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

Result<std::vector<State>> FoldFromLog(Transaction& transaction, const Entity& entity,
                                       std::span<const EntityKey> keys) {
  constexpr std::size_t kAtOnce = 8;  // logs in memory
  std::vector<State> states;
  for (; !keys.empty(); keys = keys.subspan(std::min(kAtOnce, keys.size()))) {
    const auto some = keys.first(std::min(kAtOnce, keys.size()));
    const auto logs = transaction.LogOf(some);
    if (!logs) return tl::unexpected(logs.error());
    for (std::size_t i = 0; i < some.size(); ++i) {
      std::vector<Change> changes;
      changes.reserve((*logs)[i].size());
      for (const LoggedEvent& logged : (*logs)[i]) {
        auto event = ReadEvent(logged.delivery, logged.event_id);
        if (!event || event->entity != &entity || event->entity_id != some[i].id) continue;
        changes.push_back(Project(*event, logged.delivery.received_at));
      }
      states.push_back(Fold(entity, changes));
    }
  }
  return states;
}

}  // namespace crmsink
