#include "replay/replay.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <tuple>
#include <vector>

#include "entities/catalog.h"
#include "storage/database.h"
#include "storage/table_update.h"

namespace crmsink {
namespace {

constexpr std::size_t kSlice = 200;
constexpr std::size_t kBatch = 32;  // entities that are loaded and written together

using Clock = std::chrono::steady_clock;

// What the tables would hold of a folded state.
State AsStored(const Entity& entity, State state) {
  if (entity.kind == Kind::kFact) {
    state.last_event_at = state.first_received_at = state.last_received_at = 0;
    state.last_event_id.clear();
  }
  if (state.deleted_at) state.children.assign(state.children.size(), std::vector<Row>());
  return state;
}

class Rebuild {
 public:
  Rebuild(Store& store, const std::set<const Entity*>& only) : store_(store), only_(only) {}

  bool Concerns(const Entity* entity) const { return only_.empty() || only_.contains(entity); }

  // Writes again what this version reads otherwise from the events.
  Result<void> RederiveLog(Reporter progress) {
    struct Position {
      std::int64_t after = 0;
      ReplayReport report;
    } at;
    auto done = InShortTransactions(store_, at, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      const auto slice = transaction.LogAfter(at.after, kSlice);
      if (!slice) return tl::unexpected(slice.error());
      std::deque<Event> events;  // whose addresses stay
      std::vector<PlacedEvent> ours;
      for (const LoggedEvent& logged : *slice) {
        auto event = ReadEvent(logged.delivery, logged.event_id);
        if (!event) {
          ++at.report.unreadable;
        } else if (IsOurs(logged, *event)) {
          ours.push_back({logged.seq, &logged.delivery, &events.emplace_back(*std::move(event))});
        }
        at.after = logged.seq;
        ++at.report.events;
        progress.Add(1);
        if (Clock::now() > end) break;
      }
      const auto changed = transaction.Rederive(ours);
      if (!changed) return tl::unexpected(changed.error());
      at.report.rederived += *changed;
      return !slice->empty();
    });
    report = at.report;
    return done;
  }

  // Folds each entity of the log and writes what differs.
  Result<void> FoldAll(Reporter progress) {
    std::int64_t after = 0;
    while (true) {
      std::vector<EntityKey> found;
      const auto events = NextEntities(after, found);
      if (!events) return tl::unexpected(events.error());
      if (*events == 0) return {};
      if (auto done = FoldThese(found); !done) return done;
      progress.Add(*events);
    }
  }

  Result<void> RemoveOrphans(const Entity& entity) {
    struct Position {
      std::string after;
      std::uint64_t removed = 0;
    } at;
    auto done = InShortTransactions(store_, at, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      const auto ids = transaction.IdsAfter(entity, at.after, kSlice);
      if (!ids) return tl::unexpected(ids.error());
      for (const std::string& id : *ids) {
        at.after = id;
        const auto removed = RemoveOrphan(transaction, entity, id);
        if (!removed) return tl::unexpected(removed.error());
        at.removed += *removed ? 1 : 0;
        if (Clock::now() > end) return true;
      }
      return !ids->empty();
    });
    report.removed += at.removed;
    return done;
  }

  Result<void> RemoveStrayChildRows(const Entity& entity) {
    std::uint64_t removed = 0;
    auto done = InShortTransactions(store_, removed, [&](Transaction& transaction, Clock::time_point) -> Result<bool> {
      const auto ids = transaction.StrayParents(entity, kSlice);
      if (!ids) return tl::unexpected(ids.error());
      for (const std::string& id : *ids) {
        const auto row = LockRow(transaction, entity, id);
        if (!row) return tl::unexpected(row.error());
        if (*row) continue;  // it has come since
        if (auto gone = transaction.Remove(entity, id); !gone) return tl::unexpected(gone.error());
        ++removed;
      }
      return !ids->empty();
    });
    report.removed += removed;
    return done;
  }

  ReplayReport report;

 private:
  // An event that goes from an entity to another one is left to a replay of both.
  bool IsOurs(const LoggedEvent& logged, const Event& event) const {
    if (only_.empty()) return true;
    const Entity* const before = FindEntity(logged.entity);
    const bool leaves = before != nullptr && !only_.contains(before);
    const bool comes = event.entity != nullptr && !only_.contains(event.entity);
    return !leaves && !comes && (before != nullptr || event.entity != nullptr);
  }

  // The entities of the next events that were not seen before, in the order in which everybody locks them; returns how
  // many events there were.
  Result<std::size_t> NextEntities(std::int64_t& after, std::vector<EntityKey>& found) {
    auto reading = store_.Begin(Store::Mode::kRead);
    if (!reading) return tl::unexpected(reading.error());
    const auto slice = (*reading)->LogAfter(after, kSlice);
    if (!slice) return tl::unexpected(slice.error());
    for (const LoggedEvent& logged : *slice) {
      after = logged.seq;
      const Entity* entity = FindEntity(logged.entity);
      if (entity == nullptr || !Concerns(entity) || !seen_.Insert({logged.entity, logged.entity_id})) continue;
      found.push_back({logged.entity, logged.entity_id});
    }
    const auto place = [](const EntityKey& key) { return std::make_tuple(FindEntity(key.entity)->table, key.id); };
    std::ranges::sort(found, {}, place);
    return slice->size();
  }

  Result<void> FoldThese(std::span<const EntityKey> found) {
    struct Position {
      std::size_t next = 0;
      std::uint64_t changed = 0;
    } at;
    auto done = InShortTransactions(store_, at, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      while (at.next < found.size()) {
        const auto batch = NextBatch(found.subspan(at.next));
        const auto changed = FoldBatch(transaction, batch);
        if (!changed) return tl::unexpected(changed.error());
        at.next += batch.size();
        at.changed += *changed;
        if (Clock::now() > end) break;
      }
      return at.next < found.size();
    });
    report.entities += at.next;
    report.changed += at.changed;
    return done;
  }

  // Of one table.
  static std::span<const EntityKey> NextBatch(std::span<const EntityKey> found) {
    std::size_t size = 1;
    while (size < std::min(kBatch, found.size()) && found[size].entity == found[0].entity) ++size;
    return found.first(size);
  }

  // Returns how many were wrong.
  static Result<std::size_t> FoldBatch(Transaction& transaction, std::span<const EntityKey> keys) {
    const Entity& entity = *FindEntity(keys.front().entity);
    std::vector<std::string_view> ids;
    for (const EntityKey& key : keys) ids.push_back(key.id);
    const std::vector<ChildMask> all(keys.size(), ChildMask(entity.children.size(), true));
    const auto before = transaction.Load(entity, ids, all);
    if (!before) return tl::unexpected(before.error());
    const auto after = FoldFromLog(transaction, entity, keys);
    if (!after) return tl::unexpected(after.error());
    const State nothing = Empty(entity);
    std::vector<RowChange> changes;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (!(*after)[i].exists || AsStored(entity, (*after)[i]) == (*before)[i]) continue;
      // All of it anew: what is wrong may be child rows that have no row above them.
      if (auto done = transaction.Remove(entity, keys[i].id); !done) return tl::unexpected(done.error());
      changes.push_back({&nothing, &(*after)[i]});
    }
    if (auto done = transaction.Write(entity, changes); !done) return tl::unexpected(done.error());
    return changes.size();
  }

  // Whether it is there.
  static Result<bool> LockRow(Transaction& transaction, const Entity& entity, std::string_view id) {
    const std::string_view ids[] = {id};
    const ChildMask none[] = {ChildMask(entity.children.size(), false)};
    const auto loaded = transaction.Load(entity, ids, none);
    if (!loaded) return tl::unexpected(loaded.error());
    return loaded->front().exists;
  }

  // Only when the row is locked is it known that no event of it has come since.
  Result<bool> RemoveOrphan(Transaction& transaction, const Entity& entity, const std::string& id) const {
    const EntityKey key{std::string(entity.name), id};
    if (seen_.Contains(key)) return false;
    if (auto row = LockRow(transaction, entity, id); !row) return tl::unexpected(row.error());
    const auto log = transaction.LoggedIdsOf(key);
    if (!log) return tl::unexpected(log.error());
    if (!log->empty()) return false;
    if (auto done = transaction.Remove(entity, id); !done) return tl::unexpected(done.error());
    return true;
  }

  Store& store_;
  const std::set<const Entity*>& only_;
  EntitySet seen_;
};

Result<ReplayReport> RebuildAll(Store& store, const std::string& url, const OnProgress& on_progress,
                                const std::set<const Entity*>& only = {}) {
  const auto last_seq = LastSeq(url);
  if (!last_seq) return tl::unexpected(last_seq.error());
  const auto total = static_cast<std::uint64_t>(*last_seq);
  Rebuild rebuild(store, only);
  if (auto done = rebuild.RederiveLog({on_progress, "reading events", total}); !done)
    return tl::unexpected(done.error());
  if (auto done = rebuild.FoldAll({on_progress, "folding entities of events", total}); !done) {
    return tl::unexpected(done.error());
  }
  for (const Entity* entity : Entities()) {
    if (!rebuild.Concerns(entity)) continue;
    if (auto done = rebuild.RemoveOrphans(*entity); !done) return tl::unexpected(done.error());
    if (auto done = rebuild.RemoveStrayChildRows(*entity); !done) return tl::unexpected(done.error());
  }
  return rebuild.report;
}

}  // namespace

Result<ReplayReport> Replay(const std::string& url, const OnProgress& on_progress,
                            const std::set<const Entity*>& only) {
  auto store = OpenStore(url, {.migrate = true, .patience = kPatienceOfWalks});
  if (!store) return tl::unexpected(store.error());
  return RebuildAll(**store, url, on_progress, only);
}

}  // namespace crmsink
