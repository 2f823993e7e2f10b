#include "naive_event.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "entities/catalog.h"
#include "naive_digest.h"
#include "naive_paths.h"
#include "naive_time.h"
#include "naive_values.h"

namespace crmsink::naive {
namespace {

constexpr Millis kFutureAllowed = 5 * 60 * 1000;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What a delivery turned out to be. `declared` is null for an unmapped event and for a body known by its shape alone
// whose entity has no general update.
struct Meaning {
  std::string name;
  const Entity* entity = nullptr;
  const EventType* declared = nullptr;
  std::string_view time = "timestamp";
};

Meaning Declared(const Entity& entity, const EventType& event) {
  return {std::string(event.name), &entity, &event, event.time};
}

bool IsNameOf(const EventType& event, std::string_view name) {
  const std::string lower = LowerCase(name);
  const auto aliases = Split(event.aliases, '|');
  return LowerCase(event.name) == lower ||
         std::any_of(aliases.begin(), aliases.end(), [&](const auto& alias) { return LowerCase(alias) == lower; });
}

std::optional<Meaning> FindByName(std::string_view name) {
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      if (IsNameOf(event, name)) return Declared(*entity, event);
    }
  }
  return std::nullopt;
}

// The last segment of the path, without a final slash.
std::string_view LastSegment(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

bool HasShape(const Entity& entity, const Json& body) {
  const auto members = Split(entity.shape, '|');
  return !members.empty() && std::all_of(members.begin(), members.end(),
                                         [&](const std::string& member) { return Look(body, member).there; });
}

// `type` holds something else than a name that exactly one event is known for (the channel of a message).
std::optional<Meaning> FindByBodyType(std::string_view type, const Json& body) {
  std::optional<Meaning> found;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      for (const std::string& text : Split(event.body_types, '|')) {
        if (LowerCase(text) != LowerCase(type)) continue;
        if (found) return std::nullopt;
        found = Declared(*entity, event);
      }
    }
  }
  return found && HasShape(*found->entity, body) ? found : std::nullopt;
}

// A shape alone is at most an update.
std::optional<Meaning> FindByShape(const Json& body, Kind kind) {
  for (const Entity* entity : Entities()) {
    if (entity->kind != kind || !HasShape(*entity, body)) continue;
    if (entity->events.size() == 1) return Declared(*entity, entity->events.front());
    for (const EventType& event : entity->events) {
      if (event.op == Op::kUpdate && event.rank == 1) return Declared(*entity, event);
    }
    const std::string_view time = entity->events.front().time;
    return Meaning{std::string(entity->name), entity, nullptr, time.substr(0, time.find('|'))};
  }
  return std::nullopt;
}

std::optional<Meaning> Resolve(std::string_view path, const Json& body) {
  const Json* member = body.Find("type");
  std::optional<std::string> type;
  if (member != nullptr && member->IsString() && !member->text.empty()) type = member->text;

  const auto by_body = type ? FindByName(*type) : std::nullopt;
  const auto by_path = FindByName(LastSegment(path));
  if (by_body) {
    const auto overruled = by_path ? Split(by_path->declared->path_overrules, '|') : std::vector<std::string>{};
    const bool wrong = std::find(overruled.begin(), overruled.end(), by_body->name) != overruled.end();
    return wrong ? by_path : by_body;
  }
  if (by_path) return by_path;
  if (!type || type->size() > kMaxKeyBytes) {
    const auto fact = FindByShape(body, Kind::kFact);
    return fact ? fact : FindByShape(body, Kind::kMirror);
  }
  if (auto by_channel = FindByBodyType(*type, body)) return by_channel;
  return Meaning{.name = *type};
}

std::optional<std::string> TextOf(const Json& body, const std::string& member) {
  const Json* value = body.Find(member);
  return value == nullptr ? std::nullopt : AsText(*value);
}

std::optional<std::string> LocationOf(std::string_view paths, const Json& body) {
  for (const std::string& path : Split(paths, '|')) {
    const Found found = Look(body, path);
    if (!found.there) continue;
    const auto text = found.value == nullptr ? std::nullopt : AsText(*found.value);
    return text && text->size() <= kMaxKeyBytes ? text : std::nullopt;
  }
  return std::nullopt;
}

std::optional<Millis> OwnTime(std::string_view candidates, const Json& body) {
  for (const std::string& path : Split(candidates, '|')) {
    const Found found = Look(body, path);
    const auto time = found.value == nullptr ? std::nullopt : ReadTime(*found.value);
    if (time) return time;
  }
  return std::nullopt;
}

void FillTimes(std::string_view candidates, Event& event) {
  const Json* timestamp = event.body.Find("timestamp");
  event.sent_at = timestamp == nullptr ? std::nullopt : ReadTime(*timestamp);
  auto time = OwnTime(candidates, event.body);
  if (!time) time = event.sent_at;
  event.has_own_time = time.has_value();
  event.occurred_at = time.value_or(event.received_at);
  if (event.occurred_at > event.received_at + kFutureAllowed) event.occurred_at = event.received_at;
}

// What members say about creation and deletion: `op_by` first, then `tombstone_when`, which takes no delete back.
void FillOp(const EventType& declared, Event& event) {
  event.op = declared.op;
  event.rank = declared.rank;
  event.sets = declared.sets;
  event.tombstone_when = declared.tombstone_when;
  const auto said = TextOf(event.body, std::string(declared.op_by));
  if (!declared.op_by.empty() && said) {
    if (*said == "created") event.op = Op::kCreate, event.rank = 0;
    if (*said == "updated") event.op = Op::kUpdate, event.rank = 1;
    if (*said == "deleted") event.op = Op::kDelete, event.rank = 3;
  }
  if (declared.tombstone_when.empty() || event.op == Op::kDelete) return;
  const Json* member = event.body.Find(std::string(declared.tombstone_when));
  const auto deleted = member == nullptr ? std::nullopt : AsBoolean(*member);
  if (!deleted) return;
  event.brings_back = !*deleted;
  if (*deleted) event.op = Op::kDelete, event.rank = 3;
}

// The parts joined by ':'; of the paths of a part the first that gives a text. Empty: a part is missing.
std::string ComposedId(std::string_view parts, const Json& body) {
  std::string id;
  for (const std::string& part : Split(parts, ',')) {
    std::optional<std::string> text;
    for (const std::string& path : Split(part, '|')) {
      if (!text) text = TextOf(body, path);
    }
    if (!text) return "";
    id += (id.empty() ? "" : ":") + *text;
  }
  return id;
}

// False: there is none.
bool FillEntityId(Event& event) {
  for (const std::string& path : Split(event.entity->columns.front().from, '|')) {
    if (path == "@event_id") {
      event.entity_id = event.event_id;
      event.keyed_by_event = true;
      return true;
    }
    if (path == "@id_parts") {
      event.entity_id = ComposedId(event.entity->id_parts, event.body);
      return !event.entity_id.empty();
    }
    const Found found = Look(event.body, path);
    const auto id = found.value == nullptr ? std::nullopt : AsText(*found.value);
    if (id) {
      event.entity_id = *id;
      return true;
    }
  }
  return false;
}

}  // namespace

std::variant<Event, Unusable> Understand(const contract::Post& post) {
  Event event;
  event.body_bytes = post.body;
  event.received_at = post.received_at;
  std::string_view text = post.body;
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  auto body = ParseJson(text);
  if (!body) return Unusable{"not JSON, or too deep or too much of it"};
  if (!body->IsObject()) return Unusable{"not an object"};
  event.body = *std::move(body);

  const auto meaning = Resolve(post.path, event.body);
  if (!meaning) return Unusable{"no type, no known path, no known shape"};
  event.type = meaning->name;
  event.entity = meaning->entity;
  if (meaning->declared != nullptr) FillOp(*meaning->declared, event);

  const auto webhook_id = TextOf(event.body, "webhookId");
  event.has_webhook_id = webhook_id.has_value();
  event.event_id = webhook_id ? *webhook_id : HexSha256(event.type + '\0' + post.body);
  if (event.event_id.size() > kMaxKeyBytes) return Unusable{"webhookId over 255 bytes"};
  event.location_id = LocationOf(event.entity != nullptr ? event.entity->location : "locationId", event.body);
  event.agency_id = TextOf(event.body, "companyId");
  event.app_id = TextOf(event.body, "appId");
  event.app_version_id = TextOf(event.body, "versionId");
  event.trace_id = TextOf(event.body, "traceId");
  FillTimes(meaning->time, event);
  if (event.entity == nullptr) return event;
  if (!FillEntityId(event)) return Unusable{"no id"};
  if (event.entity_id.size() > kMaxKeyBytes) return Unusable{"id over 255 bytes"};
  return event;
}

bool NamesAnEvent(const Json& type) { return type.IsString() && FindByName(type.text).has_value(); }

bool Earlier(const Event& one, const Event& other) {
  const auto key = [](const Event& event) {
    return std::tie(event.occurred_at, event.rank, event.sent_at, event.event_id);
  };
  return key(one) < key(other);
}

}  // namespace crmsink::naive
