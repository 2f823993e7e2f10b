#pragma once

#include <span>
#include <string>
#include <vector>

#include "storage/log_key.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/session.h"
#include "storage/store.h"

namespace crmsink::postgres {

// The log of events and the tables beside it: quarantine, unverified, event_counts, refusals. Statements of one
// transaction; what writes without a result is put off until the session is flushed. Belongs to the session's thread.
class Log {
 public:
  Log(Session& session, const std::string& schema) : session_(session), schema_(schema + ".") {}

  Result<std::vector<Appended>> Append(std::span<const LogEntry> entries);
  Result<std::vector<bool>> AppendAt(std::span<const PlacedEvent> events);
  Result<std::size_t> Rederive(std::span<const PlacedEvent> events);
  Result<std::vector<std::vector<LoggedEvent>>> Of(std::span<const EntityKey> keys);
  Result<std::vector<LoggedId>> IdsOf(const EntityKey& key);
  Result<std::vector<std::int64_t>> SeqsOf(std::string_view event_id);
  Result<std::vector<LoggedEvent>> After(std::int64_t seq, std::size_t limit);

  Result<Held> Hold(Holding where, const Delivery& delivery, std::string_view reason);
  Result<std::vector<HeldDelivery>> HeldAfter(Holding where, std::int64_t id, std::size_t limit);
  void Release(Holding where, std::int64_t id);
  void Count(std::span<const EventCount> counts);
  void Count(std::span<const RefusalCount> counts);

 private:
  Session::Statement SelectOf(std::string_view columns, const EntityKey& key) const;
  Result<std::vector<LogKey>> Insert(const Columns& arrived, const Columns& derived);
  Result<std::vector<bool>> AreThere(std::span<const LogEntry> entries, const std::vector<std::size_t>& which);
  Result<bool> HasRoom(const Delivery& delivery);
  std::string TableOf(Holding where) const;

  Session& session_;
  const std::string schema_;  // with its dot
};

}  // namespace crmsink::postgres
