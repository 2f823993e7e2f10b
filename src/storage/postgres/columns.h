#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entities/entity.h"
#include "projection/cell.h"
#include "storage/postgres/values.h"

namespace crmsink::postgres {

// Rows on their way into a statement, kept column by column: one array parameter each. Every row is given cell by cell,
// from the first column to the last, then ended.
class Columns {
 public:
  Columns(std::initializer_list<TypeId> types) : Columns(std::vector<TypeId>(types)) {}
  explicit Columns(const std::vector<TypeId>& types) {
    for (const TypeId type : types) arrays_.emplace_back(type);
  }

  void Text(std::string_view text) { Next().AddText(text); }
  void TextOrNull(std::string_view text) { text.empty() ? Next().AddNull() : Next().AddText(text); }
  void OptionalText(const std::optional<std::string>& text) { text ? Next().AddText(*text) : Next().AddNull(); }
  void OptionalText(std::optional<std::string_view> text) { text ? Next().AddText(*text) : Next().AddNull(); }
  void Int(std::int64_t value) { Next().AddInt(value); }
  void Time(Millis time) { Next().AddTime(time); }
  void OptionalTime(const std::optional<Millis>& time) { time ? Next().AddTime(*time) : Next().AddNull(); }
  void Date(Day day) { Next().AddDay(day); }
  void Value(const Cell& cell, Type type);
  void EndRow() { next_ = 0, ++rows_; }

  bool empty() const { return rows_ == 0; }
  // "$3::text[], $4::bigint[]", and the parameters behind those that are there.
  std::string AddTo(Parameters& parameters) const;

 private:
  ArrayBuilder& Next() { return arrays_[next_++]; }

  std::vector<ArrayBuilder> arrays_;
  std::size_t next_ = 0, rows_ = 0;
};

// "unnest($1::text[], ...)" of several groups of columns with as many rows.
std::string Unnested(std::initializer_list<const Columns*> groups, Parameters& parameters);

// "a, b" as "x.a, x.b".
std::string Prefixed(std::string_view names, std::string_view prefix);

// How a declared column travels: its type in an array, and what its name is cast to, in a statement that writes it and
// in one that reads it. A number goes as float8, whose cast to numeric and back keeps 15 digits exactly.
TypeId TypeIdOf(Type type);
std::string_view WriteCast(Type type);
std::string_view ReadCast(Type type);
// jsonb has spaces and an order of members of its own.
std::string CanonicalJson(std::string_view text);
Cell ReadCell(const Rows& rows, int row, int column, Type type);

}  // namespace crmsink::postgres
