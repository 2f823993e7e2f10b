#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "naive_change.h"
#include "naive_event.h"

namespace crmsink::naive {

// One entity after some of its events.
struct State {
  Row columns;
  std::map<ListName, Rows> lists;  // kept under a tombstone, too
  std::map<std::string, Json> extra;
  std::optional<Millis> deleted_at;
  Millis last_event_at = 0;
  std::string last_event_id;
};

// The state after the events of one entity, which are put into their order first.
State Fold(const Entity& entity, std::vector<Event> events);

// The rows that the tables hold of it, by table and key.
std::map<std::string, Rows> TableRows(const Entity& entity, const State& state);

}  // namespace crmsink::naive
