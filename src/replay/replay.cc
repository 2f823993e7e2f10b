#include "replay/replay.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>

#include "entities/catalog.h"
#include "storage/database.h"
#include "storage/group.h"

namespace crmsink {
namespace {

constexpr std::size_t kSlice = 200;
constexpr std::size_t kBatch = 32;  // entities that are loaded and written together
constexpr auto kMaxTime = std::chrono::milliseconds(100);
constexpr const char* kWriter = "replay";

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

// One pass over a database in short write transactions. A step returns false when there is nothing left to do.
template <class Step>
Result<void> InShortTransactions(Store& store, Step step) {
  while (true) {
    auto transaction = BeginWriting(store);
    if (!transaction) return tl::unexpected(transaction.error());
    const Result<bool> more = step(**transaction, Clock::now() + kMaxTime);
    if (!more) return tl::unexpected(more.error());
    if (auto done = (*transaction)->Commit(); !done) return done;
    if (!*more) return {};
  }
}

class Rebuild {
 public:
  Rebuild(Store& store, const std::set<const Entity*>& only) : store_(store), only_(only) {}

  bool Concerns(const Entity* entity) const { return only_.empty() || only_.contains(entity); }

  // Writes again what this version reads otherwise from the events.
  Result<void> RederiveLog(Reporter progress) {
    std::int64_t after = 0;
    return InShortTransactions(store_, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      const auto slice = transaction.LogAfter(after, kSlice);
      if (!slice) return tl::unexpected(slice.error());
      std::deque<Event> events;  // whose addresses stay
      std::vector<PlacedEvent> ours;
      for (const LoggedEvent& logged : *slice) {
        auto event = ReadEvent(logged.delivery, logged.event_id);
        if (!event) {
          ++report.unreadable;
        } else if (IsOurs(logged, *event)) {
          ours.push_back({logged.seq, &logged.delivery, &events.emplace_back(*std::move(event))});
        }
        after = logged.seq;
        ++report.events;
        progress.Add(1);
        if (Clock::now() > end) break;
      }
      const auto changed = transaction.Rederive(ours);
      if (!changed) return tl::unexpected(changed.error());
      report.rederived += *changed;
      return !slice->empty();
    });
  }

  // Folds each entity of the log and writes what differs.
  Result<void> FoldAll(Reporter progress) {
    std::int64_t after = 0;
    return InShortTransactions(store_, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      const auto slice = transaction.LogAfter(after, kSlice);
      if (!slice) return tl::unexpected(slice.error());
      std::map<std::string_view, std::vector<EntityKey>> keys;  // by table
      std::size_t waiting = 0;
      for (const LoggedEvent& logged : *slice) {
        after = logged.seq;
        progress.Add(1);
        const Entity* entity = FindEntity(logged.entity);
        if (entity == nullptr || !Concerns(entity) || !seen_.Insert({logged.entity, logged.entity_id})) continue;
        keys[entity->table].push_back({logged.entity, logged.entity_id});
        if (++waiting < kBatch) continue;
        if (auto done = FoldBatch(transaction, keys); !done) return tl::unexpected(done.error());
        waiting = 0;
        if (Clock::now() > end) return true;
      }
      if (auto done = FoldBatch(transaction, keys); !done) return tl::unexpected(done.error());
      return !slice->empty();
    });
  }

  Result<void> RemoveOrphans(const Entity& entity) {
    std::string after;
    return InShortTransactions(store_, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      const auto ids = transaction.IdsAfter(entity, after, kSlice);
      if (!ids) return tl::unexpected(ids.error());
      for (const std::string& id : *ids) {
        after = id;
        const EntityKey key{std::string(entity.name), id};
        if (seen_.Contains(key)) continue;
        const auto log = transaction.LoggedIdsOf(key);  // it may have come since
        if (!log) return tl::unexpected(log.error());
        if (!log->empty()) continue;
        if (auto done = transaction.Remove(entity, id); !done) return tl::unexpected(done.error());
        ++report.removed;
        if (Clock::now() > end) return true;
      }
      return !ids->empty();
    });
  }

  Result<void> RemoveStrayChildRows(const Entity& entity) {
    return InShortTransactions(store_, [&](Transaction& transaction, Clock::time_point) -> Result<bool> {
      const auto ids = transaction.StrayParents(entity, kSlice);
      if (!ids) return tl::unexpected(ids.error());
      for (const std::string& id : *ids) {
        if (auto done = transaction.Remove(entity, id); !done) return tl::unexpected(done.error());
        ++report.removed;
      }
      return !ids->empty();
    });
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

  Result<void> FoldBatch(Transaction& transaction, std::map<std::string_view, std::vector<EntityKey>>& batch) {
    for (auto& [table, keys] : batch) {
      std::ranges::sort(keys);
      if (auto done = FoldTable(transaction, *FindEntity(keys.front().entity), keys); !done) return done;
    }
    batch.clear();
    return {};
  }

  Result<void> FoldTable(Transaction& transaction, const Entity& entity, std::span<const EntityKey> keys) {
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
      ++report.entities;
      if (!(*after)[i].exists || AsStored(entity, (*after)[i]) == (*before)[i]) continue;
      ++report.changed;
      // All of it anew: what is wrong may be child rows that have no row above them.
      if (auto done = transaction.Remove(entity, keys[i].id); !done) return done;
      changes.push_back({&nothing, &(*after)[i]});
    }
    return transaction.Write(entity, changes);
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

// Events of one slice that were new to the other database, counted for its event_counts.
Result<void> CopySlice(Transaction& to, const std::vector<LoggedEvent>& slice) {
  std::deque<Event> events;  // whose addresses stay
  std::vector<PlacedEvent> placed;
  for (const LoggedEvent& logged : slice) {
    auto event = ReadEvent(logged.delivery, logged.event_id);
    if (!event)
      return Fail(ErrorCode::kData, "event " + std::to_string(logged.seq) + " cannot be read: " + event.error());
    placed.push_back({logged.seq, &logged.delivery, &events.emplace_back(*std::move(event))});
  }
  const auto is_new = to.AppendAt(placed);
  if (!is_new) return tl::unexpected(is_new.error());
  std::map<std::tuple<Day, std::string, std::string, std::string>, EventCount> counts;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    if (!(*is_new)[i]) continue;
    const Delivery& delivery = *placed[i].delivery;
    const Event& event = *placed[i].event;
    const Day day = DayOf(delivery.received_at);
    const std::string location = event.location_id.value_or("");
    EventCount& count = counts[{day, delivery.source, location, event.type}];
    const Millis last = std::max(count.last_received_at, delivery.received_at);
    count = {day, delivery.source, location, event.type, kWriter, count.events + 1, last};
  }
  std::vector<EventCount> list;
  for (auto& [key, count] : counts) list.push_back(std::move(count));
  return to.Count(list);
}

Result<void> CopyLog(Store& from, Store& to, Reporter progress) {
  std::int64_t after = 0;
  return InShortTransactions(to, [&](Transaction& transaction, Clock::time_point) -> Result<bool> {
    auto reading = from.Begin(Store::Mode::kRead);
    if (!reading) return tl::unexpected(reading.error());
    const auto slice = (*reading)->LogAfter(after, kSlice);
    if (!slice) return tl::unexpected(slice.error());
    if (slice->empty()) return false;
    if (auto done = CopySlice(transaction, *slice); !done) return tl::unexpected(done.error());
    after = slice->back().seq;
    progress.Add(slice->size());
    return true;
  });
}

Result<void> CopyHeld(Store& from, Store& to, Holding where) {
  std::int64_t after = 0;
  return InShortTransactions(to, [&](Transaction& transaction, Clock::time_point) -> Result<bool> {
    auto reading = from.Begin(Store::Mode::kRead);
    if (!reading) return tl::unexpected(reading.error());
    const auto slice = (*reading)->HeldAfter(where, after, kSlice);
    if (!slice) return tl::unexpected(slice.error());
    for (const HeldDelivery& held : *slice) {
      const auto kept = transaction.Hold(where, held.delivery, held.reason);
      if (!kept) return tl::unexpected(kept.error());
      after = held.id;
    }
    return !slice->empty();
  });
}

}  // namespace

Result<ReplayReport> Replay(const std::string& url, const OnProgress& on_progress,
                            const std::set<const Entity*>& only) {
  auto store = OpenStore(url, {.migrate = true});
  if (!store) return tl::unexpected(store.error());
  return RebuildAll(**store, url, on_progress, only);
}

Result<ReplayReport> ReplayInto(const std::string& from, const std::string& to, const OnProgress& on_progress) {
  auto source = OpenStore(from, {});
  if (!source) return tl::unexpected(source.error());
  auto target = OpenStore(to, {.create = true, .migrate = true});
  if (!target) return tl::unexpected(target.error());
  const auto last_seq = LastSeq(from);
  if (!last_seq) return tl::unexpected(last_seq.error());
  Reporter progress(on_progress, "copying events", static_cast<std::uint64_t>(*last_seq));
  if (auto done = CopyLog(**source, **target, progress); !done) return tl::unexpected(done.error());
  for (const Holding where : {Holding::kQuarantine, Holding::kUnverified}) {
    if (auto done = CopyHeld(**source, **target, where); !done) return tl::unexpected(done.error());
  }
  return RebuildAll(**target, to, on_progress);
}

}  // namespace crmsink
