#include "event/event.h"

#include <utility>

#include "base/sha256.h"
#include "event/event_table.h"
#include "event/values.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

constexpr Millis kClockTolerance = 5 * 60 * 1000;

using Reason = std::string;

std::optional<std::string> TextAt(const json::Value& payload, std::string_view paths) {
  for (std::size_t i = 0; i < Count(paths, '|'); ++i) {
    const json::Value* value = At(payload, Piece(paths, '|', i));
    if (value == nullptr) continue;
    const auto text = TextOf(*value);
    return text ? std::optional<std::string>(*text) : std::nullopt;
  }
  return std::nullopt;
}

void Know(Event& event, KnownEvent known) {
  event.entity = known.entity;
  event.known = known.type;
  event.type = known.type->name;
  event.op = known.type->op;
  event.rank = known.type->rank;
}

// A shape tells the entity, never whether it is a create, an update or a delete.
void KnowByShape(Event& event, const Entity& entity) {
  if (entity.events.size() == 1) {
    Know(event, {&entity, &entity.events[0]});
    return;
  }
  for (const EventType& type : entity.events) {
    if (type.op == Op::kUpdate && type.rank == 1) {
      Know(event, {&entity, &type});
      return;
    }
  }
  event.entity = &entity;
  event.type = entity.name;
}

// Which event is it? False: nothing tells.
bool Identify(Event& event, const json::Value& payload, std::string_view path) {
  const KnownEvent by_path = FindEvent(EventOfPath(path).value_or(std::string_view()));
  const json::Value* type = payload.Find("type");
  const bool has_type = type != nullptr && type->IsString() && !type->text().empty();
  const KnownEvent by_type = has_type ? FindEvent(type->text()) : KnownEvent();
  event.type_names_event = by_type.type != nullptr;
  const bool overruled =
      by_path.type != nullptr && by_type.type != nullptr && Lists(by_path.type->path_overrules, by_type.type->name);
  if (by_type.type != nullptr && !overruled) {
    Know(event, by_type);
  } else if (by_path.type != nullptr) {
    Know(event, by_path);
  } else if (has_type && type->text().size() <= kMaxKeyBytes) {
    const KnownEvent by_body_type = FindEventByBodyType(type->text(), payload);
    if (by_body_type.type != nullptr) {
      Know(event, by_body_type);
    } else {
      event.type = type->text();
    }
  } else if (const Entity* entity = FindEntityByShape(payload)) {
    KnowByShape(event, *entity);
  } else {
    return false;
  }
  return true;
}

// What members of the payload say about creation and deletion goes over what the event's name says.
void ReadOp(Event& event, const json::Value& payload) {
  if (event.known == nullptr) return;
  if (!event.known->op_by.empty()) {
    const auto said = TextAt(payload, event.known->op_by).value_or("");
    if (said == "created") event.op = Op::kCreate, event.rank = 0;
    if (said == "updated") event.op = Op::kUpdate, event.rank = 1;
    if (said == "deleted") event.op = Op::kDelete, event.rank = 3;
  }
  if (!event.known->tombstone_when.empty() && event.op != Op::kDelete) {
    const json::Value* value = At(payload, event.known->tombstone_when);
    const auto deleted = value == nullptr ? std::nullopt : BooleanOf(*value);
    if (deleted == true) event.op = Op::kDelete, event.rank = 3;
    if (deleted == false) event.brings_back = true;
  }
}

// The payload's own version time. A time of creation is a version only for a create, so where only the shape is known
// the first candidate alone counts.
std::optional<Millis> OwnTime(const Event& event, const json::Value& payload) {
  if (event.entity != nullptr) {
    const EventType& type = event.known != nullptr ? *event.known : event.entity->events[0];
    const std::size_t candidates = event.known != nullptr ? Count(type.time, '|') : 1;
    for (std::size_t i = 0; i < candidates; ++i) {
      const json::Value* value = At(payload, Piece(type.time, '|', i));
      const auto time = value == nullptr ? std::nullopt : TimeOf(*value);
      if (time) return time;
    }
  }
  return event.sent_at;
}

void ReadTimes(Event& event, const json::Value& payload, Millis received_at) {
  const json::Value* sent = payload.Find("timestamp");
  if (sent != nullptr) event.sent_at = TimeOf(*sent);
  const auto own = OwnTime(event, payload);
  event.is_timeless = !own.has_value();
  event.occurred_at = own && *own <= received_at + kClockTolerance ? *own : received_at;
}

std::string MakeEventId(const Event& event, const Delivery& delivery) {
  return Hex(Sha256({event.type, std::string_view("\0", 1), delivery.body}));
}

// False: over-long.
bool ReadEventId(Event& event, const json::Value& payload, const Delivery& delivery,
                 std::optional<std::string> decided) {
  const auto sent = TextAt(payload, "webhookId");
  if (sent && sent->size() > kMaxKeyBytes) return false;
  if (sent) event.is_timeless = false;
  event.event_id = decided ? std::move(*decided) : sent ? *sent : MakeEventId(event, delivery);
  return true;
}

std::string IdFromParts(const json::Value& payload, std::string_view parts) {
  std::string id;
  for (std::size_t i = 0; i < Count(parts, ','); ++i) {
    std::optional<std::string> part;
    const auto paths = Piece(parts, ',', i);
    for (std::size_t k = 0; k < Count(paths, '|') && !part; ++k) part = TextAt(payload, Piece(paths, '|', k));
    if (!part) return {};
    if (i > 0) id += ':';
    id += *part;
  }
  return id;
}

// Empty: the payload has none.
std::string ReadEntityId(const Event& event, const json::Value& payload) {
  const std::string_view paths = event.entity->columns[0].from;
  for (std::size_t i = 0; i < Count(paths, '|'); ++i) {
    const auto path = Piece(paths, '|', i);
    if (path == "@event_id") return event.event_id;
    if (path == "@id_parts") return IdFromParts(payload, event.entity->id_parts);
    if (auto id = TextAt(payload, path)) return *std::move(id);
  }
  return {};
}

}  // namespace

std::optional<std::string_view> EventOfPath(std::string_view path) {
  static constexpr std::string_view kHook = "/webhooks";
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(kHook)) return std::string_view();
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos || slash + 1 == path.size()) return std::nullopt;
  if (!path.substr(0, slash).ends_with(kHook)) return std::nullopt;
  return path.substr(slash + 1);
}

tl::expected<Event, std::string> ReadEvent(const Delivery& delivery, std::optional<std::string> event_id) {
  auto document = json::Document::Parse(delivery.body);
  if (!document) return tl::unexpected<Reason>("the body is not usable JSON: " + document.error().message);
  Event event;
  event.payload = *std::move(document);
  const json::Value& payload = event.payload.root();
  if (!payload.IsObject()) return tl::unexpected<Reason>("the body is a list, not an object");
  if (!Identify(event, payload, delivery.path)) {
    return tl::unexpected<Reason>("neither `type`, nor the path, nor the shape tells which event this is");
  }
  ReadOp(event, payload);
  ReadTimes(event, payload, delivery.received_at);
  if (!ReadEventId(event, payload, delivery, std::move(event_id))) {
    return tl::unexpected<Reason>("webhookId is over 255 bytes long");
  }
  event.location_id = TextAt(payload, event.entity != nullptr ? event.entity->location : "locationId");
  if (event.location_id && event.location_id->size() > kMaxKeyBytes)
    event.location_id.reset();  // a key of event_counts
  event.agency_id = TextAt(payload, "companyId");
  event.app_id = TextAt(payload, "appId");
  event.app_version_id = TextAt(payload, "versionId");
  event.trace_id = TextAt(payload, "traceId");
  if (event.entity == nullptr) return event;
  event.entity_id = ReadEntityId(event, payload);
  if (event.entity_id == event.event_id) event.is_timeless = false;  // then every body is an entity of its own
  if (event.entity_id.empty()) return tl::unexpected<Reason>(event.type + " without the id of its entity");
  if (event.entity_id.size() > kMaxKeyBytes) {
    return tl::unexpected<Reason>("the id of the entity is over 255 bytes long");
  }
  return event;
}

}  // namespace crmsink
