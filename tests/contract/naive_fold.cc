#include "naive_fold.h"

#include <algorithm>

#include "naive_time.h"

namespace crmsink::naive {
namespace {

constexpr Millis kRestoredAfter = 5 * 60 * 1000;

void ApplyDeletion(const Entity& entity, const Event& event, State& state) {
  if (event.op == Op::kDelete) {
    state.deleted_at = event.occurred_at;
    return;
  }
  if (!state.deleted_at) return;
  const bool created = event.op == Op::kCreate && (entity.resurrect & kByCreate) != 0;
  const bool updated_later = event.op == Op::kUpdate && (entity.resurrect & kByLaterUpdate) != 0 &&
                             event.occurred_at > *state.deleted_at + kRestoredAfter;
  if (created || updated_later || event.brings_back) state.deleted_at.reset();
}

void Apply(const Entity& entity, const Event& event, State& state) {
  const Change change = ReadChange(event);
  for (const auto& [column, cell] : change.columns) state.columns[column] = cell;
  for (const auto& [column, cell] : change.while_null) {
    if (state.columns[column].kind == Json::Kind::kNull) state.columns[column] = cell;
  }
  for (const auto& [list, rows] : change.lists) state.lists[list] = rows;
  for (const auto& [member, left] : change.extra) {
    if (left) {
      state.extra[member] = *left;
    } else {
      state.extra.erase(member);
    }
  }
  ApplyDeletion(entity, event, state);
  state.last_event_at = event.occurred_at;
  state.last_event_id = event.event_id;
}

}  // namespace

State Fold(const Entity& entity, std::vector<Event> events) {
  std::sort(events.begin(), events.end(), Earlier);
  State state;
  for (const Column& column : entity.columns) state.columns[std::string(column.name)] = Json{};
  for (const Event& event : events) Apply(entity, event, state);
  return state;
}

std::map<std::string, Rows> TableRows(const Entity& entity, const State& state) {
  std::map<std::string, Rows> tables;
  const bool mirror = entity.kind == Kind::kMirror;
  Row row = state.columns;
  row["extra"] = state.extra.empty() ? Json{} : Json::Object(state.extra);
  if (mirror) {
    row["deleted_at"] = state.deleted_at ? Json::String(FormatTime(*state.deleted_at)) : Json{};
    row["last_event_at"] = Json::String(FormatTime(state.last_event_at));
    row["last_event_id"] = Json::String(state.last_event_id);
  }
  const Key key{row["id"].text};
  tables[std::string(entity.table) + (mirror ? "_all" : "")][key] = std::move(row);
  if (state.deleted_at) return tables;
  for (const auto& [list, rows] : state.lists) tables[list.first].insert(rows.begin(), rows.end());
  return tables;
}

}  // namespace crmsink::naive
