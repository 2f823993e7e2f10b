#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "storage/sqlite/connection.h"
#include "storage/store.h"

namespace crmsink::sqlite {

// The log of events and the tables beside it: quarantine, unverified, event_counts, refusals. Statements of one
// transaction; throws what SQLiteCpp throws. Belongs to the connection's thread.
class Log {
 public:
  explicit Log(Connection& connection) : connection_(connection) {}

  Appended Append(const LogEntry& entry, std::optional<std::int64_t> seq = std::nullopt);
  std::vector<LoggedEvent> Of(const EntityKey& key);
  std::vector<LoggedId> IdsOf(const EntityKey& key);
  std::vector<std::int64_t> SeqsOf(std::string_view event_id);
  std::int64_t CountOf(const EntityKey& key);
  std::vector<LoggedEvent> After(std::int64_t seq, std::size_t limit);
  std::vector<LoggedKey> KeysAfter(std::int64_t seq, std::size_t limit);
  bool Rederive(std::int64_t seq, const Event& event);

  Held Hold(Holding where, const Delivery& delivery, const std::string& reason);
  std::vector<HeldDelivery> HeldAfter(Holding where, std::int64_t id, std::size_t limit);
  void Release(Holding where, std::int64_t id);
  void Count(const EventCount& count);
  void Count(const RefusalCount& count);

 private:
  bool HasRoom(const Delivery& delivery);

  Connection& connection_;
};

}  // namespace crmsink::sqlite
