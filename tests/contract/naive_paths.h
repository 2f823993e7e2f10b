#pragma once

#include <string_view>
#include <vector>

#include "naive_json.h"

namespace crmsink::naive {

// What stands at a path.
struct Found {
  bool there = false;
  const Json* value = nullptr;    // nullptr although there: an object on the way to it is null or ""
  const Json* emptied = nullptr;  // that object
};

// `path` is a.b.c, with an optional ?sibling=text that must hold. A scalar or list where an object is expected is no
// field at all.
Found Look(const Json& object, std::string_view path);

// The objects on the way to a.b.c that are there: `object` itself and what lies at a and at a.b.
std::vector<const Json*> Way(const Json& object, std::string_view path);

}  // namespace crmsink::naive
