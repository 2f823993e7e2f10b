#include "storage/postgres/open.h"

#include "storage/migrations.h"
#include "storage/postgres/migrator.h"
#include "storage/postgres/query.h"
#include "storage/postgres/store.h"

namespace crmsink::postgres {
namespace {

bool IsEmpty(const std::vector<MigrationStatus>& status) { return status.empty() || !status.front().applied_at; }

Error NoTables(const DatabaseUrl& url) {
  return {ErrorCode::kNotFound, "no database at " + url.Shown() + ": run `crmsink migrate`"};
}

}  // namespace

Result<std::unique_ptr<Store>> OpenStore(const DatabaseUrl& url, const OpenOptions& options) {
  auto session = Session::Connect(url, options.connecting, options.connecting);
  if (!session) return tl::unexpected(session.error());
  const auto status = CheckMigrations(**session, url.schema, PostgresMigrations());
  if (!status) return tl::unexpected(status.error());
  if (IsEmpty(*status) && !options.create) return tl::unexpected(NoTables(url));
  const bool is_current = status->empty() || status->back().applied_at;
  if (!is_current && !options.migrate) {
    return Fail(ErrorCode::kInvalid, "the database's schema is older than this program: run `crmsink migrate`");
  }
  if (!is_current) {
    if (auto done = Migrate(**session, url.schema, PostgresMigrations(), options.on_migration); !done) {
      return tl::unexpected(done.error());
    }
  }
  if (auto done = (*session)->KeepStatements(); !done) return tl::unexpected(done.error());
  (*session)->set_patience(options.patience);
  return std::make_unique<PostgresStore>(*std::move(session), url.schema, options.isolation);
}

Result<std::vector<MigrationStatus>> MigrationsOf(const DatabaseUrl& url) {
  auto session = Session::Connect(url, OpenOptions().patience);
  if (!session) return tl::unexpected(session.error());
  auto status = CheckMigrations(**session, url.schema, PostgresMigrations());
  if (status && IsEmpty(*status)) return tl::unexpected(NoTables(url));
  return status;
}

Result<std::unique_ptr<QueryConnection::Backend>> OpenQuery(const DatabaseUrl& url) {
  auto session = Session::Connect(url, OpenOptions().patience);
  if (!session) return tl::unexpected(session.error());
  const auto status = CheckMigrations(**session, url.schema, PostgresMigrations());
  if (!status) return tl::unexpected(status.error());
  if (IsEmpty(*status)) return tl::unexpected(NoTables(url));
  return std::make_unique<Query>(*std::move(session), url.schema);
}

Result<std::unique_ptr<QueryConnection::Backend>> OpenServer(const DatabaseUrl& url) {
  auto session = Session::Connect(url, OpenOptions().patience);
  if (!session) return tl::unexpected(session.error());
  return std::make_unique<Query>(*std::move(session), url.schema);
}

}  // namespace crmsink::postgres
