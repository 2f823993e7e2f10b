#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "naive_event.h"
#include "naive_json.h"

namespace crmsink::naive {

// Primary key of a row: texts compare by bytes, integers by value.
using Key = std::vector<std::variant<std::int64_t, std::string>>;
using Row = std::map<std::string, Json>;
using Rows = std::map<Key, Row>;

// Child table and group of its rows (the value of @source; "" where there is none).
using ListName = std::pair<std::string, std::string>;

// What one event says about its entity's row. What is not in here is absent from the event and leaves the row alone.
struct Change {
  Row columns;                                       // null sets NULL
  Row while_null;                                    // set only where the column is NULL
  std::map<ListName, Rows> lists;                    // replaced; empty clears
  std::map<std::string, std::optional<Json>> extra;  // member to what is left of it; nullopt: nothing, remove it
};

// Needs event.entity. Pure.
Change ReadChange(const Event& event);

}  // namespace crmsink::naive
