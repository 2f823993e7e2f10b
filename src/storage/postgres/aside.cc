#include "storage/postgres/aside.h"

#include "storage/log_key.h"
#include "storage/postgres/columns.h"
#include "storage/postgres/log.h"

namespace crmsink::postgres {

std::string Aside::TableOf(Holding where) const {
  return schema_ + (where == Holding::kQuarantine ? "quarantine" : "unverified");
}

Result<bool> Aside::HasRoom(const Delivery& delivery) {
  const auto rows = session_.Run(
      {.sql = "SELECT count(*), coalesce(sum(octet_length(payload)), 0)::bigint FROM " + schema_ + "unverified",
       .doing = "looking for room for an unverified delivery"});
  if (!rows) return tl::unexpected(rows.error());
  return rows->Int(0, 0) < kUnverifiedRows &&
         rows->Int(0, 1) + static_cast<std::int64_t>(delivery.body.size()) <= kUnverifiedBytes;
}

Result<Held> Aside::Hold(Holding where, const Delivery& delivery, std::string_view reason) {
  constexpr std::string_view kKeeping = "keeping a delivery aside";
  const std::string digest = HoldingDigest(delivery), table = TableOf(where);
  const auto known = session_.Run({.sql = "SELECT 1 FROM " + table + " WHERE digest = $1",
                                   .parameters = {Parameter::Bytes(digest)},
                                   .doing = kKeeping});
  if (!known) return tl::unexpected(known.error());
  if (known->size() > 0) return Held::kDuplicate;
  if (where == Holding::kUnverified) {
    auto has_room = HasRoom(delivery);
    if (has_room && !*has_room) {
      session_.Queue({.sql = "DELETE FROM " + table + " WHERE received_at < $1",
                      .parameters = {Parameter::Time(delivery.received_at - kUnverifiedKept)},
                      .doing = kKeeping});
      has_room = HasRoom(delivery);
    }
    if (!has_room) return tl::unexpected(has_room.error());
    if (!*has_room) return Held::kFull;
  }
  const auto text_or_null = [](const std::string& text) {
    Parameter parameter = Parameter::Text(text);
    parameter.is_null = text.empty();
    return parameter;
  };
  const auto inserted = session_.Run(
      {.sql = "INSERT INTO " + table +
              " (digest, reason, source, received_at, path, signature_scheme, signature_key, signature, payload) "
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (digest) DO NOTHING",
       .parameters = {Parameter::Bytes(digest), Parameter::Text(reason), Parameter::Text(delivery.source),
                      Parameter::Time(delivery.received_at), Parameter::Text(delivery.path),
                      text_or_null(delivery.signature_scheme), text_or_null(delivery.signature_key),
                      text_or_null(delivery.signature), Parameter::Bytes(delivery.body)},
       .doing = kKeeping});
  if (!inserted) return tl::unexpected(inserted.error());
  return inserted->affected() > 0 ? Held::kNew : Held::kDuplicate;
}

Result<std::vector<HeldDelivery>> Aside::HeldAfter(Holding where, std::int64_t id, std::size_t limit) {
  const auto rows = session_.Run(
      {.sql =
           "SELECT id, reason, source, received_at, path, signature_scheme, signature_key, signature, payload FROM " +
           TableOf(where) + " WHERE id > $1 ORDER BY id LIMIT $2",
       .parameters = {Parameter::Int(id), Parameter::Int(static_cast<std::int64_t>(limit))},
       .doing = "reading what is kept aside"});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<HeldDelivery> held;
  for (int row = 0; row < rows->size(); ++row) {
    held.push_back({rows->Int(row, 0), rows->Text(row, 1), ReadDelivery(*rows, row, 2)});
  }
  return held;
}

void Aside::Release(Holding where, std::int64_t id) {
  session_.Queue({.sql = "DELETE FROM " + TableOf(where) + " WHERE id = $1",
                  .parameters = {Parameter::Int(id)},
                  .doing = "releasing a delivery"});
}

void Aside::Count(std::span<const EventCount> counts) {
  if (counts.empty()) return;
  Columns columns{kDate, kText, kText, kText, kText, kInt8, kTimestamptz};
  for (const EventCount& count : counts) {
    columns.Date(count.day);
    for (const auto* text : {&count.source, &count.location_id, &count.type, &count.writer}) columns.Text(*text);
    columns.Int(count.events);
    columns.Time(count.last_received_at);
    columns.EndRow();
  }
  Parameters parameters;
  const std::string given = Unnested({&columns}, parameters);
  session_.Queue({.sql = "INSERT INTO " + schema_ +
                         "event_counts AS known (day, source, location_id, type, writer, events, last_received_at) "
                         "SELECT * FROM " +
                         given +
                         " ON CONFLICT (day, source, location_id, type, writer) DO UPDATE SET "
                         "events = known.events + excluded.events, "
                         "last_received_at = greatest(known.last_received_at, excluded.last_received_at)",
                  .parameters = std::move(parameters),
                  .doing = "counting"});
}

void Aside::Count(std::span<const RefusalCount> counts) {
  if (counts.empty()) return;
  Columns columns{kDate, kText, kText, kText, kInt8, kTimestamptz};
  for (const RefusalCount& count : counts) {
    columns.Date(count.day);
    for (const auto* text : {&count.kind, &count.detail, &count.writer}) columns.Text(*text);
    columns.Int(count.requests);
    columns.Time(count.last_received_at);
    columns.EndRow();
  }
  Parameters parameters;
  const std::string given = Unnested({&columns}, parameters);
  session_.Queue({.sql = "INSERT INTO " + schema_ +
                         "refusals AS known (day, kind, detail, writer, requests, last_received_at) SELECT * FROM " +
                         given +
                         " ON CONFLICT (day, kind, detail, writer) DO UPDATE SET "
                         "requests = known.requests + excluded.requests, "
                         "last_received_at = greatest(known.last_received_at, excluded.last_received_at)",
                  .parameters = std::move(parameters),
                  .doing = "counting"});
}

}  // namespace crmsink::postgres
