#include <string>

#include "entities/catalog.h"
#include "storage/database.h"
#include "storage/postgres/session.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

std::string QuotedName(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

// Later tables, too: those that this role makes.
std::string ReaderRights(const std::string& schema, const std::string& role) {
  return "GRANT USAGE ON SCHEMA " + schema + " TO " + role + ";\nGRANT SELECT ON ALL TABLES IN SCHEMA " + schema +
         " TO " + role + ";\nALTER DEFAULT PRIVILEGES IN SCHEMA " + schema + " GRANT SELECT ON TABLES TO " + role +
         ";\nALTER ROLE " + role + " SET search_path = " + schema + ", public;\nALTER ROLE " + role +
         " SET TimeZone = 'UTC';\n";
}

// What `serve` needs, and no more: it cannot change the log.
std::string WriterRights(const std::string& schema, const std::string& role) {
  std::string tables;
  for (const Entity* entity : Entities()) {
    for (const Table& table : TablesOf(*entity)) {
      tables += (tables.empty() ? "" : ", ") + schema + "." + table.name;
    }
  }
  const auto grant = [&](std::string_view rights, const std::string& what) {
    return "GRANT " + std::string(rights) + " ON " + what + " TO " + role + ";\n";
  };
  return grant("USAGE", "SCHEMA " + schema) + grant("SELECT", "ALL TABLES IN SCHEMA " + schema) +
         grant("INSERT", schema + ".events") + grant("INSERT, UPDATE, DELETE", tables) +
         grant("INSERT, DELETE", schema + ".quarantine, " + schema + ".unverified") +
         grant("INSERT, UPDATE", schema + ".event_counts, " + schema + ".refusals") +
         grant("USAGE, SELECT", "ALL SEQUENCES IN SCHEMA " + schema);
}

}  // namespace

Result<void> GrantRoles(const std::string& url, const std::string& reader, const std::string& writer) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->backend != DatabaseUrl::Backend::kPostgres) {
    return Fail(ErrorCode::kInvalid, "SQLite knows no roles: who may read the file is said by its permissions");
  }
  auto session = postgres::Session::Connect(*parsed, OpenOptions().patience);
  if (!session) return tl::unexpected(session.error());
  std::string sql;
  if (!reader.empty()) sql += ReaderRights(parsed->schema, QuotedName(reader));
  if (!writer.empty()) sql += WriterRights(parsed->schema, QuotedName(writer));
  return (*session)->RunScript("BEGIN;\n" + sql + "COMMIT", "granting rights");
}

}  // namespace crmsink
