#include "storage/sqlite/open.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "storage/database.h"
#include "storage/sqlite/migrator.h"
#include "storage/sqlite/store.h"

namespace crmsink {

namespace sqlite {

Result<std::unique_ptr<Connection>> Open(const std::string& url, Connection::Options options) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  std::error_code ignored;
  if ((options.flags & SQLite::OPEN_CREATE) == 0 && !std::filesystem::exists(parsed->file, ignored)) {
    return Fail(ErrorCode::kNotFound, "no database at " + parsed->AbsolutePath());
  }
  return Guard("opening " + parsed->AbsolutePath(), [&]() -> Result<std::unique_ptr<Connection>> {
    return std::make_unique<Connection>(parsed->file, options);
  });
}

}  // namespace sqlite

Result<std::unique_ptr<Store>> OpenStore(const std::string& url, const OpenOptions& options) {
  const int flags = SQLite::OPEN_READWRITE | (options.create ? SQLite::OPEN_CREATE : 0);
  auto connection = sqlite::Open(url, {.flags = flags, .vfs = options.vfs, .gathers_wal = true});
  if (!connection) return tl::unexpected(connection.error());
  const auto status = sqlite::CheckMigrations(**connection, SqliteMigrations());
  if (!status) return tl::unexpected(status.error());
  const auto prepare = [&](auto step) {
    return sqlite::Guard("preparing the database", [&]() -> Result<void> {
      step();
      return {};
    });
  };
  if (auto done = prepare([&] { (*connection)->PrepareForWriting(options.synchronous); }); !done) {
    return tl::unexpected(done.error());
  }
  if (options.migrate) {
    if (auto migrated = sqlite::Migrate(**connection, SqliteMigrations(), options.on_migration); !migrated) {
      return tl::unexpected(migrated.error());
    }
    if (auto done = prepare([&] { (*connection)->SyncWhatIsThere(); }); !done) return tl::unexpected(done.error());
  } else if (!status->empty() && !status->back().applied_at) {
    return Fail(ErrorCode::kInvalid, "the database's schema is older than this program: run `crmsink migrate`");
  }
  return std::make_unique<sqlite::SqliteStore>(*std::move(connection));
}

Result<std::vector<MigrationStatus>> MigrationsOf(const std::string& url) {
  auto connection = sqlite::Open(url, {.flags = SQLite::OPEN_READONLY, .vfs = ""});
  if (!connection) return tl::unexpected(connection.error());
  return sqlite::CheckMigrations(**connection, SqliteMigrations());
}

Result<std::unique_ptr<ServerLock>> ServerLock::Take(const std::string& url) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  // Under its real name, so that a link to it is the same database.
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(parsed->file, error);
  const std::string file = (error ? parsed->AbsolutePath() : real.string()) + "-serve.lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Fail(ErrorCode::kUnavailable, "cannot make " + file + ": " + std::strerror(errno) +
                                             "; check that the folder exists and may be written");
  }
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    ::close(descriptor);
    return Fail(ErrorCode::kUnavailable, "another `crmsink serve` has " + parsed->AbsolutePath() +
                                             " open: one server per database; end it, or give this one another "
                                             "--database");
  }
  return std::unique_ptr<ServerLock>(new ServerLock(descriptor));
}

ServerLock::~ServerLock() { ::close(descriptor_); }

}  // namespace crmsink
