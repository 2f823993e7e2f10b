#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dice.h"
#include "entities/entity.h"

namespace crmsink::contract {

// A place in the bodies of an entity, and what its declaration expects there; several forms may be fine.
struct Place {
  std::map<std::string, Place> members;
  std::unique_ptr<Place> element;      // of a list
  std::unique_ptr<Place> each_member;  // of a map
  std::vector<Type> types;             // of the columns that take a value here
  const Choices* given = nullptr;      // in place of what the types would choose from
  bool is_time = false;                // an event's own time: one of a few that meet
  bool is_needed = false;              // leads to the id: nearly always there, and in its right form
  bool scalar_ok = false;              // as the flags of a child
  bool json_string_ok = false;
  bool keeps_secret = false;  // a sensitive member stands in it
  bool holds_secret = false;  // one stands in it or below
};

// The places of an entity's bodies, all that its declaration names, but for the top-level members `type`, `webhookId`
// and `timestamp`, which are the envelope's.
Place PlacesOf(const Entity& entity);

}  // namespace crmsink::contract
