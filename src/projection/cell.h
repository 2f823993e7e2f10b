#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/json.h"
#include "entities/entity.h"

namespace crmsink {

// The content of one column of one row, the same for every backend:
//   text, json (canonical)  std::string
//   integer                 std::int64_t
//   number                  double of at most 15 significant digits
//   boolean                 std::int64_t, 0 or 1
//   timestamp               std::int64_t, milliseconds since 1970 in UTC
//   date                    std::int64_t, days since 1970-01-01
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

inline bool IsNull(const Cell& cell) { return cell.index() == 0; }

// The cells of a row, in the order of its columns' declaration.
using Row = std::vector<Cell>;

struct Conversion {
  Cell cell;
  bool fits = true;  // false: the cell is NULL and the value has to be kept elsewhere
};

// What a column takes of a value. `is_key`: the column is part of a key or an index, which bounds its length.
Conversion Convert(const json::Value& value, const Column& column, bool is_key);

}  // namespace crmsink
