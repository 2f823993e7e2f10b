#include "replay/replay.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <mutex>
#include <tuple>
#include <vector>

#include "entities/catalog.h"
#include "replay/differences.h"
#include "replay/readers.h"
#include "storage/database.h"

namespace crmsink {
namespace {

constexpr std::size_t kSlice = 200;
// Until what was found is written, for each reader.
constexpr std::size_t kSlicesAtOnce = 8;
constexpr std::size_t kBatchesAtOnce = 16;

using Clock = std::chrono::steady_clock;

// An event of which the log says something else than this version reads.
struct Misread {
  LoggedEvent logged;
  Event event;
};

// Readers, side by side, find what is wrong, each in views of one moment; only that is written, in short transactions.
class Rebuild {
 public:
  Rebuild(Store& store, Readers& readers, const std::set<const Entity*>& only)
      : store_(store), readers_(readers), only_(only) {}

  bool Concerns(const Entity* entity) const { return only_.empty() || only_.contains(entity); }

  // Writes again what this version reads otherwise from the events with a seq up to `last`.
  Result<void> RederiveLog(std::int64_t last, Reporter progress) {
    const auto round = static_cast<std::int64_t>(kSlice * kSlicesAtOnce * readers_.count());
    for (std::int64_t after = 0; after < last; after += round) {
      const std::uint64_t before = report.events;
      std::vector<Misread> misread;
      if (auto done = FindMisread(after, std::min(after + round, last), misread); !done) return done;
      if (auto done = Rederive(misread); !done) return done;
      progress.Add(report.events - before);
    }
    return {};
  }

  // Folds each entity of the log and writes what differs.
  Result<void> FoldAll(Reporter progress) {
    for (std::int64_t after = 0;;) {
      std::vector<EntityKey> found;
      const auto events = NextEntities(after, found);
      if (!events) return tl::unexpected(events.error());
      if (*events == 0) return {};
      std::vector<Correction> differences;
      if (auto done = FindDifferences(found, differences); !done) return done;
      if (auto done = WriteAll(differences); !done) return done;
      report.entities += found.size();
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

  // Of the events with a seq above `after`, up to `end`.
  Result<void> FindMisread(std::int64_t after, std::int64_t end, std::vector<Misread>& misread) {
    const std::size_t slices = (static_cast<std::size_t>(end - after) + kSlice - 1) / kSlice;
    std::mutex mutex;
    return readers_.ForEach(slices, [&](Transaction& transaction, std::size_t i) -> Result<void> {
      std::int64_t at = after + static_cast<std::int64_t>(i * kSlice);
      const std::int64_t slice_end = std::min(at + static_cast<std::int64_t>(kSlice), end);
      ReplayReport part;
      std::vector<Misread> found;
      while (at < slice_end) {
        auto slice = transaction.LogAfter(at, static_cast<std::size_t>(slice_end - at));
        if (!slice) return tl::unexpected(slice.error());
        at = slice->empty() ? slice_end : slice->back().seq;
        for (LoggedEvent& logged : *slice) {
          if (logged.seq <= slice_end) Examine(std::move(logged), part, found);
        }
      }
      const std::lock_guard lock(mutex);
      report.events += part.events;
      report.unreadable += part.unreadable;
      std::ranges::move(found, std::back_inserter(misread));
      return {};
    });
  }

  void Examine(LoggedEvent logged, ReplayReport& part, std::vector<Misread>& found) const {
    ++part.events;
    auto event = ReadEvent(logged.delivery, logged.event_id);
    if (!event) {
      ++part.unreadable;
    } else if (!IsDerivedAs(logged, *event) && IsOurs(logged, *event)) {
      found.push_back({std::move(logged), *std::move(event)});
    }
  }

  Result<void> Rederive(std::vector<Misread>& misread) {
    std::ranges::sort(misread, {}, [](const Misread& one) { return one.logged.seq; });
    std::vector<PlacedEvent> placed;
    for (const Misread& one : misread) placed.push_back({one.logged.seq, &one.logged.delivery, &one.event});
    struct Position {
      std::span<const PlacedEvent> left;
      std::uint64_t rederived = 0;
    } at{placed};
    if (placed.empty()) return {};
    auto done = InShortTransactions(store_, at, [&](Transaction& transaction, Clock::time_point) -> Result<bool> {
      const std::size_t size = std::min(kSlice, at.left.size());
      const auto changed = transaction.Rederive(at.left.first(size));
      if (!changed) return tl::unexpected(changed.error());
      at = {at.left.subspan(size), at.rederived + *changed};
      return !at.left.empty();
    });
    report.rederived += at.rederived;
    return done;
  }

  // The entities of the next events that were not seen before, in the order in which everybody locks them; returns how
  // many events there were.
  Result<std::size_t> NextEntities(std::int64_t& after, std::vector<EntityKey>& found) {
    auto reading = store_.Begin(Store::Mode::kRead);
    if (!reading) return tl::unexpected(reading.error());
    std::size_t events = 0;
    while (found.size() < kBatch * kBatchesAtOnce * readers_.count()) {
      const auto slice = (*reading)->KeysAfter(after, kSlice);
      if (!slice) return tl::unexpected(slice.error());
      if (slice->empty()) break;
      after = slice->back().seq;
      events += slice->size();
      for (const LoggedKey& logged : *slice) {
        const Entity* const entity = FindEntity(logged.key.entity);
        if (entity != nullptr && Concerns(entity) && seen_.Insert(logged.key)) found.push_back(logged.key);
      }
    }
    const auto place = [](const EntityKey& key) { return std::make_tuple(FindEntity(key.entity)->table, key.id); };
    std::ranges::sort(found, {}, place);
    return events;
  }

  // In the order of `found`.
  Result<void> FindDifferences(std::span<const EntityKey> found, std::vector<Correction>& differences) {
    std::vector<std::span<const EntityKey>> batches;
    for (auto left = found; !left.empty(); left = left.subspan(batches.back().size())) {
      batches.push_back(NextBatch(left));
    }
    std::vector<std::vector<Correction>> parts(batches.size());
    auto done = readers_.ForEach(batches.size(), [&](Transaction& transaction, std::size_t i) -> Result<void> {
      auto part = DifferencesOf(transaction, batches[i]);
      if (!part) return tl::unexpected(part.error());
      parts[i] = *std::move(part);
      return {};
    });
    for (auto& part : parts) std::ranges::move(part, std::back_inserter(differences));
    return done;
  }

  Result<void> WriteAll(std::span<const Correction> differences) {
    struct Position {
      std::span<const Correction> left;
      std::uint64_t changed = 0;
    } at{differences};
    if (differences.empty()) return {};
    auto done = InShortTransactions(store_, at, [&](Transaction& transaction, Clock::time_point end) -> Result<bool> {
      while (!at.left.empty()) {
        const auto batch = NextBatch(at.left);
        const auto changed = WriteStates(transaction, batch);
        if (!changed) return tl::unexpected(changed.error());
        at = {at.left.subspan(batch.size()), at.changed + *changed};
        if (Clock::now() > end) break;
      }
      return !at.left.empty();
    });
    report.changed += at.changed;
    return done;
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
  Readers& readers_;
  const std::set<const Entity*>& only_;
  EntitySet seen_;
};

Result<ReplayReport> RebuildAll(Store& store, const std::string& url, const OnProgress& on_progress,
                                const std::set<const Entity*>& only) {
  auto readers = Readers::Open(url);
  if (!readers) return tl::unexpected(readers.error());
  const auto last_seq = LastSeq(url);
  if (!last_seq) return tl::unexpected(last_seq.error());
  const auto total = static_cast<std::uint64_t>(*last_seq);
  Rebuild rebuild(store, *readers, only);
  if (auto done = rebuild.RederiveLog(*last_seq, {on_progress, "reading events", total}); !done) {
    return tl::unexpected(done.error());
  }
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
