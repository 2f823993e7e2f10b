#include "sqlite_schema_faults.h"

#include <algorithm>
#include <map>
#include <set>

#include "entities/catalog.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

struct ColumnInfo {
  std::string type;
  bool not_null;
  int key;  // its place in the primary key, from 1; 0: none
};

class Comparison {
 public:
  explicit Comparison(SQLite::Database& db) : db_(db) {}

  std::vector<std::string> Run() {
    std::set<std::string> declared = {"schema_migrations", "events",       "log_maintenance", "quarantine",
                                      "unverified",        "event_counts", "refusals",        "sqlite_sequence"};
    for (const Entity* entity : Entities()) {
      for (const Table& table : TablesOf(*entity)) {
        CompareTable(*entity, table);
        declared.insert(table.name);
      }
      CompareIndexes(*entity);
      CompareView(*entity);
    }
    for (const std::string& table : Names("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      if (!declared.contains(table)) faults_.push_back("-- " + table + " is in no declaration");
    }
    for (const std::string& index : Names("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")) {
      if (!indexes_.contains(index) && index != "events_log_key") faults_.push_back("DROP INDEX " + index + ";");
    }
    return faults_;
  }

 private:
  std::vector<std::string> Names(const std::string& sql) {
    std::vector<std::string> names;
    SQLite::Statement select(db_, sql);
    while (select.executeStep()) names.push_back(select.getColumn(0).getString());
    return names;
  }

  std::string SqlOf(const std::string& name) {
    SQLite::Statement select(db_, "SELECT sql FROM sqlite_schema WHERE name = ?");
    select.bind(1, name);
    return select.executeStep() ? select.getColumn(0).getString() : "";
  }

  std::map<std::string, ColumnInfo> ColumnsOf(const std::string& table) {
    std::map<std::string, ColumnInfo> columns;
    SQLite::Statement select(db_, "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?)");
    select.bind(1, table);
    while (select.executeStep()) {
      columns[select.getColumn(0).getString()] = {select.getColumn(1).getString(), select.getColumn(2).getInt() != 0,
                                                  select.getColumn(3).getInt()};
    }
    return columns;
  }

  // The statement of the entity's DDL that begins so.
  static std::string Statement(const Entity& entity, const std::string& beginning) {
    const std::string ddl = Ddl(entity, Dialect::kSqlite);
    const auto start = ddl.find(beginning);
    return start == std::string::npos ? "" : ddl.substr(start, ddl.find(";\n", start) + 1 - start);
  }

  void CompareTable(const Entity& entity, const Table& table) {
    auto columns = ColumnsOf(table.name);
    if (columns.empty()) {
      faults_.push_back(Statement(entity, "CREATE TABLE " + table.name + " ("));
      return;
    }
    for (const Table::Field& field : table.fields) {
      const std::string name(field.name), type(TypeName(field.type, Dialect::kSqlite)), place = table.name + "." + name;
      const auto column = columns.find(name);
      if (column == columns.end()) {
        faults_.push_back("ALTER TABLE " + table.name + " ADD COLUMN " + name + " " + type + ";");
        continue;
      }
      if (column->second.type != type)
        faults_.push_back("-- " + place + " is " + column->second.type + ", not " + type);
      if (column->second.not_null != field.not_null) faults_.push_back("-- " + place + ": NOT NULL differs");
      const auto key = std::find(table.key.begin(), table.key.end(), field.name);
      const auto expected = key == table.key.end() ? 0 : key - table.key.begin() + 1;
      if (column->second.key != expected) faults_.push_back("-- " + place + ": its place in the key differs");
      columns.erase(column);
    }
    for (const auto& [name, info] : columns)
      faults_.push_back("ALTER TABLE " + table.name + " DROP COLUMN " + name + ";");
    const bool clustered = SqlOf(table.name).find("WITHOUT ROWID") != std::string::npos;
    if (clustered != (table.child != nullptr)) faults_.push_back("-- " + table.name + ": WITHOUT ROWID differs");
  }

  void CompareIndexes(const Entity& entity) {
    using declaration::Count, declaration::Piece;
    for (std::size_t i = 0; i < Count(entity.indexes, '|'); ++i) {
      std::string name(Piece(entity.indexes, '|', i));
      std::replace(name.begin(), name.end(), ',', '_');
      name = std::string(entity.table) + "_by_" + name;
      const std::string expected = Statement(entity, "CREATE INDEX " + name + " ");
      if (SqlOf(name) + ";" != expected) faults_.push_back(expected.empty() ? "-- no DDL for " + name : expected);
      indexes_.insert(name);
    }
  }

  void CompareView(const Entity& entity) {
    const std::string view(entity.table);
    if (entity.kind == Kind::kFact) {
      if (SqlOf(view).starts_with("CREATE VIEW")) faults_.push_back("DROP VIEW " + view + ";");
      return;
    }
    std::vector<std::string> expected;
    const Table table = TablesOf(entity)[0];
    for (const Table::Field& field : table.fields) {
      if (field.name != "deleted_at") expected.emplace_back(field.name);
    }
    const auto actual = Names("SELECT name FROM pragma_table_xinfo('" + view + "') ORDER BY cid");
    const std::string create = Statement(entity, "CREATE VIEW " + view + " ");
    if (actual != expected) {
      faults_.push_back((actual.empty() ? "" : "DROP VIEW " + view + "; ") + create);
    } else if (!SqlOf(view).ends_with("WHERE deleted_at IS NULL")) {
      faults_.push_back("-- " + view + " is not the view of the living rows");
    }
  }

  SQLite::Database& db_;
  std::vector<std::string> faults_;
  std::set<std::string> indexes_;
};

}  // namespace

std::vector<std::string> SchemaFaults(SQLite::Database& db) { return Comparison(db).Run(); }

}  // namespace crmsink
