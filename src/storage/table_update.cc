#include "storage/table_update.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

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

class TableUpdate {
 public:
  TableUpdate(Transaction& transaction, std::span<const Change* const> fresh)
      : transaction_(transaction), fresh_(fresh) {}

  Result<void> Run() {
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

  std::uint64_t folds = 0;

 private:
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
      folds += keys.size();
    }
    return {};
  }

  // From the state before to the state after the group's events. False: they do not say it, it is to be folded.
  static bool Advance(Work& work) {
    std::sort(work.changes.begin(), work.changes.end(),
              [](const Change* a, const Change* b) { return a->order < b->order; });
    if (!IsInOrder(work)) return false;
    work.after = CopyToChange(*work.entity, work.before);
    for (const Change* change : work.changes) Apply(work.after, *change);
    // The child rows of a deleted row are in no table: who comes back gets them from the log.
    return !work.before.deleted_at || work.after.deleted_at;
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

  Transaction& transaction_;
  std::span<const Change* const> fresh_;
};

}  // namespace

Result<std::uint64_t> UpdateTables(Transaction& transaction, std::span<const Change* const> fresh) {
  TableUpdate update(transaction, fresh);
  if (auto done = update.Run(); !done) return tl::unexpected(done.error());
  return update.folds;
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
