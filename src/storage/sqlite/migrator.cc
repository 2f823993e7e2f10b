#include "storage/sqlite/migrator.h"

namespace crmsink::sqlite {
namespace {

std::vector<AppliedMigration> ReadApplied(Connection& connection) {
  std::vector<AppliedMigration> applied;
  if (!connection.db().tableExists("schema_migrations")) return applied;
  SQLite::Statement select(connection.db(),
                           "SELECT version, name, checksum, applied_at FROM schema_migrations ORDER BY version");
  while (select.executeStep()) {
    applied.push_back({select.getColumn(0).getInt(), TextOf(select.getColumn(1)), TextOf(select.getColumn(2)),
                       TextOf(select.getColumn(3))});
  }
  return applied;
}

}  // namespace

Result<std::vector<MigrationStatus>> CheckMigrations(Connection& connection, std::span<const Migration> known) {
  return Guard("reading the schema's version", [&]() -> Result<std::vector<MigrationStatus>> {
    const auto applied = ReadApplied(connection);
    if (applied.empty() && connection.db().execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0 &&
        !connection.db().tableExists("schema_migrations")) {
      return Fail(ErrorCode::kCorrupt, "the database has tables, but none of this program's: is it the right file?");
    }
    if (auto same = CompareMigrations(applied, known); !same) return tl::unexpected(same.error());
    std::vector<MigrationStatus> status;
    for (std::size_t i = 0; i < known.size(); ++i) {
      status.push_back({known[i].version, std::string(known[i].name),
                        i < applied.size() ? std::optional(applied[i].at) : std::nullopt});
    }
    return status;
  });
}

Result<void> Migrate(Connection& connection, std::span<const Migration> known,
                     const std::function<void(std::string_view)>& on_migration) {
  const auto status = CheckMigrations(connection, known);
  if (!status) return tl::unexpected(status.error());
  // Nothing to do needs no lock: a server may be writing.
  if (!status->empty() && status->back().applied_at) return {};
  return Guard("migrating the database", [&]() -> Result<void> {
    connection.db().exec(
        "CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, "
        "checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT");
    for (const Migration& migration : known) {
      SQLite::Transaction transaction(connection.db(), SQLite::TransactionBehavior::IMMEDIATE);
      const auto applied = ReadApplied(connection);
      if (auto same = CompareMigrations(applied, known); !same) return tl::unexpected(same.error());
      if (applied.size() >= static_cast<std::size_t>(migration.version)) continue;
      if (on_migration) on_migration(TitleOf(migration.version, migration.name));
      connection.db().exec(std::string(migration.sql));
      SQLite::Statement record(
          connection.db(), "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?, ?, ?, ?)");
      record.bind(1, migration.version);
      record.bind(2, std::string(migration.name));
      record.bind(3, ChecksumOf(migration));
      record.bind(4, FormatSqlTime(SystemNow()));
      record.exec();
      transaction.commit();
    }
    return {};
  });
}

}  // namespace crmsink::sqlite
