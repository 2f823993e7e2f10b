#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/command_line.h"
#include "entities/entity.h"
#include "storage/query.h"

namespace crmsink {

// The columns of the log that lists show.
inline constexpr std::string_view kListedEventColumns =
    "seq, received_at, type, entity, entity_id, location_id, occurred_at, event_id";

// A condition on rows of `events`, true where nothing is asked for.
struct EventCondition {
  std::string sql;
  std::vector<QueryValue> parameters;
};

// The options --type, --entity, --entity-id, --location, --since, --until and --unmapped. Must live until the arguments
// are read.
class EventFilter {
 public:
  explicit EventFilter(CommandLine& line);
  EventFilter(const EventFilter&) = delete;
  EventFilter& operator=(const EventFilter&) = delete;

  // kInvalid: one of the values is wrong. Where an entity's id is asked for, its events are looked up, unless those
  // that are still to come are meant, too.
  [[nodiscard]] Result<EventCondition> Condition(const std::string& database, Millis now, bool to_come = false) const;

  // For a person who got no row: the nearest known type where --type is none; else empty.
  [[nodiscard]] std::string Hint() const;

 private:
  [[nodiscard]] Result<void> AddEntity(const std::string& database, bool to_come, EventCondition& condition) const;
  [[nodiscard]] Result<void> AddTimes(Millis now, EventCondition& condition) const;

  std::string type_, entity_, entity_id_, location_, since_, until_;
  bool unmapped_ = false;
};

// An entity by its name or its table, whatever the case; kInvalid names the nearest table.
[[nodiscard]] Result<const Entity*> EntityNamed(const std::string& name);

}  // namespace crmsink
