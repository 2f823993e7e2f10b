#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "projection/change.h"

namespace crmsink {

// What the tables hold of one entity. Child lists that nobody needs may be left unloaded.
struct State {
  bool exists = false;
  Row row;  // the entity's columns
  std::optional<Millis> deleted_at;
  std::map<std::string, std::string> extra;  // top-level member -> canonical JSON
  Millis last_event_at = 0;                  // of the newest event folded in
  std::string last_event_id;
  Millis first_received_at = 0, last_received_at = 0;
  // Per child table its rows, sorted by key; nullopt: not loaded. Under a tombstone they are kept here, not in tables.
  std::vector<std::optional<std::vector<Row>>> children;

  bool operator==(const State&) const = default;
};

// The state of an entity that no event has told of yet: no row, empty child lists.
State Empty(const Entity& entity);

// The fold: what `change` makes of `state`. Live ingest, replay and verify all use this one function.
// REQUIRES: every change applied before comes earlier in the order; the child lists that it replaces are loaded.
void Apply(State& state, const Change& change);

// The state after all of an entity's changes, in whatever order they are given. Sorts them.
State Fold(const Entity& entity, std::vector<Change>& changes);

// extra as one JSON object, members sorted; nullopt when there is none. And back: no members of what is no object.
std::optional<std::string> ExtraText(const State& state);
std::map<std::string, std::string> ExtraOf(std::string_view text);

}  // namespace crmsink
