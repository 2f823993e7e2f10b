#include "storage/schema.h"

#include <algorithm>

#include "entities/glossary.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

constexpr Column kMirrorColumns[] = {
    {.name = "deleted_at", .type = Type::kTimestamp, .note = "set while the row is deleted (a tombstone)"},
    {.name = "extra",
     .type = Type::kJson,
     .note = "members of the payload that no column takes; NULL when there is none"},
    {.name = "last_event_at", .type = Type::kTimestamp, .note = "time of the newest event folded in"},
    {.name = "last_event_id", .note = "id of the newest event folded in"},
    {.name = "first_received_at", .type = Type::kTimestamp, .note = "arrival of the first event"},
    {.name = "last_received_at", .type = Type::kTimestamp, .note = "arrival of the latest event"},
};
constexpr std::span<const Column> kFactColumns(&kMirrorColumns[1], 1);

bool IsNotNull(std::string_view name, const std::vector<std::string_view>& key) {
  return std::find(key.begin(), key.end(), name) != key.end() || name == "last_event_at" || name == "last_event_id" ||
         name == "first_received_at" || name == "last_received_at";
}

Table MakeTable(std::string name, const Entity& entity, const Child* child, std::span<const Column> columns,
                std::string_view key) {
  Table table{.name = std::move(name), .entity = &entity, .child = child, .fields = {}, .key = {}};
  for (std::size_t i = 0; i < Count(key, ','); ++i) table.key.push_back(Piece(key, ',', i));
  for (const Column& column : columns) {
    table.fields.push_back({column.name, column.type, IsNotNull(column.name, table.key)});
  }
  return table;
}

std::string Joined(const std::vector<std::string_view>& names) {
  std::string out;
  for (const auto name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

// Breaks a long list after a comma, at 118 characters a line.
std::string Wrapped(std::string_view text) {
  std::string out;
  std::size_t line = 0;
  while (!text.empty()) {
    const auto comma = text.find(", ");
    const auto piece = text.substr(0, comma == std::string_view::npos ? comma : comma + 1);
    if (line > 0 && line + piece.size() + 1 > 118) {
      out += "\n ";
      line = 1;
    }
    if (line > 0) out += ' ';
    out += piece;
    line += piece.size() + 1;
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 2);
  }
  return out;
}

std::string CreateTable(const Table& table, Dialect dialect) {
  std::string sql = "CREATE TABLE " + table.name + " (\n";
  for (const Table::Field& field : table.fields) {
    sql += "  " + std::string(field.name) + " " + std::string(TypeName(field.type, dialect));
    if (field.not_null) sql += " NOT NULL";
    sql += ",\n";
  }
  sql += "  PRIMARY KEY (" + Joined(table.key) + ")\n)";
  return sql + (table.child != nullptr && dialect == Dialect::kSqlite ? " WITHOUT ROWID;\n" : ";\n");
}

std::string CreateIndexes(const Entity& entity, const Table& table) {
  std::string sql;
  for (std::size_t i = 0; i < Count(entity.indexes, '|'); ++i) {
    std::vector<std::string_view> columns;
    std::string name(entity.table);
    for (std::size_t k = 0; k < Count(Piece(entity.indexes, '|', i), ','); ++k) {
      columns.push_back(Piece(Piece(entity.indexes, '|', i), ',', k));
      name += (k == 0 ? "_by_" : "_") + std::string(columns.back());
    }
    sql += "CREATE INDEX " + name + " ON " + table.name + " (" + Joined(columns) + ");\n";
  }
  return sql;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted.append(c == '\'' ? 2 : 1, c);
  return quoted + "'";
}

std::string Comments(const Table& table) {
  const Entity& entity = *table.entity;
  std::string what;
  if (table.child != nullptr) {
    what = "A row per element of " + std::string(table.child->from) + " of " + std::string(entity.table);
    if (!table.child->note.empty()) what += ". " + std::string(table.child->note);
  } else {
    what = entity.kind == Kind::kMirror ? "The latest state of each " : "What happened once, a row each: ";
    what += entity.name;
    if (entity.kind == Kind::kMirror) what += ", deleted ones included";
    if (!entity.note.empty()) what += ". " + std::string(entity.note);
  }
  std::string sql = "COMMENT ON TABLE " + table.name + " IS " + Quoted(what) + ";\n";
  const auto comment = [&](const Column& column) {
    const std::string meaning = Meaning(column);
    if (meaning.empty()) return;
    sql += "COMMENT ON COLUMN " + table.name + "." + std::string(column.name) + " IS " + Quoted(meaning) + ";\n";
  };
  for (const Column& column : table.child != nullptr ? table.child->columns : entity.columns) comment(column);
  if (table.child == nullptr) {
    for (const Column& column : OwnColumns(entity.kind)) comment(column);
  }
  return sql;
}

std::string CreateView(const Entity& entity, const Table& table) {
  std::vector<std::string_view> columns;
  for (const Table::Field& field : table.fields) {
    if (field.name != "deleted_at") columns.push_back(field.name);
  }
  return "CREATE VIEW " + std::string(entity.table) + " AS\n" + Wrapped("SELECT " + Joined(columns)) + "\nFROM " +
         table.name + "\nWHERE deleted_at IS NULL;\n";
}

}  // namespace

std::span<const Column> OwnColumns(Kind kind) {
  return kind == Kind::kMirror ? std::span<const Column>(kMirrorColumns) : kFactColumns;
}

std::vector<Table> TablesOf(const Entity& entity) {
  std::vector<Column> columns(entity.columns.begin(), entity.columns.end());
  const auto own = OwnColumns(entity.kind);
  columns.insert(columns.end(), own.begin(), own.end());
  std::vector<Table> tables;
  const std::string_view suffix = entity.kind == Kind::kMirror ? "_all" : "";
  tables.push_back(MakeTable(std::string(entity.table) + std::string(suffix), entity, nullptr, columns, "id"));
  for (const Child& child : entity.children) {
    tables.push_back(MakeTable(std::string(child.table), entity, &child, child.columns, child.key));
  }
  return tables;
}

std::string_view TypeName(Type type, Dialect dialect) {
  const bool sqlite = dialect == Dialect::kSqlite;
  switch (type) {
    case Type::kText:
      break;
    case Type::kJson:
      return sqlite ? "TEXT" : "jsonb";
    case Type::kInteger:
      return sqlite ? "INTEGER" : "bigint";
    case Type::kNumber:
      return sqlite ? "REAL" : "numeric";
    case Type::kBoolean:
      return sqlite ? "BOOLEAN" : "boolean";
    case Type::kTimestamp:
      return sqlite ? "TIMESTAMP" : "timestamptz";
    case Type::kDate:
      return sqlite ? "DATE" : "date";
  }
  return sqlite ? "TEXT" : "text COLLATE \"C\"";
}

std::string Ddl(const Entity& entity, Dialect dialect) {
  const auto tables = TablesOf(entity);
  std::string sql;
  for (const Table& table : tables) {
    if (!sql.empty()) sql += '\n';
    sql += CreateTable(table, dialect);
    if (table.child == nullptr) sql += CreateIndexes(entity, table);
    if (dialect == Dialect::kPostgres) sql += Comments(table);
  }
  if (entity.kind == Kind::kMirror) sql += '\n' + CreateView(entity, tables[0]);
  if (entity.kind == Kind::kMirror && dialect == Dialect::kPostgres) {
    sql += "COMMENT ON VIEW " + std::string(entity.table) + " IS 'The living rows of " + tables[0].name + "';\n";
  }
  return sql;
}

}  // namespace crmsink
