#include "storage/postgres/columns.h"

#include "base/json.h"

namespace crmsink::postgres {

void Columns::Value(const Cell& cell, Type type) {
  ArrayBuilder& array = Next();
  if (IsNull(cell)) {
    array.AddNull();
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    array.AddText(*text);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    array.AddNumber(*number);
  } else if (const auto value = std::get<std::int64_t>(cell); type == Type::kTimestamp) {
    array.AddTime(value);
  } else if (type == Type::kDate) {
    array.AddDay(value);
  } else if (type == Type::kBoolean) {
    array.AddBool(value != 0);
  } else {
    array.AddInt(value);
  }
}

std::string Columns::AddTo(Parameters& parameters) const {
  std::string list;
  for (const ArrayBuilder& array : arrays_) {
    parameters.push_back(array.Done());
    if (!list.empty()) list += ", ";
    list.append("$").append(std::to_string(parameters.size())).append("::").append(array.TypeName());
  }
  return list;
}

std::string Unnested(std::initializer_list<const Columns*> groups, Parameters& parameters) {
  std::string list;
  for (const Columns* group : groups) {
    if (!list.empty()) list += ", ";
    list += group->AddTo(parameters);
  }
  return "unnest(" + list + ")";
}

std::string Prefixed(std::string_view names, std::string_view prefix) {
  std::string out(prefix);
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += names[i];
    if (names[i] == ' ') out += prefix;
  }
  return out;
}

TypeId TypeIdOf(Type type) {
  switch (type) {
    case Type::kText:
    case Type::kJson:
      break;
    case Type::kInteger:
      return kInt8;
    case Type::kNumber:
      return kFloat8;
    case Type::kBoolean:
      return kBool;
    case Type::kTimestamp:
      return kTimestamptz;
    case Type::kDate:
      return kDate;
  }
  return kText;
}

std::string_view WriteCast(Type type) {
  if (type == Type::kNumber) return "::numeric";
  return type == Type::kJson ? "::jsonb" : "";
}

std::string_view ReadCast(Type type) {
  if (type == Type::kNumber) return "::float8";
  return type == Type::kJson ? "::text" : "";
}

// As an element of a list, since a document is an object or a list.
std::string CanonicalJson(std::string_view text) {
  const auto document = json::Document::Parse("[" + std::string(text) + "]");
  return document && document->root().elements().size() == 1 ? json::Canonical(document->root().elements().front())
                                                             : std::string(text);
}

Cell ReadCell(const Rows& rows, int row, int column, Type type) {
  if (rows.IsNull(row, column)) return {};
  switch (type) {
    case Type::kText:
      return rows.Text(row, column);
    case Type::kJson:
      return CanonicalJson(rows.Bytes(row, column));
    case Type::kNumber:
      return rows.Number(row, column);
    case Type::kTimestamp:
      return rows.Time(row, column);
    case Type::kDate:
      return rows.Date(row, column);
    case Type::kInteger:
    case Type::kBoolean:
      break;
  }
  return rows.Int(row, column);
}

}  // namespace crmsink::postgres
