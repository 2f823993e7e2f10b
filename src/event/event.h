#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/json.h"
#include "base/time.h"
#include "entities/entity.h"
#include "event/delivery.h"

namespace crmsink {

// What a delivery says, beside the columns of its entity: which event, of which entity, when.
struct Event {
  const Entity* entity = nullptr;    // nullptr: unmapped, kept in the log only
  const EventType* known = nullptr;  // nullptr: unmapped, or told by its shape alone
  std::string type;                  // name in the catalogue; of an unmapped event what it called itself
  Op op = Op::kUpdate;
  int rank = 1;
  bool brings_back = false;       // a member of the payload says that the row is not deleted
  bool type_names_event = false;  // the payload's `type` is a name of an event, so it is no field

  std::string event_id;
  bool is_timeless = false;  // no id and no time of its own: the same bytes may come again as another event
  std::string entity_id;     // empty when unmapped
  std::optional<std::string> location_id, agency_id, app_id, app_version_id, trace_id;
  Millis occurred_at = 0;
  std::optional<Millis> sent_at;  // the envelope's timestamp

  json::Document payload;
};

// Reads a delivery. `event_id` is given where the log has decided it already; otherwise it comes from the payload or is
// made from its bytes. Fails with the reason why it cannot be an event: it belongs into quarantine then.
// A pure function of its arguments and the catalogue; thread-safe.
[[nodiscard]] tl::expected<Event, std::string> ReadEvent(const Delivery& delivery,
                                                         std::optional<std::string> event_id = std::nullopt);

// The {Event} of a path that ends in /webhooks/{Event}, final slash or not; empty for .../webhooks; nullopt when the
// path is not ours.
std::optional<std::string_view> EventOfPath(std::string_view path);

}  // namespace crmsink
