#pragma once

#include "entities/entity.h"

namespace crmsink {
namespace declaration {

// The n-th piece of `text` between separators; empty past the last.
constexpr std::string_view Piece(std::string_view text, char separator, std::size_t n) {
  while (n-- > 0) {
    const auto end = text.find(separator);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(separator));
}

constexpr std::size_t Count(std::string_view text, char separator) {
  if (text.empty()) return 0;
  std::size_t n = 1;
  for (const char c : text) n += c == separator;
  return n;
}

constexpr bool SnakeCase(std::string_view name) {
  if (name.empty() || name.size() > 63 || name.front() < 'a' || name.front() > 'z' || name.back() == '_') return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return true;
}

constexpr bool Has(std::span<const Column> columns, std::string_view name) {
  for (const Column& column : columns) {
    if (column.name == name) return true;
  }
  return false;
}

consteval void CheckColumns(std::span<const Column> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!SnakeCase(columns[i].name)) throw "a column's name is not snake_case";
    if (Has(columns.first(i), columns[i].name)) throw "a column is declared twice";
  }
}

}  // namespace declaration

consteval Entity Checked(const Entity& entity) {
  using namespace declaration;
  if (!SnakeCase(entity.table)) throw "a table's name is not snake_case";
  if (entity.columns.empty() || entity.columns[0].name != "id") throw "the first column is not id";
  if (entity.columns[0].from.empty()) throw "the id has no source";
  if (entity.events.empty()) throw "an entity without events";
  CheckColumns(entity.columns);
  for (const char* own :
       {"deleted_at", "extra", "last_event_at", "last_event_id", "first_received_at", "last_received_at"}) {
    if (Has(entity.columns, own)) throw "a column that every table has by itself is declared";
  }
  for (std::size_t i = 0; i < Count(entity.indexes, '|'); ++i) {
    const auto index = Piece(entity.indexes, '|', i);
    for (std::size_t k = 0; k < Count(index, ','); ++k) {
      if (!Has(entity.columns, Piece(index, ',', k))) throw "an index on a column that is not declared";
    }
  }
  for (const Child& child : entity.children) {
    if (!SnakeCase(child.table)) throw "a child table's name is not snake_case";
    CheckColumns(child.columns);
    if (child.columns.empty() || child.columns[0].from != "@parent.id")
      throw "a child's first column is not the parent";
    if (Piece(child.key, ',', 0) != child.columns[0].name) throw "a child's key does not start with its parent";
    if (Count(child.key, ',') < 2) throw "a child's key is the parent alone";
    for (std::size_t k = 0; k < Count(child.key, ','); ++k) {
      if (!Has(child.columns, Piece(child.key, ',', k))) throw "a key column is not declared";
    }
    for (std::size_t k = 0; k < Count(child.from, '|'); ++k) {
      const auto path = Piece(child.from, '|', k);
      if (!path.ends_with("[]") && !path.ends_with("{}")) throw "a child's path does not end in [] or {}";
    }
  }
  for (const EventType& event : entity.events) {
    if ((event.op == Op::kFact) != (entity.kind == Kind::kFact)) throw "op and kind do not agree";
    if (event.rank < 0 || event.rank > 3) throw "a rank is not 0 to 3";
    for (const Set& set : event.sets) {
      if (!Has(entity.columns, set.column)) throw "an event sets a column that is not declared";
    }
  }
  return entity;
}

}  // namespace crmsink
