#include "cli/event_filter.h"

#include <algorithm>
#include <utility>

#include "cli/nearest.h"
#include "entities/catalog.h"
#include "event/event_table.h"
#include "storage/database.h"

namespace crmsink {
namespace {

// Of an entity with more events than that, the log is searched for its id instead.
constexpr std::size_t kMostSeqs = 10'000;

void Add(EventCondition& condition, std::string_view sql) { condition.sql.append(" AND ").append(sql); }

void Add(EventCondition& condition, std::string_view sql, QueryValue parameter) {
  condition.parameters.push_back(std::move(parameter));
  Add(condition, std::string(sql) + "$" + std::to_string(condition.parameters.size()));
}

// 2026-03-01, 2026-03-01T10:00Z, or a time before now: 30s, 15m, 2h.
Result<std::string> TimeIn(std::string_view option, const std::string& text, Millis now) {
  if (const auto time = ParseTime(text)) return FormatSqlTime(*time);
  if (const auto ago = ParseDuration(text)) return FormatSqlTime(now - ago->count());
  return Fail(ErrorCode::kInvalid, std::string(option) + ": \"" + text +
                                       "\" must be a time like 2026-03-01 or 2026-03-01T10:00Z (UTC where no zone is "
                                       "said), or one before now, like 15m or 2h");
}

// The events of an entity's id, found by the index of the log, of whatever entities.
Result<std::vector<std::int64_t>> SeqsOfId(const std::string& database, std::span<const Entity* const> entities,
                                           const std::string& id) {
  const auto store = OpenStore(database, {});
  if (!store) return tl::unexpected(store.error());
  const auto reading = (*store)->Begin(Store::Mode::kRead);
  if (!reading) return tl::unexpected(reading.error());
  std::vector<std::int64_t> seqs;
  for (const Entity* entity : entities) {
    const auto logged = (*reading)->LoggedIdsOf({std::string(entity->name), id});
    if (!logged) return tl::unexpected(logged.error());
    for (const LoggedId& event : *logged) seqs.push_back(event.seq);
  }
  return seqs;
}

}  // namespace

Result<const Entity*> EntityNamed(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Entity* entity : Entities()) {
    if (Lists(entity->name, name) || Lists(entity->table, name)) return entity;
    names.push_back(entity->table);
    names.push_back(entity->name);
  }
  return Fail(ErrorCode::kInvalid, "\"" + name + "\" is no table or entity; the nearest known one is " +
                                       std::string(Nearest(name, names)) + " (crmsink schema lists them)");
}

EventFilter::EventFilter(CommandLine& line) {
  line.AddText("--type", type_, "EVENT", "Only events of this type, or alias of it, whatever the case");
  line.AddText("--entity", entity_, "TABLE", "Only events of this table or entity (contacts, Contact)");
  line.AddText("--entity-id", entity_id_, "ID", "Only events of the contact, invoice, ... with this id");
  line.AddText("--location", location_, "ID", "Only events of this location");
  line.AddText("--since", since_, "TIME",
               "Only what arrived then or later: 2026-03-01, 2026-03-01T10:00Z, or 2h for two hours ago");
  line.AddText("--until", until_, "TIME", "Only what arrived before then");
  line.AddFlag("--unmapped", unmapped_, "Only events that this version knows no table for");
}

Result<void> EventFilter::AddEntity(const std::string& database, bool to_come, EventCondition& condition) const {
  const Entity* entity = nullptr;
  if (!entity_.empty()) {
    const auto named = EntityNamed(entity_);
    if (!named) return Fail(named.error().code, "--entity: " + named.error().message);
    entity = *named;
    Add(condition, "entity = ", std::string(entity->name));
  }
  if (entity_id_.empty()) return {};
  if (to_come) {
    Add(condition, "entity_id = ", entity_id_);
    return {};
  }
  const auto seqs =
      entity != nullptr ? SeqsOfId(database, {&entity, 1}, entity_id_) : SeqsOfId(database, Entities(), entity_id_);
  if (!seqs) return tl::unexpected(seqs.error());
  if (seqs->size() > kMostSeqs) {
    Add(condition, "entity_id = ", entity_id_);
    return {};
  }
  std::string list;
  for (const std::int64_t seq : *seqs) list.append(list.empty() ? "" : ",").append(std::to_string(seq));
  Add(condition, list.empty() ? "1 = 0" : "seq IN (" + list + ")");
  return {};
}

Result<void> EventFilter::AddTimes(Millis now, EventCondition& condition) const {
  if (!since_.empty()) {
    auto time = TimeIn("--since", since_, now);
    if (!time) return tl::unexpected(time.error());
    Add(condition, "received_at >= ", *std::move(time));
  }
  if (!until_.empty()) {
    auto time = TimeIn("--until", until_, now);
    if (!time) return tl::unexpected(time.error());
    Add(condition, "received_at < ", *std::move(time));
  }
  return {};
}

Result<EventCondition> EventFilter::Condition(const std::string& database, Millis now, bool to_come) const {
  EventCondition condition{.sql = "1 = 1", .parameters = {}};
  if (!type_.empty()) {
    const KnownEvent known = FindEvent(type_);
    Add(condition, "type = ", std::string(known.type != nullptr ? known.type->name : std::string_view(type_)));
  }
  if (!location_.empty()) Add(condition, "location_id = ", location_);
  if (unmapped_) Add(condition, "entity IS NULL");
  if (auto done = AddTimes(now, condition); !done) return tl::unexpected(done.error());
  if (auto done = AddEntity(database, to_come, condition); !done) return tl::unexpected(done.error());
  return condition;
}

std::string EventFilter::Hint() const {
  if (type_.empty() || FindEvent(type_).type != nullptr) return "";
  std::vector<std::string_view> names;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) names.push_back(event.name);
  }
  return "no event is called " + type_ + "; the nearest known one is " + std::string(Nearest(type_, names));
}

}  // namespace crmsink
