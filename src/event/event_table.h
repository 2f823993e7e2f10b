#pragma once

#include <string_view>

#include "base/json.h"
#include "entities/entity.h"

namespace crmsink {

struct KnownEvent {
  const Entity* entity = nullptr;
  const EventType* type = nullptr;
};

// By name or alias, without regard to case; empty when there is none.
KnownEvent FindEvent(std::string_view name);

// The one event whose payload may say `body_type` in `type` although that is no name of an event, where the payload
// has the shape of its entity; empty when there is none or more than one.
KnownEvent FindEventByBodyType(std::string_view body_type, const json::Value& payload);

// The first entity all of whose shape members are there, facts before mirrors: a call is a message too, by its shape.
// nullptr when there is none.
const Entity* FindEntityByShape(const json::Value& payload);

// Does `list`, names joined by '|', hold `name`, without regard to case?
bool Lists(std::string_view list, std::string_view name);

}  // namespace crmsink
