#pragma once

#include <optional>
#include <string>
#include <vector>

#include "event/event.h"
#include "storage/query.h"

namespace crmsink {

// What an event says of one place of its entity, beside what stands there now.
struct Effect {
  std::string table;
  std::string place;                // a column; of a child table "rows"; of what no column takes "extra.MEMBER"
  std::optional<std::string> said;  // NULL: it says nothing, or clears it
  std::optional<std::string> now;
  bool sets = false;  // does the event say anything of it?
};

// Of a mapped event, every place that it sets, and of the row's other columns those that are not NULL. May move values
// out of the event.
[[nodiscard]] Result<std::vector<Effect>> EffectsOf(Event& event, Millis received_at, QueryConnection& connection);

}  // namespace crmsink
