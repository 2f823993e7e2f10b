#include "naive_store.h"

#include <algorithm>
#include <tuple>

#include "entities/catalog.h"
#include "naive_digest.h"
#include "naive_fold.h"
#include "naive_time.h"

namespace crmsink::naive {
namespace {

bool IsDigestOrNumbered(const std::string& id, const std::string& digest) {
  return id == digest || id.starts_with(digest + "-");
}

Json TextOrNull(const std::optional<std::string>& text) { return text ? Json::String(*text) : Json{}; }

Json LogRow(const Event& event) {
  const bool mapped = event.entity != nullptr;
  return Json::Object({
      {"agency_id", TextOrNull(event.agency_id)},
      {"app_id", TextOrNull(event.app_id)},
      {"app_version_id", TextOrNull(event.app_version_id)},
      {"entity", mapped ? Json::String(std::string(event.entity->name)) : Json{}},
      {"entity_id", mapped ? Json::String(event.entity_id) : Json{}},
      {"event_id", Json::String(event.event_id)},
      {"location_id", TextOrNull(event.location_id)},
      {"occurred_at", Json::String(FormatTime(event.occurred_at))},
      {"payload_sha256", Json::String(HexSha256(event.body_bytes))},
      {"sent_at", event.sent_at ? Json::String(FormatTime(*event.sent_at)) : Json{}},
      {"trace_id", TextOrNull(event.trace_id)},
      {"type", Json::String(event.type)},
  });
}

}  // namespace

void NaiveStore::Restart() {
  log_.clear();
  quarantine_.clear();
}

std::vector<Ack> NaiveStore::Accept(const std::vector<contract::Post>& posts) {
  std::vector<Ack> acks;
  const std::lock_guard lock(mutex_);
  for (const contract::Post& post : posts) acks.push_back(AcceptOne(post));
  return acks;
}

Ack NaiveStore::AcceptOne(const contract::Post& post) {
  const auto understood = Understand(post);
  const Event* event = std::get_if<Event>(&understood);
  if (event == nullptr) return Quarantine(post);
  Subject subject;
  if (event->entity != nullptr) subject = {std::string(event->entity->name), event->entity_id};
  std::vector<Logged>& log = log_[subject];
  const std::string id = IdInLog(*event, log);
  const auto same_id =
      std::find_if(log.begin(), log.end(), [&](const Logged& logged) { return logged.event_id == id; });
  if (same_id == log.end()) {
    log.push_back({post, id});
    return {AckStatus::kStored, id};
  }
  if (same_id->post.body != post.body) return Quarantine(post);
  return {AckStatus::kDuplicate, id};
}

std::string NaiveStore::IdInLog(const Event& event, const std::vector<Logged>& log) {
  const std::string& id = event.event_id;
  const auto taken = [&](const std::string& candidate) {
    return std::any_of(log.begin(), log.end(), [&](const Logged& logged) { return logged.event_id == candidate; });
  };
  const bool timeless = !event.has_webhook_id && !event.has_own_time;
  if (!timeless || event.entity == nullptr || event.keyed_by_event || !taken(id)) return id;
  if (IsDigestOrNumbered(log.back().event_id, id)) return log.back().event_id;
  int n = 1;
  while (taken(id + "-" + std::to_string(n))) ++n;
  return id + "-" + std::to_string(n);
}

Ack NaiveStore::Quarantine(const contract::Post& post) {
  quarantine_.insert({post.path, post.body});
  return {AckStatus::kQuarantined, ""};
}

Event NaiveStore::Understood(const Logged& logged) {
  Event event = std::get<Event>(Understand(logged.post));
  event.event_id = logged.event_id;
  return event;
}

std::string NaiveStore::Dump() {
  const std::lock_guard lock(mutex_);
  std::map<std::string, Rows> tables;
  for (const auto& [subject, log] : log_) {
    if (!subject) continue;
    const Entity& entity = *FindEntity(subject->first);
    std::vector<Event> events;
    for (const Logged& logged : log) events.push_back(Understood(logged));
    for (auto& [table, rows] : TableRows(entity, Fold(entity, std::move(events)))) tables[table].merge(rows);
  }
  std::string out;
  for (const auto& [table, rows] : tables) {
    for (const auto& [key, row] : rows) {
      out += Canonical(Json::Object({{"row", Json::Object(row)}, {"table", Json::String(table)}})) + "\n";
    }
  }
  return out;
}

std::string NaiveStore::DumpLog() {
  const std::lock_guard lock(mutex_);
  std::vector<std::tuple<std::string, Subject, std::string>> lines;
  for (const auto& [subject, log] : log_) {
    for (const Logged& logged : log) {
      lines.emplace_back(logged.event_id, subject, Canonical(LogRow(Understood(logged))));
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& [id, subject, line] : lines) out += line + "\n";
  return out;
}

std::size_t NaiveStore::QuarantineCount() {
  const std::lock_guard lock(mutex_);
  return quarantine_.size();
}

}  // namespace crmsink::naive

namespace crmsink::contract {

std::unique_ptr<StoreUnderTest> MakeNaiveStore() { return std::make_unique<naive::NaiveStore>(); }

}  // namespace crmsink::contract
