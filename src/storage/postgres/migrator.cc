#include "storage/postgres/migrator.h"

#include "base/sha256.h"

namespace crmsink::postgres {
namespace {

constexpr std::string_view kReading = "reading the schema's version";
constexpr std::string_view kMigrating = "migrating the database";

// A transaction by the simple protocol: a migration has many statements. Undone unless committed.
class Script {
 public:
  explicit Script(Session& session) : session_(session) {}
  ~Script() {
    if (is_open_ && !session_.broken()) static_cast<void>(session_.RunScript("ROLLBACK", kMigrating));
  }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  // The names in a migration are of the schema.
  Result<void> Begin(const std::string& schema) {
    auto begun = session_.RunScript("BEGIN; SET LOCAL search_path = " + schema + "; SET LOCAL lock_timeout = 0; " +
                                        "SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = error",
                                    kMigrating);
    is_open_ = begun.has_value();
    return begun;
  }
  Result<void> Commit() {
    is_open_ = false;
    return session_.RunScript("COMMIT", kMigrating);
  }

 private:
  Session& session_;
  bool is_open_ = false;
};

// Of all migrators of this schema.
std::int64_t LockOf(const std::string& schema) {
  const auto digest = Sha256({"crmsink migrations of ", schema});
  std::int64_t lock = 0;
  for (std::size_t i = 0; i < 8; ++i)
    lock = static_cast<std::int64_t>(static_cast<std::uint64_t>(lock) << 8 | digest[i]);
  return lock;
}

Result<std::vector<AppliedMigration>> ReadApplied(Session& session, const std::string& schema) {
  // Tables of somebody else in a schema of ours are none of it. Not by to_regclass: what it remembers of a schema that
  // was not there is out of date after the wait for another migrator.
  const auto tables = session.Run({.sql = "SELECT coalesce(bool_or(relname = 'schema_migrations'), false), "
                                          "coalesce(bool_or(relname = 'events'), false) FROM pg_catalog.pg_class "
                                          "JOIN pg_catalog.pg_namespace ON pg_namespace.oid = relnamespace "
                                          "WHERE nspname = $1",
                                   .parameters = {Parameter::Text(schema)},
                                   .doing = kReading});
  if (!tables) return tl::unexpected(tables.error());
  if (tables->Int(0, 0) == 0 && tables->Int(0, 1) != 0) {
    return Fail(ErrorCode::kCorrupt, "the schema " + schema +
                                         " has a table events, but it is none of this program's: name another one "
                                         "with --schema");
  }
  std::vector<AppliedMigration> applied;
  if (tables->Int(0, 0) == 0) return applied;
  const auto rows = session.Run({.sql = "SELECT version, name, checksum, to_char(applied_at AT TIME ZONE 'UTC', "
                                        "'YYYY-MM-DD HH24:MI:SS.MS') FROM " +
                                        schema + ".schema_migrations ORDER BY version",
                                 .doing = kReading});
  if (!rows) return tl::unexpected(rows.error());
  for (int row = 0; row < rows->size(); ++row) {
    applied.push_back(
        {static_cast<int>(rows->Int(row, 0)), rows->Text(row, 1), rows->Text(row, 2), rows->Text(row, 3)});
  }
  return applied;
}

// One step: the next pending migration, if there is one still. False: there is none.
Result<bool> ApplyNext(Session& session, const std::string& schema, std::span<const Migration> known,
                       const std::function<void(std::string_view)>& on_migration) {
  Script script(session);
  if (auto done = script.Begin(schema); !done) return tl::unexpected(done.error());
  const auto locked = session.Run(
      {.sql = "SELECT pg_advisory_xact_lock($1)", .parameters = {Parameter::Int(LockOf(schema))}, .doing = kMigrating});
  if (!locked) return tl::unexpected(locked.error());
  const auto applied = ReadApplied(session, schema);
  if (!applied) return tl::unexpected(applied.error());
  if (auto same = CompareMigrations(*applied, known); !same) return tl::unexpected(same.error());
  if (applied->size() == known.size()) return false;
  const Migration& next = known[applied->size()];
  if (on_migration) on_migration(TitleOf(next.version, next.name));
  std::string sql(next.sql);
  if (applied->empty()) {
    sql = "CREATE SCHEMA IF NOT EXISTS " + schema +
          ";\nCREATE TABLE schema_migrations (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, "
          "applied_at timestamptz NOT NULL);\n" +
          sql;
  }
  if (auto done = session.RunScript(sql, kMigrating); !done) return tl::unexpected(done.error());
  session.Queue(
      {.sql = "INSERT INTO " + schema +
              ".schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, now())",
       .parameters = {Parameter::Int(next.version), Parameter::Text(next.name), Parameter::Text(ChecksumOf(next))},
       .doing = kMigrating});
  if (const auto done = session.Flush(); !done) return tl::unexpected(done.error());
  if (auto done = script.Commit(); !done) return tl::unexpected(done.error());
  return applied->size() + 1 < known.size();
}

}  // namespace

Result<std::vector<MigrationStatus>> CheckMigrations(Session& session, const std::string& schema,
                                                     std::span<const Migration> known) {
  const auto applied = ReadApplied(session, schema);
  if (!applied) return tl::unexpected(applied.error());
  if (auto same = CompareMigrations(*applied, known); !same) return tl::unexpected(same.error());
  std::vector<MigrationStatus> status;
  for (std::size_t i = 0; i < known.size(); ++i) {
    status.push_back({known[i].version, std::string(known[i].name),
                      i < applied->size() ? std::optional((*applied)[i].at) : std::nullopt});
  }
  return status;
}

Result<void> Migrate(Session& session, const std::string& schema, std::span<const Migration> known,
                     const std::function<void(std::string_view)>& on_migration) {
  const auto patience = session.patience();
  session.set_patience({});  // whoever waits for another migrator waits as long as that takes
  while (true) {
    const auto more = ApplyNext(session, schema, known, on_migration);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  session.set_patience(patience);
  return {};
}

}  // namespace crmsink::postgres
