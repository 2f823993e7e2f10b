#include "postgres_schema_faults.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "entities/catalog.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

// What a schema consists of: (kind, table, name, what it is).
constexpr char kParts[] = R"sql(
SELECT 'table', relname, '', '' FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
UNION ALL
SELECT 'column', relname, attname,
  format_type(atttypid, atttypmod)
  || CASE WHEN collname <> 'default' THEN ' COLLATE "' || collname || '"' ELSE '' END
  || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_collation ON pg_collation.oid = attcollation
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
UNION ALL
SELECT 'key', conrelid::regclass::text, '', pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = current_schema()::regnamespace
UNION ALL
SELECT 'index', tablename, indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes
WHERE schemaname = current_schema()
  AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = format('%I.%I', schemaname, indexname)::regclass)
UNION ALL
SELECT 'view', viewname, '', definition FROM pg_views WHERE schemaname = current_schema()
UNION ALL
SELECT CASE relkind WHEN 'v' THEN 'comment on view' ELSE 'comment on table' END, relname, '',
  obj_description(oid, 'pg_class')
FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
  AND obj_description(oid, 'pg_class') IS NOT NULL
UNION ALL
SELECT 'comment on column', relname, attname, col_description(attrelid, attnum)
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND col_description(attrelid, attnum) IS NOT NULL
)sql";

// Kind, table, name; in an order in which what is missing can be made.
using Place = std::tuple<std::string, std::string, std::string>;
struct MadeBefore {
  static std::size_t Turn(const std::string& kind) {
    static const std::vector<std::string> kinds = {"table", "column", "key", "index", "view"};
    return static_cast<std::size_t>(std::ranges::find(kinds, kind) - kinds.begin());
  }
  bool operator()(const Place& a, const Place& b) const {
    return std::tuple(Turn(std::get<0>(a)), std::ref(a)) < std::tuple(Turn(std::get<0>(b)), std::ref(b));
  }
};
using Parts = std::map<Place, std::string, MadeBefore>;

Parts PartsOf(const std::string& url) {
  Parts parts;
  for (const auto& row : PostgresClient(url).Rows(kParts)) parts[{row[0], row[1], row[2]}] = row[3];
  return parts;
}

std::string AllDdl() {
  std::string ddl;
  for (const Entity* entity : Entities()) ddl += Ddl(*entity, Dialect::kPostgres) + "\n";
  return ddl;
}

// The statement of the DDL that begins so; empty: none does.
std::string Statement(const std::string& ddl, const std::string& beginning) {
  const std::size_t start = ddl.find(beginning);
  return start == std::string::npos ? "" : ddl.substr(start, ddl.find(";\n", start) + 1 - start);
}

class Comparison {
 public:
  Comparison(Parts declared, Parts actual) : declared_(std::move(declared)), actual_(std::move(actual)) {}

  std::vector<std::string> Run() {
    for (const auto& [place, what] : declared_) {
      const auto found = actual_.find(place);
      if (found == actual_.end()) {
        Missing(place, what);
      } else if (found->second != what) {
        Different(place, what, found->second);
      }
    }
    for (const auto& [place, what] : actual_) {
      if (!declared_.contains(place)) TooMany(place);
    }
    return faults_;
  }

 private:
  // What is of a table that is missing as a whole, or of one that is no entity's, is not worth a line of its own.
  bool IsThere(const std::string& table, const Parts& parts) const {
    return parts.contains({"table", table, ""}) || parts.contains({"view", table, ""});
  }

  std::string Comment(const Place& place) const {
    const auto& [kind, table, name] = place;
    const std::string object = kind == "comment on column" ? "COLUMN " + table + "." + name
                               : kind == "comment on view" ? "VIEW " + table
                                                           : "TABLE " + table;
    return Statement(ddl_, "COMMENT ON " + object + " IS ");
  }

  void Missing(const Place& place, const std::string& what) {
    const auto& [kind, table, name] = place;
    if (kind == "table") return faults_.push_back(Statement(ddl_, "CREATE TABLE " + table + " ("));
    if (kind == "view") return faults_.push_back(Statement(ddl_, "CREATE VIEW " + table + " "));
    if (kind.starts_with("comment")) return faults_.push_back(Comment(place));
    if (!IsThere(table, actual_)) return;
    if (kind == "column") faults_.push_back("ALTER TABLE " + table + " ADD COLUMN " + name + " " + what + ";");
    if (kind == "index") faults_.push_back(Statement(ddl_, "CREATE INDEX " + name + " "));
    if (kind == "key") faults_.push_back("ALTER TABLE " + table + " ADD " + what + ";");
  }

  void Different(const Place& place, const std::string& wanted, const std::string& actual) {
    const auto& [kind, table, name] = place;
    if (kind.starts_with("comment")) return faults_.push_back(Comment(place));
    if (kind == "index") {
      return faults_.push_back("DROP INDEX " + name + "; " + Statement(ddl_, "CREATE INDEX " + name + " "));
    }
    if (kind == "view") {
      return faults_.push_back("DROP VIEW " + table + "; " + Statement(ddl_, "CREATE VIEW " + table + " "));
    }
    faults_.push_back("-- " + table + (name.empty() ? "" : "." + name) + " is " + actual + ", not " + wanted);
  }

  void TooMany(const Place& place) {
    const auto& [kind, table, name] = place;
    static const std::set<std::string> beside = {"schema_migrations", "events",       "log_maintenance", "quarantine",
                                                 "unverified",        "event_counts", "refusals"};
    if (beside.contains(table)) return;
    if (kind == "table") return faults_.push_back("-- " + table + " is in no declaration");
    if (kind == "view") return faults_.push_back("DROP VIEW " + table + ";");
    if (!IsThere(table, declared_)) return;
    if (kind == "column") faults_.push_back("ALTER TABLE " + table + " DROP COLUMN " + name + ";");
    if (kind == "index") faults_.push_back("DROP INDEX " + name + ";");
    if (kind == "key") faults_.push_back("-- " + table + " has a key that is in no declaration");
    if (kind.starts_with("comment")) faults_.push_back("-- " + table + "." + name + ": a comment in no declaration");
  }

  const std::string ddl_ = AllDdl();
  const Parts declared_, actual_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> PostgresSchemaFaults(const std::string& url) {
  const PostgresDatabase reference(PostgresDatabase::Content::kNothing);
  PostgresClient(reference.url()).Execute("CREATE SCHEMA crmsink; SET search_path = crmsink;" + AllDdl());
  return Comparison(PartsOf(reference.url()), PartsOf(url)).Run();
}

}  // namespace crmsink
