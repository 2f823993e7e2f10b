#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "entities/entity.h"
#include "event/delivery.h"
#include "naive_json.h"
#include "store_under_test.h"

namespace crmsink::naive {

// A delivery understood: what the log derives from it, and what the fold needs to know.
struct Event {
  Json body;
  std::string body_bytes;
  Millis received_at = 0;

  std::string event_id;
  bool has_webhook_id = false;
  bool has_own_time = false;  // a candidate or the envelope's timestamp could be read
  std::string type;           // the event's name as resolved
  std::optional<std::string> location_id, agency_id, app_id, app_version_id, trace_id;
  Millis occurred_at = 0;
  std::optional<Millis> sent_at;

  const Entity* entity = nullptr;  // nullptr: kept in the log, unmapped
  std::string entity_id;
  bool keyed_by_event = false;  // the entity's id is the event's
  Op op = Op::kUpdate;
  int rank = 1;
  bool brings_back = false;  // a member says that the row is not deleted
  std::span<const Set> sets;
  std::string_view tombstone_when;
};

// The delivery cannot become an event; the reason, for people.
struct Unusable {
  std::string reason;
};

// Bytes and path to an event, from the design's section Event. Pure.
std::variant<Event, Unusable> Understand(const contract::Post& post);

// Whether `type` is the name or an alias of an event, whatever the case.
bool NamesAnEvent(const Json& type);

// Whether the first event of the two comes first in the order of their entity.
bool Earlier(const Event& one, const Event& other);

}  // namespace crmsink::naive
