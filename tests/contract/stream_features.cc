#include "stream_features.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "body_gen.h"
#include "entities/catalog.h"
#include "naive_change.h"
#include "naive_event.h"
#include "naive_json.h"

namespace crmsink::contract {
namespace {

constexpr Millis kMinute = 60 * 1000;

void CountNeighbours(const naive::Event& one, const naive::Event& next, Features& features) {
  if (one.occurred_at != next.occurred_at) return;
  ++features["tie"];
  ++features[one.rank != next.rank         ? "tie decided by rank"
             : one.sent_at != next.sent_at ? "tie decided by timestamp"
                                           : "tie decided by event id"];
}

void CountHistory(const std::vector<naive::Event>& events, Features& features) {
  const naive::Event* deleted = nullptr;
  std::set<bool> has_extra;
  for (const naive::Event& event : events) {
    has_extra.insert(event.body.Find("unknown") != nullptr);
    if (event.op == Op::kDelete) deleted = &event;
    if (deleted == nullptr || event.op == Op::kDelete) continue;
    const bool later = event.occurred_at > deleted->occurred_at + 5 * kMinute;
    if (event.op == Op::kCreate) {
      ++features["restore by create"];
    } else if (event.brings_back) {
      ++features["restore by a member"];
    } else if ((event.entity->resurrect & kByLaterUpdate) != 0) {
      ++features[later ? "restore by update" : "update soon after delete"];
    } else {
      ++features["update after delete"];
    }
  }
  if (has_extra.size() == 2) ++features["extra that comes and goes"];
}

std::string ColumnFeature(std::string_view table, std::string_view column) {
  return "column " + std::string(table) + "." + std::string(column);
}

void CountCells(std::string_view table, const naive::Row& row, Features& features) {
  for (const auto& [column, cell] : row) {
    if (cell.kind != naive::Json::Kind::kNull) ++features[ColumnFeature(table, column)];
  }
}

void CountEvent(const naive::Event& event, Features& features) {
  ++features["event " + event.type];
  ++features["table " + std::string(event.entity->table)];
  const naive::Change change = naive::ReadChange(event);
  CountCells(event.entity->table, change.columns, features);
  CountCells(event.entity->table, change.while_null, features);
  for (const auto& [list, rows] : change.lists) {
    if (!rows.empty()) ++features["table " + list.first];
    for (const auto& [key, row] : rows) CountCells(list.first, row, features);
  }
}

// `each` is given every declared column that can hold a value.
template <class Each>
void ForEachColumn(Each each) {
  for (const Entity* entity : Entities()) {
    for (const Column& column : entity->columns) each(entity->table, column);
    for (const Child& child : entity->children) {
      for (const Column& column : child.columns) {
        if ((column.flags & kSensitive) == 0) each(child.table, column);
      }
    }
  }
}

}  // namespace

Features CountFeatures(const Stream& stream) {
  Features features;
  std::map<std::pair<std::string, std::string>, std::map<std::string, naive::Event>> entities;
  for (const Sent& sent : stream) {
    ++features["delivery"];
    for (const std::string& feature : sent.features) ++features[feature];
    auto understood = naive::Understand(sent.post);
    auto* event = std::get_if<naive::Event>(&understood);
    if (event == nullptr) ++features["quarantine"];
    if (event != nullptr && event->entity == nullptr) ++features["unmapped"];
    if (event == nullptr || event->entity == nullptr) continue;
    CountEvent(*event, features);
    std::string id = event->event_id;
    entities[{std::string(event->entity->name), event->entity_id}].emplace(std::move(id), std::move(*event));
  }
  for (auto& [entity, by_id] : entities) {
    std::vector<naive::Event> events;
    for (auto& [id, event] : by_id) events.push_back(std::move(event));
    std::sort(events.begin(), events.end(), naive::Earlier);
    for (std::size_t i = 1; i < events.size(); ++i) CountNeighbours(events[i - 1], events[i], features);
    CountHistory(events, features);
  }
  return features;
}

std::vector<std::string> RequiredFeatures() {
  std::vector<std::string> required = {
      "tie decided by rank",
      "tie decided by timestamp",
      "tie decided by event id",
      "pair",
      "restore by create",
      "restore by update",
      "restore by a member",
      "update soon after delete",
      "update after delete",
      "extra that comes and goes",
      "unmapped",
      "quarantine",
      "alias",
      "told by its shape",
      "name in the path",
      "path that overrules",
      "type of the body",
      "op by a member",
      "odd op",
      "deleted by a member",
      "brought back by a member",
      "odd deletion",
      "map",
      "empty name in a map",
      "name of 256 bytes in a map",
      "list in a list",
      "list in a list in a list",
      "list or scalar",
      "list in a string",
      "secret",
      "condition holds",
      "number as id",
      "id of 255 bytes",
      "non-ASCII id",
      "text of 255 bytes",
      "text of 256 bytes",
      "null",
      "absent",
      "empty text",
      "empty list",
      "null for a list",
      "no list",
      "null for an object",
      "no object",
      "wrong form",
      "number in string",
      "number in text column",
      "16 digits",
      "number beyond",
      "non-ASCII",
      "lone surrogate or U+0000",
      "no key",
      "no timestamp",
      "no webhookId",
      "null in extra",
  };
  for (const Entity* entity : Entities()) {
    required.push_back("table " + std::string(entity->table));
    for (const Child& child : entity->children) required.push_back("table " + std::string(child.table));
    for (const EventType& event : entity->events) required.push_back("event " + std::string(event.name));
  }
  return required;
}

double ShareOfColumns(const Features& features) {
  std::size_t declared = 0, met = 0;
  ForEachColumn([&](std::string_view table, const Column& column) {
    ++declared;
    met += features.contains(ColumnFeature(table, column.name)) ? 1 : 0;
  });
  return static_cast<double>(met) / static_cast<double>(declared);
}

}  // namespace crmsink::contract
