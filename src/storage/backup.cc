#include "storage/backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "storage/database.h"
#include "storage/sqlite/backup.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> FailedWith(const std::string& doing) {
  return Fail(ErrorCode::kUnavailable, doing + ": " + std::strerror(errno));
}

// A file with a name of its own beside FILE, on the same file system; gone with the object unless it was renamed.
class Unfinished {
 public:
  explicit Unfinished(const std::string& file) : name_(file + ".unfinished-XXXXXX") {
    const int descriptor = ::mkstemp(name_.data());
    if (descriptor < 0) {
      name_.clear();
    } else {
      ::close(descriptor);
    }
  }
  ~Unfinished() {
    if (name_.empty()) return;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((name_ + suffix).c_str());
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

  const std::string& name() const { return name_; }

  // Gives it its name; one that is there by now is replaced only where that is wanted.
  Result<void> Finish(const std::string& file, bool overwrite) {
    int failed = -1;
    if (!overwrite) {
      failed = ::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE);
      if (failed != 0 && errno == EEXIST) return Fail(ErrorCode::kInvalid, file + " is there already");
    }
    // Not every file system knows that flag.
    if (failed != 0) failed = std::rename(name_.c_str(), file.c_str());
    if (failed != 0) return FailedWith("naming the copy " + file);
    name_.clear();
    return {};
  }

 private:
  std::string name_;
};

Result<void> SyncFolderOf(const std::string& file) {
  const fs::path parent = fs::path(file).parent_path();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::fsync(folder) == 0;
  const int reason = errno;
  if (folder >= 0) ::close(folder);
  errno = reason;
  if (!synced) return FailedWith("syncing the folder of " + file);
  return {};
}

Result<void> CheckTarget(const DatabaseUrl& url, const std::string& file, bool overwrite) {
  std::error_code error;
  if (fs::equivalent(url.file, file, error)) {
    return Fail(ErrorCode::kInvalid, file + " is the database itself: name another file");
  }
  for (const char* suffix : {"-wal", "-journal"}) {
    if (!fs::exists(file + suffix, error)) continue;
    return Fail(ErrorCode::kInvalid,
                file + suffix +
                    " is there: SQLite would take it for a part of the copy, and perhaps a program "
                    "has " +
                    file + " open; name another file");
  }
  const auto state = fs::symlink_status(file, error);
  if (!fs::exists(state)) return {};
  if (!overwrite) return Fail(ErrorCode::kInvalid, file + " is there already: name another file, or add --overwrite");
  if (!fs::is_regular_file(state)) return Fail(ErrorCode::kInvalid, file + " is no ordinary file: name another one");
  return {};
}

}  // namespace

Result<BackupReport> Backup(const std::string& url, const std::string& file, const BackupOptions& options) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->backend == DatabaseUrl::Backend::kPostgres) {
    return Fail(ErrorCode::kInvalid,
                "PostgreSQL has its own way of backing up: pg_dump --schema=" + parsed->schema +
                    " --format=custom --file=FILE DATABASE; docs/operations.md says what may be left "
                    "out, and how to restore it");
  }
  if (auto done = CheckTarget(*parsed, file, options.overwrite); !done) return tl::unexpected(done.error());
  Unfinished copy(file);
  if (copy.name().empty()) return FailedWith("making a file beside " + file);
  auto report = sqlite::CopyInto(*parsed, copy.name(), options);
  if (!report) return report;
  if (auto done = copy.Finish(file, options.overwrite); !done) return tl::unexpected(done.error());
  if (auto done = SyncFolderOf(file); !done) return tl::unexpected(done.error());
  return report;
}

}  // namespace crmsink
