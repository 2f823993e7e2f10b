#pragma once

#include "entities/entity.h"
#include "naive_json.h"
#include "naive_ledger.h"

namespace crmsink::naive {

// What a column gets from an object (the payload) or from an element of a list.
struct Reading {
  bool there = false;
  Json cell;  // null where the value does not fit, and where it is null or ""
};

// Reads the column's paths; the first that is there wins. `base` is the payload or the element. Sources with an @ are
// the caller's.
Reading ReadColumn(const Column& column, bool indexed, const Json& base, Ledger& ledger);

}  // namespace crmsink::naive
