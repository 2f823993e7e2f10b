#include "storage/sqlite/log.h"

#include "storage/log_key.h"

namespace crmsink::sqlite {
namespace {

void BindOptional(SQLite::Statement& statement, int index, const std::optional<std::string>& text) {
  if (text) {
    statement.bindNoCopy(index, *text);
  } else {
    statement.bind(index);
  }
}

// log_key, type, entity, entity_id, location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, sent_at
void BindDerived(SQLite::Statement& statement, int index, const LogKey& key, const Event& event) {
  BindBlob(statement, index++, Bytes(key));
  BindText(statement, index++, event.type);
  if (event.entity != nullptr) {
    statement.bind(index, std::string(event.entity->name));
    BindText(statement, index + 1, event.entity_id);
  } else {
    statement.bind(index);
    statement.bind(index + 1);
  }
  index += 2;
  for (const auto* text :
       {&event.location_id, &event.agency_id, &event.app_id, &event.app_version_id, &event.trace_id}) {
    BindOptional(statement, index++, *text);
  }
  BindTime(statement, index++, event.occurred_at);
  if (event.sent_at) {
    BindTime(statement, index, *event.sent_at);
  } else {
    statement.bind(index);
  }
}

const std::string kInsert =
    "INSERT INTO events (seq, event_id, source, received_at, path, signature_scheme, signature_key, signature, "
    "payload, "
    "log_key, type, entity, entity_id, location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, sent_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

const std::string kFixedColumns =
    "seq, event_id, source, received_at, path, signature_scheme, signature_key, signature, payload, entity, entity_id";
const std::string kFurtherColumns =
    "log_key, type, location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, sent_at";

// source, received_at, path, signature_scheme, signature_key, signature, payload
Delivery ReadDelivery(SQLite::Statement& row, int at) {
  Delivery delivery;
  delivery.source = TextOf(row.getColumn(at));
  delivery.received_at = TimeOf(row.getColumn(at + 1));
  delivery.path = TextOf(row.getColumn(at + 2));
  delivery.signature_scheme = TextOf(row.getColumn(at + 3));
  delivery.signature_key = TextOf(row.getColumn(at + 4));
  delivery.signature = TextOf(row.getColumn(at + 5));
  delivery.body = TextOf(row.getColumn(at + 6));
  return delivery;
}

LoggedEvent ReadEventRow(SQLite::Statement& row) {
  LoggedEvent event;
  event.seq = row.getColumn(0).getInt64();
  event.event_id = TextOf(row.getColumn(1));
  event.delivery = ReadDelivery(row, 2);
  event.entity = TextOf(row.getColumn(9));
  event.entity_id = TextOf(row.getColumn(10));
  return event;
}

std::optional<std::string> OptionalTextOf(const SQLite::Column& column) {
  return column.isNull() ? std::nullopt : std::optional(TextOf(column));
}

// kFurtherColumns
LoggedEvent::Derived ReadDerived(SQLite::Statement& row, int at) {
  LoggedEvent::Derived derived;
  derived.key = LogKeyFrom(TextOf(row.getColumn(at)));
  derived.type = TextOf(row.getColumn(at + 1));
  derived.location_id = OptionalTextOf(row.getColumn(at + 2));
  derived.agency_id = OptionalTextOf(row.getColumn(at + 3));
  derived.app_id = OptionalTextOf(row.getColumn(at + 4));
  derived.app_version_id = OptionalTextOf(row.getColumn(at + 5));
  derived.trace_id = OptionalTextOf(row.getColumn(at + 6));
  derived.occurred_at = TimeOf(row.getColumn(at + 7));
  if (const auto sent_at = row.getColumn(at + 8); !sent_at.isNull()) derived.sent_at = TimeOf(sent_at);
  return derived;
}

std::string TableOf(Holding where) { return where == Holding::kQuarantine ? "quarantine" : "unverified"; }

}  // namespace

Appended Log::Append(const LogEntry& entry, std::optional<std::int64_t> seq) {
  const Delivery& delivery = *entry.delivery;
  const Event& event = *entry.event;
  const LogKey key = LogKeyOf(event);
  auto& insert = connection_.Prepared(kInsert);
  if (seq) {
    insert.bind(1, *seq);
  } else {
    insert.bind(1);
  }
  BindText(insert, 2, event.event_id);
  BindText(insert, 3, delivery.source);
  BindTime(insert, 4, delivery.received_at);
  BindText(insert, 5, delivery.path);
  BindTextOrNull(insert, 6, delivery.signature_scheme);
  BindTextOrNull(insert, 7, delivery.signature_key);
  BindTextOrNull(insert, 8, delivery.signature);
  BindText(insert, 9, delivery.body);
  BindDerived(insert, 10, key, event);
  if (insert.exec() > 0) return Appended::kNew;

  auto& known = connection_.Prepared(
      "SELECT event_id, coalesce(entity, ''), coalesce(entity_id, ''), payload FROM events WHERE log_key = ?");
  BindBlob(known, 1, Bytes(key));
  const bool same = known.executeStep() && TextOf(known.getColumn(0)) == event.event_id &&
                    TextOf(known.getColumn(1)) == (event.entity != nullptr ? event.entity->name : "") &&
                    TextOf(known.getColumn(2)) == event.entity_id && TextOf(known.getColumn(3)) == delivery.body;
  known.reset();
  return same ? Appended::kDuplicate : Appended::kConflict;
}

std::vector<LoggedEvent> Log::Of(const EntityKey& key) {
  const LogKeyRange range = LogKeysOf(key.entity, key.id);
  auto& select =
      connection_.Prepared("SELECT " + kFixedColumns + " FROM events WHERE log_key BETWEEN ? AND ? ORDER BY seq");
  BindBlob(select, 1, Bytes(range.first));
  BindBlob(select, 2, Bytes(range.last));
  std::vector<LoggedEvent> events;
  while (select.executeStep()) {
    LoggedEvent event = ReadEventRow(select);
    if (event.entity == key.entity && event.entity_id == key.id) events.push_back(std::move(event));
  }
  select.reset();
  return events;
}

std::vector<LoggedId> Log::IdsOf(const EntityKey& key) {
  std::vector<LoggedId> ids;
  for (LoggedEvent& event : Of(key)) {
    ids.push_back({event.seq, std::move(event.event_id), event.delivery.received_at});
  }
  return ids;
}

// Reads the index of keys alone, and of the log only what it finds there.
std::vector<std::int64_t> Log::SeqsOf(std::string_view event_id) {
  const LogKey key = LogKeyOf("", "", event_id);
  auto& select = connection_.Prepared(
      "SELECT seq, event_id FROM events WHERE seq IN (SELECT seq FROM events INDEXED "
      "BY events_log_key WHERE substr(log_key, 9) = ?) ORDER BY seq");
  BindBlob(select, 1, Bytes(key).substr(8));
  std::vector<std::int64_t> seqs;
  while (select.executeStep()) {
    if (TextOf(select.getColumn(1)) == event_id) seqs.push_back(select.getColumn(0).getInt64());
  }
  select.reset();
  return seqs;
}

std::int64_t Log::CountOf(const EntityKey& key) {
  const LogKeyRange range = LogKeysOf(key.entity, key.id);
  auto& select = connection_.Prepared("SELECT count(*) FROM events WHERE log_key BETWEEN ? AND ?");
  BindBlob(select, 1, Bytes(range.first));
  BindBlob(select, 2, Bytes(range.last));
  const std::int64_t count = select.executeStep() ? select.getColumn(0).getInt64() : 0;
  select.reset();
  return count;
}

std::vector<LoggedEvent> Log::After(std::int64_t seq, std::size_t limit) {
  auto& select = connection_.Prepared("SELECT " + kFixedColumns + ", " + kFurtherColumns +
                                      " FROM events WHERE seq > ? ORDER BY seq LIMIT ?");
  select.bind(1, seq);
  select.bind(2, static_cast<std::int64_t>(limit));
  std::vector<LoggedEvent> events;
  for (std::size_t bytes = 0; bytes < kLogSliceBytes && select.executeStep();) {
    LoggedEvent& event = events.emplace_back(ReadEventRow(select));
    event.derived = ReadDerived(select, 11);
    bytes += event.delivery.body.size();
  }
  select.reset();
  return events;
}

std::vector<LoggedKey> Log::KeysAfter(std::int64_t seq, std::size_t limit) {
  auto& select = connection_.Prepared("SELECT seq, entity, entity_id FROM events WHERE seq > ? ORDER BY seq LIMIT ?");
  select.bind(1, seq);
  select.bind(2, static_cast<std::int64_t>(limit));
  std::vector<LoggedKey> keys;
  while (select.executeStep()) {
    keys.push_back({select.getColumn(0).getInt64(), {TextOf(select.getColumn(1)), TextOf(select.getColumn(2))}});
  }
  select.reset();
  return keys;
}

bool Log::Rederive(std::int64_t seq, const Event& event) {
  auto& update = connection_.Prepared(
      "UPDATE events SET log_key = ?1, type = ?2, entity = ?3, entity_id = ?4, location_id = ?5, agency_id = ?6, "
      "app_id = ?7, app_version_id = ?8, trace_id = ?9, occurred_at = ?10, sent_at = ?11 WHERE seq = ?12 AND "
      "(log_key, type, entity, entity_id, location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, "
      "sent_at)"
      " IS NOT (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
  const LogKey key = LogKeyOf(event);
  BindDerived(update, 1, key, event);
  update.bind(12, seq);
  return update.exec() > 0;
}

bool Log::HasRoom(const Delivery& delivery) {
  auto& count = connection_.Prepared("SELECT count(*), coalesce(sum(length(payload)), 0) FROM unverified");
  count.executeStep();
  const auto rows = count.getColumn(0).getInt64();
  const auto bytes = count.getColumn(1).getInt64();
  count.reset();
  return rows < kUnverifiedRows && bytes + static_cast<std::int64_t>(delivery.body.size()) <= kUnverifiedBytes;
}

Held Log::Hold(Holding where, const Delivery& delivery, const std::string& reason) {
  const std::string digest = HoldingDigest(delivery);
  const std::string table = TableOf(where);
  auto& known = connection_.Prepared("SELECT 1 FROM " + table + " WHERE digest = ?");
  BindBlob(known, 1, digest);
  const bool is_known = known.executeStep();
  known.reset();
  if (is_known) return Held::kDuplicate;
  if (where == Holding::kUnverified && !HasRoom(delivery)) {
    auto& expire = connection_.Prepared("DELETE FROM unverified WHERE received_at < ?");
    BindTime(expire, 1, delivery.received_at - kUnverifiedKept);
    if (expire.exec() == 0 || !HasRoom(delivery)) return Held::kFull;
  }
  auto& insert = connection_.Prepared(
      "INSERT INTO " + table +
      " (digest, reason, source, received_at, path, signature_scheme, signature_key, signature, payload) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  BindBlob(insert, 1, digest);
  BindText(insert, 2, reason);
  BindText(insert, 3, delivery.source);
  BindTime(insert, 4, delivery.received_at);
  BindText(insert, 5, delivery.path);
  BindTextOrNull(insert, 6, delivery.signature_scheme);
  BindTextOrNull(insert, 7, delivery.signature_key);
  BindTextOrNull(insert, 8, delivery.signature);
  BindBlob(insert, 9, delivery.body);
  insert.exec();
  return Held::kNew;
}

std::vector<HeldDelivery> Log::HeldAfter(Holding where, std::int64_t id, std::size_t limit) {
  auto& select = connection_.Prepared(
      "SELECT id, reason, source, received_at, path, signature_scheme, signature_key, signature, payload FROM " +
      TableOf(where) + " WHERE id > ? ORDER BY id LIMIT ?");
  select.bind(1, id);
  select.bind(2, static_cast<std::int64_t>(limit));
  std::vector<HeldDelivery> held;
  while (select.executeStep()) {
    held.push_back({select.getColumn(0).getInt64(), TextOf(select.getColumn(1)), ReadDelivery(select, 2)});
  }
  select.reset();
  return held;
}

void Log::Release(Holding where, std::int64_t id) {
  auto& remove = connection_.Prepared("DELETE FROM " + TableOf(where) + " WHERE id = ?");
  remove.bind(1, id);
  remove.exec();
}

void Log::Count(const EventCount& count) {
  auto& upsert = connection_.Prepared(
      "INSERT INTO event_counts (day, source, location_id, type, writer, events, last_received_at) "
      "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, source, location_id, type, writer) DO UPDATE SET "
      "events = events + excluded.events, last_received_at = max(last_received_at, excluded.last_received_at)");
  upsert.bind(1, FormatDay(count.day));
  BindText(upsert, 2, count.source);
  BindText(upsert, 3, count.location_id);
  BindText(upsert, 4, count.type);
  BindText(upsert, 5, count.writer);
  upsert.bind(6, count.events);
  BindTime(upsert, 7, count.last_received_at);
  upsert.exec();
}

void Log::Count(const RefusalCount& count) {
  auto& upsert = connection_.Prepared(
      "INSERT INTO refusals (day, kind, detail, writer, requests, last_received_at) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT (day, kind, detail, writer) DO UPDATE SET requests = requests + excluded.requests, "
      "last_received_at = max(last_received_at, excluded.last_received_at)");
  upsert.bind(1, FormatDay(count.day));
  BindText(upsert, 2, count.kind);
  BindText(upsert, 3, count.detail);
  BindText(upsert, 4, count.writer);
  upsert.bind(5, count.requests);
  BindTime(upsert, 6, count.last_received_at);
  upsert.exec();
}

}  // namespace crmsink::sqlite
