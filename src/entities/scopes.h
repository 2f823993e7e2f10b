#pragma once

#include <string_view>

#include "entities/entity.h"

namespace crmsink {

// The OAuth scope that an app of HighLevel's marketplace needs for an event.
struct Scope {
  std::string_view name;    // empty: none is known
  bool documented = false;  // false: no document names one; it is that of the API of the same things
};

[[nodiscard]] Scope ScopeOf(const Entity& entity, const EventType& event);

}  // namespace crmsink
