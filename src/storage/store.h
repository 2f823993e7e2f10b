#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/delivery.h"
#include "event/event.h"
#include "projection/fold.h"
#include "storage/log_key.h"

namespace crmsink {

// An event to be put into the log. Both are borrowed.
struct LogEntry {
  const Delivery* delivery;
  const Event* event;
};

enum class Appended {
  kNew,
  kDuplicate,  // the same event of the same entity with the same bytes is there
  kConflict,   // ... with other bytes: the first one stands
};

struct LoggedEvent {
  std::int64_t seq = 0;
  std::string event_id;
  std::string entity;  // as derived when it was written; empty: unmapped
  std::string entity_id;
  Delivery delivery;

  // What else was derived then; from LogAfter alone.
  struct Derived {
    LogKey key{};
    std::string type;
    std::optional<std::string> location_id, agency_id, app_id, app_version_id, trace_id;
    Millis occurred_at = 0;
    std::optional<Millis> sent_at;

    bool operator==(const Derived&) const = default;
  } derived = {};
};

// Whether the log says of it what `event` says now. REQUIRES: it comes from LogAfter.
[[nodiscard]] bool IsDerivedAs(const LoggedEvent& logged, const Event& event);

struct LoggedId {
  std::int64_t seq = 0;
  std::string event_id;
  Millis received_at = 0;
};

// An event with the place in the log that it is to have, or has. All are borrowed.
struct PlacedEvent {
  std::int64_t seq;
  const Delivery* delivery;
  const Event* event;
};

// An entity by the name of its declaration and its id.
struct EntityKey {
  std::string entity;
  std::string id;

  auto operator<=>(const EntityKey&) const = default;
};

// Whose event stands where in the log.
struct LoggedKey {
  std::int64_t seq = 0;
  EntityKey key;  // empty: unmapped
};

// Which child lists to load: one flag per child, all or none by default.
using ChildMask = std::vector<bool>;

// Rows of one entity's tables to be loaded. All are borrowed.
struct LoadRequest {
  const Entity* entity;
  std::span<const std::string_view> ids;  // ascending
  std::span<const ChildMask> children;    // one per id
};

struct RowChange {
  const State* before;  // as loaded: child lists that were not loaded are left alone
  const State* after;
};

// The cells of the columns that every table has by itself, as OwnColumns() lists them.
Row OwnCells(const Entity& entity, const State& state);

// Deliveries that are not in the log.
enum class Holding { kQuarantine, kUnverified };
enum class Held { kNew, kDuplicate, kFull };

struct HeldDelivery {
  std::int64_t id = 0;
  std::string reason;
  Delivery delivery;
};

struct EventCount {
  Day day = 0;
  std::string source, location_id, type, writer;
  std::int64_t events = 0;
  Millis last_received_at = 0;
};

struct RefusalCount {
  Day day = 0;
  std::string kind, detail, writer;
  std::int64_t requests = 0;
  Millis last_received_at = 0;
};

// What LogAfter returns at most, as bytes of bodies.
inline constexpr std::size_t kLogSliceBytes = std::size_t{16} << 20;

// The failure of AppendAt: kData.
[[nodiscard]] tl::unexpected<Error> FailTaken(std::int64_t seq);

// What is in the log and the tables, read and written within one transaction. Destroying it without Commit() undoes
// everything. After any failure the transaction is of no use: destroy it. A backend may put writes off until something
// is read or committed: their failure shows then.
// Thread-safety: none; it belongs to the thread that began it.
class Transaction {
 public:
  virtual ~Transaction() = default;

  // When it returns, everything is on stable storage. kUnknown: it may or may not be.
  [[nodiscard]] virtual Result<void> Commit() = 0;

  // ---- The log

  // In the order given; an entry may be the duplicate of an earlier one of the same call. kData: one of them cannot be
  // stored.
  [[nodiscard]] virtual Result<std::vector<Appended>> Append(std::span<const LogEntry> entries) = 0;
  // The events of each entity, and of one entity only their ids, in the order of their arrival.
  [[nodiscard]] virtual Result<std::vector<std::vector<LoggedEvent>>> LogOf(std::span<const EntityKey> keys) = 0;
  [[nodiscard]] virtual Result<std::vector<LoggedId>> LoggedIdsOf(const EntityKey& key) = 0;
  // Every event of that id, whatever its entity, ascending.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> SeqsOf(std::string_view event_id) = 0;
  // How many events each entity has.
  [[nodiscard]] virtual Result<std::vector<std::int64_t>> CountOf(std::span<const EntityKey> keys) = 0;
  // Events with a seq above `after`, in the order of seq: up to `limit`, and up to some 16 MiB of bodies, but at least
  // one where there is one.
  [[nodiscard]] virtual Result<std::vector<LoggedEvent>> LogAfter(std::int64_t after, std::size_t limit) = 0;
  // Whose events they are: up to `limit`.
  [[nodiscard]] virtual Result<std::vector<LoggedKey>> KeysAfter(std::int64_t after, std::size_t limit) = 0;
  // Writes what is derived from events again, where it differs; returns how many did. kData: another event has the
  // place of one of them now.
  [[nodiscard]] virtual Result<std::size_t> Rederive(std::span<const PlacedEvent> events) = 0;
  // Puts events into the log at places of their own, for replay into another database; returns which of them were not
  // there. kData: another event is. REQUIRES: ascending, each place once.
  [[nodiscard]] virtual Result<std::vector<bool>> AppendAt(std::span<const PlacedEvent> events) = 0;

  // ---- The tables

  // Per request one state per id, not existing where there is no row; in a write transaction the rows are locked until
  // the end. Under a tombstone the lists come back empty: they are not kept. REQUIRES: requests by the name of their
  // table, ascending, each entity once, so that two writers never wait for each other.
  [[nodiscard]] virtual Result<std::vector<std::vector<State>>> LoadAll(std::span<const LoadRequest> requests) = 0;
  // The same for one entity.
  [[nodiscard]] Result<std::vector<State>> Load(const Entity& entity, std::span<const std::string_view> ids,
                                                std::span<const ChildMask> children);
  // Writes rows, and of child lists that are loaded on both sides what differs. REQUIRES: ids ascending. kConflict: a
  // row that was not there when it was loaded is there now.
  [[nodiscard]] virtual Result<void> Write(const Entity& entity, std::span<const RowChange> changes) = 0;
  // Up to `limit` ids of an entity's table above `after`, ascending.
  [[nodiscard]] virtual Result<std::vector<std::string>> IdsAfter(const Entity& entity, std::string_view after,
                                                                  std::size_t limit) = 0;
  // Up to `limit` ids that have child rows but no row of their own.
  [[nodiscard]] virtual Result<std::vector<std::string>> StrayParents(const Entity& entity, std::size_t limit) = 0;
  // Removes a row and its child rows.
  [[nodiscard]] virtual Result<void> Remove(const Entity& entity, std::string_view id) = 0;

  // ---- Beside the log

  [[nodiscard]] virtual Result<Held> Hold(Holding where, const Delivery& delivery, std::string_view reason) = 0;
  // Up to `limit` of them with an id above `after`, in the order of id.
  [[nodiscard]] virtual Result<std::vector<HeldDelivery>> HeldAfter(Holding where, std::int64_t after,
                                                                    std::size_t limit) = 0;
  // Removes one; no failure where it is gone already.
  [[nodiscard]] virtual Result<void> Release(Holding where, std::int64_t id) = 0;
  [[nodiscard]] virtual Result<void> Count(std::span<const EventCount> counts) = 0;
  [[nodiscard]] virtual Result<void> Count(std::span<const RefusalCount> counts) = 0;
};

// A database of one backend, with its schema in place.
//
// Concurrency: SQLite has one writer at a time, and Begin() waits up to two seconds for another program's transaction.
// PostgreSQL has many: what two of them do to one event or entity is put in order by locks, and where it cannot be,
// the one that lost gets kConflict. Not thread-safe: a Store belongs to one thread, another thread opens its own.
class Store {
 public:
  enum class Mode { kRead, kWrite };

  virtual ~Store() = default;
  // kUnavailable: locked, full or away; the store is to be reopened when it says kUnavailable or kUnknown twice.
  [[nodiscard]] virtual Result<std::unique_ptr<Transaction>> Begin(Mode mode) = 0;
};

}  // namespace crmsink
