#pragma once

#include <span>
#include <string>
#include <vector>

#include "storage/log_key.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/session.h"
#include "storage/store.h"

namespace crmsink::postgres {

// From these columns on: source, received_at, path, signature_scheme, signature_key, signature, payload.
Delivery ReadDelivery(const Rows& rows, int row, int at);

// The log of events. Statements of one transaction. Belongs to the session's thread.
class Log {
 public:
  Log(Session& session, const std::string& schema) : session_(session), schema_(schema + ".") {}

  Result<std::vector<Appended>> Append(std::span<const LogEntry> entries);
  Result<std::vector<bool>> AppendAt(std::span<const PlacedEvent> events);
  Result<std::size_t> Rederive(std::span<const PlacedEvent> events);
  Result<std::vector<std::vector<LoggedEvent>>> Of(std::span<const EntityKey> keys);
  Result<std::vector<LoggedId>> IdsOf(const EntityKey& key);
  Result<std::vector<std::int64_t>> SeqsOf(std::string_view event_id);
  Result<std::vector<std::int64_t>> CountOf(std::span<const EntityKey> keys);
  Result<std::vector<LoggedEvent>> After(std::int64_t seq, std::size_t limit);
  Result<std::vector<LoggedKey>> KeysAfter(std::int64_t seq, std::size_t limit);

 private:
  Session::Statement SelectOf(std::string_view columns, const EntityKey& key,
                              std::string_view order = " ORDER BY seq") const;
  Result<std::vector<LogKey>> Insert(const Columns& arrived, const Columns& derived);
  Result<std::vector<bool>> AreThere(std::span<const LogEntry> entries, const std::vector<std::size_t>& which);

  Session& session_;
  const std::string schema_;  // with its dot
};

}  // namespace crmsink::postgres
