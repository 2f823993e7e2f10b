#include "shown.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "base/json.h"
#include "event/event_table.h"
#include "projection/project.h"

namespace crmsink {
namespace {

// The rows of a child without the parent's id.
std::string ShownRows(const Child& child, const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows) {
    text += " (";
    for (std::size_t i = 1; i < row.size(); ++i) text += (i > 1 ? "," : "") + Shown(row[i], child.columns[i].type);
    text += ')';
  }
  return text;
}

void Append(std::string& text, std::string_view separator, const std::string& part) {
  if (!text.empty()) text += separator;
  text += part;
}

}  // namespace

Change ChangeOfBody(const std::string& body, const std::string& path, Millis received_at) {
  Delivery delivery;
  delivery.path = path;
  delivery.body = body;
  delivery.received_at = received_at;
  auto event = ReadEvent(delivery);
  if (!event) throw std::runtime_error(event.error() + ": " + body);
  if (event->entity == nullptr) throw std::runtime_error("unmapped: " + body);
  return Project(*event, received_at);
}

Change ChangeOf(std::string_view type, std::string_view members) {
  const std::string_view id = FindEvent(type).entity->columns[0].from;
  std::string body = R"({"type":")" + std::string(type) + R"(","webhookId":"w1","timestamp":"2026-03-01T12:00:00Z")";
  if (id.front() != '@') body += ",\"" + std::string(id.substr(0, id.find('|'))) + R"(":"e1")";
  if (!members.empty()) body += "," + std::string(members);
  return ChangeOfBody(body + "}");
}

std::string Shown(const Cell& cell, Type type) {
  if (IsNull(cell)) return "NULL";
  if (const auto* text = std::get_if<std::string>(&cell)) {
    std::string quoted;
    if (type == Type::kJson) return *text;
    json::AppendQuoted(*text, quoted);
    return quoted;
  }
  if (const auto* number = std::get_if<double>(&cell)) {
    char buffer[32];
    return {buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, "%.15g", *number))};
  }
  const auto value = std::get<std::int64_t>(cell);
  if (type == Type::kTimestamp) return FormatRfc3339(value);
  return type == Type::kDate ? FormatDay(value) : std::to_string(value);
}

std::string Shown(const Change& change) {
  const Entity& entity = *change.entity;
  std::string columns, lists, extra;
  for (const auto& set : change.columns) {
    if (set.column == 0) continue;
    const Column& column = entity.columns[set.column];
    Append(columns, " ", std::string(column.name) + "=" + Shown(set.cell, column.type));
  }
  for (const std::size_t column : change.times_if_null) {
    Append(columns, " ", std::string(entity.columns[column].name) + "=or_time");
  }
  auto sorted = change.lists;
  std::sort(sorted.begin(), sorted.end(),
            [](const auto& a, const auto& b) { return std::tie(a.child, a.group) < std::tie(b.child, b.group); });
  for (const auto& list : sorted) {
    const Child& child = entity.children[list.child];
    Append(lists, " | ", std::string(child.table) + (list.group.empty() ? "" : "/" + list.group));
    lists += ShownRows(child, list.rows);
  }
  for (const auto& set : change.extra) {
    if (set.left_over) Append(extra, " ", set.member + "=" + *set.left_over);
  }
  std::string text = columns;
  if (!lists.empty()) Append(text, " | ", lists);
  if (!extra.empty()) Append(text, " | ", "extra " + extra);
  return text;
}

std::string Shown(const Entity& entity, const State& state) {
  if (!state.exists) return "none";
  std::string text = state.deleted_at ? "deleted " + FormatRfc3339(*state.deleted_at) : "living";
  for (std::size_t i = 1; i < state.row.size(); ++i) {
    if (IsNull(state.row[i])) continue;
    text += " " + std::string(entity.columns[i].name) + "=" + Shown(state.row[i], entity.columns[i].type);
  }
  for (std::size_t i = 0; i < state.children.size(); ++i) {
    if (!state.children[i] || state.children[i]->empty()) continue;
    text += " | " + std::string(entity.children[i].table) + ShownRows(entity.children[i], *state.children[i]);
  }
  if (const auto extra = ExtraText(state)) text += " | extra " + *extra;
  return text;
}

}  // namespace crmsink
