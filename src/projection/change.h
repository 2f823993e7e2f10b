#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "entities/entity.h"
#include "projection/cell.h"

namespace crmsink {

// Where an event stands among those of its entity: by time, then rank, then the envelope's timestamp (none sorts
// first), then id by bytes. A total order: two events of one entity never have the same id.
struct EventOrder {
  Millis occurred_at = 0;
  int rank = 0;
  std::optional<Millis> sent_at;
  std::string event_id;

  auto operator<=>(const EventOrder&) const = default;
};

// One event's effect on one entity, independent of what was there before: what the fold applies.
struct Change {
  struct ColumnSet {
    std::size_t column;
    Cell cell;
  };
  // The new rows of a child table, or of that part of it whose @source is `group`; sorted by key, each key once.
  struct ListSet {
    std::size_t child;
    std::string group;
    std::vector<Row> rows;
  };
  // A top-level member of the payload: what no column took of it as canonical JSON, or nothing left over.
  struct ExtraSet {
    std::string member;
    std::optional<std::string> left_over;
  };

  const Entity* entity = nullptr;
  std::string entity_id;
  EventOrder order;
  Op op = Op::kUpdate;
  bool brings_back = false;
  Millis received_at = 0;
  std::vector<ColumnSet> columns;
  std::vector<std::size_t> times_if_null;  // columns that take the event's time while they are NULL
  std::vector<ListSet> lists;
  std::vector<ExtraSet> extra;
};

}  // namespace crmsink
