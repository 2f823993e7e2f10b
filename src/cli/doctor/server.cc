#include <map>

#include "cli/doctor/checks.h"
#include "storage/database.h"
#include "storage/query.h"

namespace crmsink::doctor {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::int64_t kOldest = 150'000;  // PostgreSQL 15, which the tests run on

// One row, by name; NULL where a thing is not there.
constexpr std::string_view kFacts = R"(
WITH ours AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1),
     log AS (SELECT c.oid FROM pg_catalog.pg_class AS c WHERE c.relnamespace = (SELECT oid FROM ours)
             AND c.relname = 'events')
SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
  current_user::text AS role, current_setting('is_superuser') AS superuser,
  (SELECT pg_encoding_to_char(encoding) FROM pg_catalog.pg_database WHERE datname = current_database()) AS encoding,
  pg_is_in_recovery()::int AS standby, current_setting('default_transaction_read_only') AS read_only,
  current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
  current_setting('synchronous_commit') AS synchronous_commit,
  current_setting('synchronous_standby_names') AS standbys,
  current_setting('max_connections')::int - (SELECT count(*) FROM pg_catalog.pg_stat_activity
    WHERE backend_type = 'client backend')::int AS connections,
  (SELECT oid FROM log) IS NOT NULL AS has_log,
  has_database_privilege(current_database(), 'CREATE') AS may_create,
  CASE WHEN EXISTS (SELECT FROM ours) THEN has_schema_privilege((SELECT oid FROM ours), 'USAGE') END AS may_use,
  CASE WHEN EXISTS (SELECT FROM log) THEN has_table_privilege((SELECT oid FROM log), 'SELECT')
    AND has_table_privilege((SELECT oid FROM log), 'INSERT') END AS may_write)";

class Facts {
 public:
  static Result<Facts> Read(const std::string& url, const std::string& schema) {
    auto connection = QueryConnection::OpenServer(url);
    if (!connection) return tl::unexpected(connection.error());
    Facts facts;
    std::vector<std::string> names;
    const auto done = connection->Run(kFacts, std::vector<QueryValue>{schema},
                                      {.on_columns = [&](const auto& columns) { names = columns; },
                                       .on_row =
                                           [&](const auto& row) {
                                             for (std::size_t i = 0; i < names.size(); ++i)
                                               facts.values_[names[i]] = row[i];
                                             return true;
                                           }},
                                      kPatience);
    if (!done) return tl::unexpected(done.error());
    return facts;
  }

  std::string Text(const std::string& name) const {
    const auto* text = std::get_if<std::string>(&values_.at(name));
    return text != nullptr ? *text : "";
  }
  std::int64_t Number(const std::string& name) const {
    const auto* number = std::get_if<std::int64_t>(&values_.at(name));
    return number != nullptr ? *number : 0;
  }
  bool IsOff(const std::string& name) const { return Text(name) == "off"; }

 private:
  std::map<std::string, QueryValue> values_;
};

void CheckRights(const Facts& facts, const std::string& schema, Checks& checks) {
  const std::string role = facts.Text("role");
  if (facts.Number("has_log") == 0 && facts.Number("may_create") == 0) {
    return Problem(checks, "rights", role + " may not make the schema " + schema,
                   "as the owner: crmsink migrate --writer-role " + role);
  }
  if (facts.Number("has_log") == 0)
    return Ok(checks, "rights", "the schema " + schema + " is not there: serve makes it");
  if (facts.Number("may_use") == 0 || facts.Number("may_write") == 0) {
    return Problem(checks, "rights", role + " may not write into " + schema + ".events",
                   "as the owner: crmsink migrate --writer-role " + role);
  }
  if (facts.Text("superuser") == "on") {
    return Warn(checks, "rights", role + " is a superuser, who may also change the log",
                "a role for the server: docs/postgres.md, Set-up");
  }
  Ok(checks, "rights", role + " may write into the schema " + schema);
}

void CheckDurability(const Facts& facts, Checks& checks) {
  if (facts.IsOff("fsync") || facts.IsOff("full_page_writes")) {
    return Problem(checks, "durability", "fsync or full_page_writes is off: a crash loses what was acknowledged",
                   "set both to on in postgresql.conf, and reload");
  }
  const std::string level = facts.Text("synchronous_commit");
  if (!facts.Text("standbys").empty() && (level == "local" || level == "remote_write")) {
    return Warn(checks, "durability", "synchronous_commit is " + level + ": a failover may lose what was acknowledged",
                "synchronous_commit on");
  }
  Ok(checks, "durability",
     level == "off" ? "fsync is on; synchronous_commit is off, which is overruled"
                    : "fsync is on, a commit waits for it");
}

void CheckState(const Facts& facts, Checks& checks) {
  if (facts.Number("number") < kOldest) {
    Warn(checks, "server", "PostgreSQL " + facts.Text("version"), "nothing older than 15 was tried");
  } else {
    Ok(checks, "server", "PostgreSQL " + facts.Text("version"));
  }
  if (facts.Text("encoding") != "UTF8") {
    Problem(checks, "encoding", facts.Text("encoding"), "make the database anew: CREATE DATABASE ... ENCODING 'UTF8'");
  } else {
    Ok(checks, "encoding", "UTF8");
  }
  if (facts.Number("standby") != 0 || facts.Text("read_only") == "on") {
    Problem(checks, "role of the server", "it takes no writes: a standby, or read-only",
            "name every server, and target_session_attrs=read-write behind ?");
  }
}

}  // namespace

void CheckServer(const Settings& settings, Checks& checks) {
  const auto url = DatabaseUrl::Parse(settings.database);
  if (!url) return;
  const auto facts = Facts::Read(settings.database, url->schema);
  if (!facts) {
    return Problem(checks, "server", facts.error().message,
                   "can `psql` connect from this machine, as this user, with the same URL?");
  }
  CheckState(*facts, checks);
  CheckRights(*facts, url->schema, checks);
  CheckDurability(*facts, checks);
  const std::int64_t wanted = settings.writers + 1;
  const std::string free =
      std::to_string(facts->Number("connections")) + " are free, " + std::to_string(wanted) + " wanted";
  if (facts->Number("connections") < wanted) {
    Problem(checks, "connections", free, "max_connections, or PgBouncer in transaction mode");
  } else {
    Ok(checks, "connections", free);
  }
}

}  // namespace crmsink::doctor
