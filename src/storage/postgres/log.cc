#include "storage/postgres/log.h"

#include <algorithm>
#include <map>

namespace crmsink::postgres {
namespace {

constexpr std::string_view kReading = "reading the log";
constexpr std::string_view kWriting = "writing the log";

constexpr std::string_view kArrived =
    "event_id, source, received_at, path, signature_scheme, signature_key, signature, payload";
constexpr std::string_view kDerived =
    "log_key, type, entity, entity_id, location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, sent_at";
constexpr std::string_view kLogged =
    "seq, event_id, source, received_at, path, signature_scheme, signature_key, signature, payload, entity, entity_id";
constexpr std::string_view kFurther =
    "log_key, type, location_id, agency_id, app_id, app_version_id, trace_id, occurred_at, sent_at";

// The columns of kArrived.
class ArrivedColumns {
 public:
  void Add(const LogEntry& entry) {
    const Delivery& delivery = *entry.delivery;
    columns_.Text(entry.event->event_id);
    columns_.Text(delivery.source);
    columns_.Time(delivery.received_at);
    columns_.Text(delivery.path);
    columns_.TextOrNull(delivery.signature_scheme);
    columns_.TextOrNull(delivery.signature_key);
    columns_.TextOrNull(delivery.signature);
    columns_.Text(delivery.body);
    columns_.EndRow();
  }
  Columns& columns() { return columns_; }

 private:
  Columns columns_{kText, kText, kTimestamptz, kText, kText, kText, kText, kText};
};

// The columns of kDerived.
class DerivedColumns {
 public:
  void Add(const LogKey& key, const Event& event) {
    columns_.Text(Bytes(key));
    columns_.Text(event.type);
    columns_.OptionalText(event.entity != nullptr ? std::optional<std::string_view>(event.entity->name) : std::nullopt);
    columns_.OptionalText(event.entity != nullptr ? std::optional<std::string_view>(event.entity_id) : std::nullopt);
    for (const auto* text :
         {&event.location_id, &event.agency_id, &event.app_id, &event.app_version_id, &event.trace_id}) {
      columns_.OptionalText(*text);
    }
    columns_.Time(event.occurred_at);
    columns_.OptionalTime(event.sent_at);
    columns_.EndRow();
  }
  Columns& columns() { return columns_; }

 private:
  Columns columns_{kBytea, kText, kText, kText, kText, kText, kText, kText, kText, kTimestamptz, kTimestamptz};
};

LoggedEvent ReadLogged(const Rows& rows, int row) {
  LoggedEvent event;
  event.seq = rows.Int(row, 0);
  event.event_id = rows.Text(row, 1);
  event.delivery = ReadDelivery(rows, row, 2);
  event.entity = rows.Text(row, 9);
  event.entity_id = rows.Text(row, 10);
  return event;
}

// kFurther
LoggedEvent::Derived ReadDerived(const Rows& rows, int row, int at) {
  const auto optional_text = [&](int column) {
    return rows.IsNull(row, column) ? std::nullopt : std::optional(rows.Text(row, column));
  };
  LoggedEvent::Derived derived;
  derived.key = LogKeyFrom(rows.TextOrNone(row, at));
  derived.type = rows.Text(row, at + 1);
  derived.location_id = optional_text(at + 2);
  derived.agency_id = optional_text(at + 3);
  derived.app_id = optional_text(at + 4);
  derived.app_version_id = optional_text(at + 5);
  derived.trace_id = optional_text(at + 6);
  derived.occurred_at = rows.Time(row, at + 7);
  if (!rows.IsNull(row, at + 8)) derived.sent_at = rows.Time(row, at + 8);
  return derived;
}

std::string_view NameOf(const Event& event) {
  return event.entity != nullptr ? event.entity->name : std::string_view();
}

bool IsSame(const LogEntry& a, const LogEntry& b) {
  return a.event->event_id == b.event->event_id && NameOf(*a.event) == NameOf(*b.event) &&
         a.event->entity_id == b.event->entity_id && a.delivery->body == b.delivery->body;
}

}  // namespace

Delivery ReadDelivery(const Rows& rows, int row, int at) {
  Delivery delivery;
  delivery.source = rows.Text(row, at);
  delivery.received_at = rows.Time(row, at + 1);
  delivery.path = rows.Text(row, at + 2);
  delivery.signature_scheme = rows.Text(row, at + 3);
  delivery.signature_key = rows.Text(row, at + 4);
  delivery.signature = rows.Text(row, at + 5);
  delivery.body = rows.Text(row, at + 6);
  return delivery;
}

// Locks are taken in the order of the keys, numbers given in the order of arrival.
Result<std::vector<Appended>> Log::Append(std::span<const LogEntry> entries) {
  std::vector<LogKey> keys;
  std::map<LogKey, std::size_t> earliest;  // of those with a key
  ArrivedColumns arrived;
  DerivedColumns derived;
  for (const LogEntry& entry : entries) {
    const LogKey& key = keys.emplace_back(LogKeyOf(*entry.event));
    if (!earliest.emplace(key, keys.size() - 1).second) continue;
    arrived.Add(entry);
    derived.Add(key, *entry.event);
  }
  const auto inserted = Insert(arrived.columns(), derived.columns());
  if (!inserted) return tl::unexpected(inserted.error());

  std::vector<Appended> appended(entries.size(), Appended::kConflict);
  for (const LogKey& key : *inserted) appended[earliest.at(key)] = Appended::kNew;
  std::vector<std::size_t> known;  // came before this call
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t first = earliest.at(keys[i]);
    if (appended[first] != Appended::kNew) {
      known.push_back(i);
    } else if (i != first && IsSame(entries[i], entries[first])) {
      appended[i] = Appended::kDuplicate;
    }
  }
  const auto same = AreThere(entries, known);
  if (!same) return tl::unexpected(same.error());
  for (std::size_t k = 0; k < known.size(); ++k) {
    if ((*same)[k]) appended[known[k]] = Appended::kDuplicate;
  }
  return appended;
}

// The keys of those that were not there.
Result<std::vector<LogKey>> Log::Insert(const Columns& arrived, const Columns& derived) {
  Parameters parameters;
  const std::string given = Unnested({&arrived, &derived}, parameters);
  const std::string names = std::string(kArrived) + ", " + std::string(kDerived);
  const auto inserted =
      session_.Run({.sql = "INSERT INTO " + schema_ + "events (seq, " + names + ") SELECT * FROM (SELECT nextval('" +
                           schema_ + "events_seq_seq') AS seq, given.* FROM " + given + " AS given (" + names +
                           ") OFFSET 0) AS placed ORDER BY log_key ON CONFLICT (log_key) DO NOTHING RETURNING log_key",
                    .parameters = std::move(parameters),
                    .doing = kWriting});
  if (!inserted) return tl::unexpected(inserted.error());
  std::vector<LogKey> keys;
  for (int row = 0; row < inserted->size(); ++row) keys.push_back(LogKeyFrom(inserted->Bytes(row, 0)));
  return keys;
}

// Per entry, whether just this event is in the log. The log's rows are locked by nobody who could change them.
Result<std::vector<bool>> Log::AreThere(std::span<const LogEntry> entries, const std::vector<std::size_t>& which) {
  std::vector<bool> same(which.size());
  if (which.empty()) return same;
  Columns keys{kBytea};
  std::multimap<std::string, std::size_t, std::less<>> places;
  for (std::size_t k = 0; k < which.size(); ++k) {
    const LogKey key = LogKeyOf(*entries[which[k]].event);
    places.emplace(Bytes(key), k);
    keys.Text(Bytes(key));
    keys.EndRow();
  }
  Parameters parameters;
  keys.AddTo(parameters);
  const auto rows =
      session_.Run({.sql = "SELECT log_key, event_id, coalesce(entity, ''), coalesce(entity_id, ''), payload FROM " +
                           schema_ + "events WHERE log_key = ANY($1)",
                    .parameters = std::move(parameters),
                    .doing = kReading});
  if (!rows) return tl::unexpected(rows.error());
  for (int row = 0; row < rows->size(); ++row) {
    const auto [begin, end] = places.equal_range(rows->Bytes(row, 0));
    for (auto place = begin; place != end; ++place) {
      const LogEntry& entry = entries[which[place->second]];
      same[place->second] =
          rows->Bytes(row, 1) == entry.event->event_id && rows->Bytes(row, 2) == NameOf(*entry.event) &&
          rows->Bytes(row, 3) == entry.event->entity_id && rows->Bytes(row, 4) == entry.delivery->body;
    }
  }
  return same;
}

Result<std::vector<bool>> Log::AppendAt(std::span<const PlacedEvent> events) {
  std::vector<bool> is_new(events.size());
  if (events.empty()) return is_new;
  Columns seqs{kInt8};
  ArrivedColumns arrived;
  DerivedColumns derived;
  std::vector<LogEntry> entries;
  for (const PlacedEvent& placed : events) {
    seqs.Int(placed.seq);
    seqs.EndRow();
    entries.push_back({placed.delivery, placed.event});
    arrived.Add(entries.back());
    derived.Add(LogKeyOf(*placed.event), *placed.event);
  }
  Parameters parameters;
  const std::string given = Unnested({&seqs, &arrived.columns(), &derived.columns()}, parameters);
  const std::string names = "seq, " + std::string(kArrived) + ", " + std::string(kDerived);
  session_.Queue({.sql = "INSERT INTO " + schema_ + "events (" + names + ") SELECT * FROM " + given + " AS given (" +
                         names + ") ORDER BY log_key ON CONFLICT DO NOTHING RETURNING seq",
                  .parameters = std::move(parameters),
                  .doing = kWriting});
  // Later events of the database's own come behind these.
  session_.Queue({.sql = "SELECT setval('" + schema_ + "events_seq_seq', greatest($1, (SELECT last_value FROM " +
                         schema_ + "events_seq_seq)))",
                  .parameters = {Parameter::Int(events.back().seq)},
                  .doing = kWriting});
  const auto all = session_.Flush();
  if (!all) return tl::unexpected(all.error());
  const Rows& inserted = (*all)[all->size() - 2];
  for (int row = 0; row < inserted.size(); ++row) {
    const auto found = std::ranges::lower_bound(events, inserted.Int(row, 0), {}, &PlacedEvent::seq);
    is_new[static_cast<std::size_t>(found - events.begin())] = true;
  }
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!is_new[i]) known.push_back(i);
  }
  const auto same = AreThere(entries, known);
  if (!same) return tl::unexpected(same.error());
  const auto other = std::ranges::find(*same, false);
  if (other != same->end()) return FailTaken(events[known[static_cast<std::size_t>(other - same->begin())]].seq);
  return is_new;
}

Result<std::size_t> Log::Rederive(std::span<const PlacedEvent> events) {
  if (events.empty()) return std::size_t{0};
  Columns seqs{kInt8};
  DerivedColumns derived;
  for (const PlacedEvent& placed : events) {
    seqs.Int(placed.seq);
    seqs.EndRow();
    derived.Add(LogKeyOf(*placed.event), *placed.event);
  }
  Parameters parameters;
  const std::string given = Unnested({&seqs, &derived.columns()}, parameters);
  const std::string names(kDerived);
  const std::string ours = Prefixed(names, "known."), theirs = Prefixed(names, "given.");
  const auto updated =
      session_.Run({.sql = "UPDATE " + schema_ + "events AS known SET (" + names + ") = ROW(" + theirs + ") FROM " +
                           given + " AS given (seq, " + names + ") WHERE known.seq = given.seq AND (" + ours +
                           ") IS DISTINCT FROM (" + theirs + ")",
                    .parameters = std::move(parameters),
                    .doing = kWriting,
                    .if_not_unique = ErrorCode::kData});
  if (!updated) return tl::unexpected(updated.error());
  return updated->affected();
}

Session::Statement Log::SelectOf(std::string_view columns, const EntityKey& key, std::string_view order) const {
  const LogKeyRange range = LogKeysOf(key.entity, key.id);
  return {.sql = "SELECT " + std::string(columns) + " FROM " + schema_ +
                 "events WHERE log_key BETWEEN $1 AND $2 AND entity = $3 AND entity_id = $4" + std::string(order),
          .parameters = {Parameter::Bytes(Bytes(range.first)), Parameter::Bytes(Bytes(range.last)),
                         Parameter::Text(key.entity), Parameter::Text(key.id)},
          .doing = kReading};
}

Result<std::vector<std::vector<LoggedEvent>>> Log::Of(std::span<const EntityKey> keys) {
  if (auto done = session_.Flush(); !done) return tl::unexpected(done.error());
  for (const EntityKey& key : keys) session_.Queue(SelectOf(kLogged, key));
  const auto all = session_.Flush();
  if (!all) return tl::unexpected(all.error());
  std::vector<std::vector<LoggedEvent>> logs;
  for (const Rows& rows : *all) {
    auto& events = logs.emplace_back();
    for (int row = 0; row < rows.size(); ++row) events.push_back(ReadLogged(rows, row));
  }
  return logs;
}

Result<std::vector<LoggedId>> Log::IdsOf(const EntityKey& key) {
  const auto rows = session_.Run(SelectOf("seq, event_id, received_at", key));
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LoggedId> ids;
  for (int row = 0; row < rows->size(); ++row) {
    ids.push_back({rows->Int(row, 0), rows->Text(row, 1), rows->Time(row, 2)});
  }
  return ids;
}

Result<std::vector<std::int64_t>> Log::SeqsOf(std::string_view event_id) {
  const auto rows = session_.Run({.sql = "SELECT seq FROM " + schema_ + "events WHERE event_id = $1 ORDER BY seq",
                                  .parameters = {Parameter::Text(event_id)},
                                  .doing = kReading});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::int64_t> seqs;
  for (int row = 0; row < rows->size(); ++row) seqs.push_back(rows->Int(row, 0));
  return seqs;
}

Result<std::vector<std::int64_t>> Log::CountOf(std::span<const EntityKey> keys) {
  if (auto done = session_.Flush(); !done) return tl::unexpected(done.error());
  for (const EntityKey& key : keys) session_.Queue(SelectOf("count(*)", key, ""));
  const auto all = session_.Flush();
  if (!all) return tl::unexpected(all.error());
  std::vector<std::int64_t> counts;
  for (const Rows& rows : *all) counts.push_back(rows.Int(0, 0));
  return counts;
}

// The length of a text is known without reading it.
Result<std::vector<LoggedEvent>> Log::After(std::int64_t seq, std::size_t limit) {
  const std::string columns = std::string(kLogged) + ", " + std::string(kFurther);
  const auto rows = session_.Run(
      {.sql = "SELECT " + columns +
              " FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq ROWS UNBOUNDED "
              "PRECEDING) - octet_length(payload) AS before FROM (SELECT * FROM " +
              schema_ +
              "events WHERE seq > $1 ORDER BY seq LIMIT $2) AS slice) AS measured WHERE before < $3 ORDER BY seq",
       .parameters = {Parameter::Int(seq), Parameter::Int(static_cast<std::int64_t>(limit)),
                      Parameter::Int(static_cast<std::int64_t>(kLogSliceBytes))},
       .doing = kReading});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LoggedEvent> events;
  for (int row = 0; row < rows->size(); ++row) {
    events.push_back(ReadLogged(*rows, row));
    events.back().derived = ReadDerived(*rows, row, 11);
  }
  return events;
}

Result<std::vector<LoggedKey>> Log::KeysAfter(std::int64_t seq, std::size_t limit) {
  const auto rows = session_.Run(
      {.sql = "SELECT seq, entity, entity_id FROM " + schema_ + "events WHERE seq > $1 ORDER BY seq LIMIT $2",
       .parameters = {Parameter::Int(seq), Parameter::Int(static_cast<std::int64_t>(limit))},
       .doing = kReading});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<LoggedKey> keys;
  for (int row = 0; row < rows->size(); ++row) {
    keys.push_back({rows->Int(row, 0), {rows->Text(row, 1), rows->Text(row, 2)}});
  }
  return keys;
}

}  // namespace crmsink::postgres
