#include "storage/sqlite/backup.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <SQLiteCpp/Backup.h>

#include "storage/migrations.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/migrator.h"

namespace crmsink::sqlite {
namespace {

// A descriptor of the copy beside SQLite's. To close it drops SQLite's locks on the file, so it is closed last.
class Syncer {
 public:
  explicit Syncer(const std::string& file) : descriptor_(::open(file.c_str(), O_RDWR | O_CLOEXEC)) {}
  ~Syncer() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Syncer(const Syncer&) = delete;
  Syncer& operator=(const Syncer&) = delete;

  Result<void> Sync() const {
    if (descriptor_ >= 0 && ::fsync(descriptor_) == 0) return {};
    return Fail(ErrorCode::kUnavailable, std::string("writing the copy: ") + std::strerror(errno));
  }

 private:
  const int descriptor_;
};

// While the source holds a transaction open, SQLite's backup reads all of it from that snapshot; without one it would
// begin again with every commit of another process.
Result<BackupReport> CopyPages(Connection& source, Connection& copy, const Syncer& syncer,
                               const BackupOptions& options) {
  SQLite::Transaction snapshot(source.db());
  source.db().execAndGet("SELECT count(*) FROM sqlite_master");  // takes it
  const std::int64_t page_size = source.db().execAndGet("PRAGMA page_size").getInt64();
  const int pages = static_cast<int>(std::max<std::int64_t>(1, static_cast<std::int64_t>(options.portion) / page_size));
  SQLite::Backup backup(copy.db(), source.db());
  for (bool is_whole = false; !is_whole;) {
    const int step = backup.executeStep(pages);
    if (step != SQLITE_OK && step != SQLITE_DONE) return Fail(ErrorCode::kUnavailable, "the database is locked");
    is_whole = step == SQLITE_DONE;
    // A sync of the server's must not find a heap of our pages before it.
    if (auto done = syncer.Sync(); !done) return tl::unexpected(done.error());
    const auto bytes = [&](std::int64_t number) { return static_cast<std::uint64_t>(number * page_size); };
    const std::int64_t total = backup.getTotalPageCount();
    if (options.on_progress && !options.on_progress(bytes(total - backup.getRemainingPageCount()), bytes(total))) {
      return Fail(ErrorCode::kUnavailable, "the backup was given up");
    }
    if (is_whole) return BackupReport{.bytes = bytes(total)};
  }
  return BackupReport{};
}

}  // namespace

Result<BackupReport> CopyInto(const DatabaseUrl& url, const std::string& file, const BackupOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::exists(url.file, ignored)) {
    return Fail(ErrorCode::kNotFound, "no database at " + url.Shown());
  }
  return Guard("backing up " + url.Shown(), [&]() -> Result<BackupReport> {
    Connection source(url.file, {.flags = SQLite::OPEN_READONLY, .vfs = ""});
    if (const auto status = CheckMigrations(source, SqliteMigrations()); !status) {
      return tl::unexpected(status.error());
    }
    const Syncer syncer(file);
    BackupReport report;
    {
      Connection copy(file, {.flags = SQLite::OPEN_READWRITE, .vfs = ""});
      copy.db().exec("PRAGMA synchronous = OFF");
      copy.db().exec("PRAGMA journal_mode = OFF");
      const auto copied = CopyPages(source, copy, syncer, options);
      if (!copied) return copied;
      report = *copied;
    }
    // Its first page says WAL, as the source's does; a reader would make two more files.
    Connection copy(file, {.flags = SQLite::OPEN_READWRITE, .vfs = ""});
    if (copy.db().execAndGet("PRAGMA journal_mode = DELETE").getString() != "delete") {
      return Fail(ErrorCode::kUnavailable, "the copy could not be closed");
    }
    if (auto done = syncer.Sync(); !done) return tl::unexpected(done.error());
    return report;
  });
}

}  // namespace crmsink::sqlite
