#include <string>

#include "entities/catalog.h"
#include "storage/database.h"
#include "storage/postgres/session.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

constexpr std::string_view kGranting = "granting rights";

std::string QuotedName(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

// Later tables, too: those that this role makes.
std::string ReaderRights(const std::string& schema, const std::string& role) {
  return "GRANT USAGE ON SCHEMA " + schema + " TO " + role + ";\nGRANT SELECT ON ALL TABLES IN SCHEMA " + schema +
         " TO " + role + ";\nALTER DEFAULT PRIVILEGES IN SCHEMA " + schema + " GRANT SELECT ON TABLES TO " + role +
         ";\n";
}

// Only a superuser, CREATEROLE and the role itself may set them, and the owner of the tables is seldom one of those:
// what is right already is left alone.
Result<void> SetReader(postgres::Session& session, const std::string& schema, const std::string& reader) {
  const auto rows = session.Run({.sql = "SELECT coalesce(rolconfig @> ARRAY[$1, 'TimeZone=UTC'], false) FROM pg_roles "
                                        "WHERE rolname = $2",
                                 .parameters = {postgres::Parameter::Text("search_path=" + schema + ", public"),
                                                postgres::Parameter::Text(reader)},
                                 .doing = kGranting});
  if (!rows) return tl::unexpected(rows.error());
  if (rows->size() > 0 && rows->Int(0, 0) != 0) return {};
  const std::string role = QuotedName(reader);
  const std::string sql =
      "ALTER ROLE " + role + " SET search_path = " + schema + ", public; ALTER ROLE " + role + " SET TimeZone = 'UTC'";
  if (auto done = session.RunScript(sql, kGranting); !done) {
    return Fail(ErrorCode::kInvalid,
                "the rights are granted, but its settings are a superuser's matter; as one, run: " + sql + "; (" +
                    done.error().message + ")");
  }
  return {};
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
  if (auto done = (*session)->RunScript("BEGIN;\n" + sql + "COMMIT", kGranting); !done) return done;
  return reader.empty() ? Result<void>() : SetReader(**session, parsed->schema, reader);
}

}  // namespace crmsink
