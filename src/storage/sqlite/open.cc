#include "storage/sqlite/open.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "storage/sqlite/checkpointer.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/migrator.h"
#include "storage/sqlite/query.h"
#include "storage/sqlite/store.h"

namespace crmsink::sqlite {
namespace {

// kNotFound: there is no such file and the flags do not say that it may be made.
Result<std::unique_ptr<Connection>> Open(const DatabaseUrl& url, const Connection::Options& options) {
  std::error_code ignored;
  if ((options.flags & SQLite::OPEN_CREATE) == 0 && !std::filesystem::exists(url.file, ignored)) {
    return Fail(ErrorCode::kNotFound, "no database at " + url.Shown());
  }
  return Guard("opening " + url.Shown(), [&]() -> Result<std::unique_ptr<Connection>> {
    return std::make_unique<Connection>(url.file, options);
  });
}

// SQLite makes files that no group may write, whatever the umask says, and what stands beside a file gets its mode:
// then a reader of the group that is there first would leave a file of shared memory that the server cannot write.
void MakeFile(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace

Result<std::unique_ptr<Store>> OpenStore(const DatabaseUrl& url, const OpenOptions& options) {
  const int flags = SQLite::OPEN_READWRITE | (options.create ? SQLite::OPEN_CREATE : 0);
  if (options.create && options.vfs.empty()) MakeFile(url.file);
  auto connection = Open(url, {.flags = flags, .vfs = options.vfs, .gathers_wal = true});
  if (!connection) return tl::unexpected(connection.error());
  const auto status = CheckMigrations(**connection, SqliteMigrations());
  if (!status) return tl::unexpected(status.error());
  const auto prepare = [&](auto step) {
    return Guard("preparing the database", [&]() -> Result<void> {
      step();
      return {};
    });
  };
  if (auto done = prepare([&] { (*connection)->PrepareForWriting(options.synchronous); }); !done) {
    return tl::unexpected(done.error());
  }
  if (options.migrate) {
    if (auto migrated = Migrate(**connection, SqliteMigrations(), options.on_migration); !migrated) {
      return tl::unexpected(migrated.error());
    }
    if (auto done = prepare([&] { (*connection)->SyncWhatIsThere(); }); !done) return tl::unexpected(done.error());
  } else if (!status->empty() && !status->back().applied_at) {
    return Fail(ErrorCode::kInvalid, "the database's schema is older than this program: run `crmsink migrate`");
  }
  std::unique_ptr<Checkpointer> checkpointer;
  if (auto done = prepare([&] {
        const Checkpointer::Limits limits{.begin = options.checkpoint_frames,
                                          .hand_over = std::min(options.checkpoint_frames / 4, 2'000)};
        checkpointer = std::make_unique<Checkpointer>(**connection, options.vfs, limits);
      });
      !done) {
    return tl::unexpected(done.error());
  }
  return std::make_unique<SqliteStore>(*std::move(connection), std::move(checkpointer));
}

Result<std::vector<MigrationStatus>> MigrationsOf(const DatabaseUrl& url) {
  auto connection = Open(url, {.flags = SQLite::OPEN_READONLY, .vfs = ""});
  if (!connection) return tl::unexpected(connection.error());
  return CheckMigrations(**connection, SqliteMigrations());
}

Result<std::unique_ptr<QueryConnection::Backend>> OpenQuery(const DatabaseUrl& url) {
  auto connection = Open(url, {.flags = SQLite::OPEN_READONLY, .vfs = ""});
  if (!connection) return tl::unexpected(connection.error());
  return std::make_unique<Query>(*std::move(connection));
}

}  // namespace crmsink::sqlite
