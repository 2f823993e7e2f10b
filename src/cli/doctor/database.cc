#include "storage/database.h"

#include "cli/doctor/checks.h"
#include "storage/spool/spool.h"

namespace crmsink::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLeastRoom = std::uint64_t{256} << 20;

fs::path FolderOf(const std::string& file) {
  std::error_code error;
  const fs::path path = fs::absolute(file, error);
  return error ? fs::path(".") : path.parent_path();
}

std::string RemedyOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kUnavailable:
      return "who owns the file and its folder? The server's user must be able to write both";
    case ErrorCode::kCorrupt:
      return "is it the right file? If it is damaged: keep a copy, and restore a backup";
    default:
      return "look at `crmsink migrate --status`";
  }
}

// That somebody could write now. Changes nothing.
void CheckFile(const std::string& url, const DatabaseUrl& parsed, Checks& checks) {
  std::error_code error;
  if (!fs::exists(parsed.file, error)) return Ok(checks, "database", parsed.Shown() + " is not there: serve makes it");
  const auto migrations = MigrationsOf(url);
  if (!migrations) return Problem(checks, "database", migrations.error().message, RemedyOf(migrations.error()));
  if (migrations->empty() || !migrations->back().applied_at) {
    return Warn(checks, "database", parsed.Shown() + " has an older schema",
                "serve brings it up to date; back it up before");
  }
  const auto store = OpenStore(url, {});
  if (!store) return Problem(checks, "database", store.error().message, RemedyOf(store.error()));
  const auto transaction = (*store)->Begin(Store::Mode::kWrite);
  if (!transaction) return Problem(checks, "database", transaction.error().message, RemedyOf(transaction.error()));
  Ok(checks, "database", parsed.Shown() + " may be read, written and locked");
}

void CheckOther(const std::string& name, const std::string& file, Checks& checks) {
  if (!ServerLock::IsTaken(file)) return;
  Warn(checks, name, "a server runs on " + file,
       "nothing, if it is the one that is meant; a second one does not start");
}

void CheckSpool(const Settings& settings, Checks& checks) {
  if (!settings.spool_enabled) {
    return Warn(checks, "spool", "off: an outage of PostgreSQL is 429 at once, and lasts longer than HighLevel tries",
                "spool-enabled on");
  }
  CheckOther("other server", settings.spool_file, checks);
  // While it is emptied it can take twice as much.
  CheckFolder("spool", FolderOf(settings.spool_file), 2 * static_cast<std::uint64_t>(settings.spool_bytes), checks);
  std::error_code error;
  if (!fs::exists(settings.spool_file, error)) return;
  const auto size = Spool::Look(settings.spool_file);
  if (!size) {
    return Problem(checks, "spool", size.error().message, "delete nothing: what is in it was promised to its sender");
  }
  Ok(checks, "spool", settings.spool_file + " holds " + std::to_string(size->deliveries) + " deliveries");
}

}  // namespace

void CheckDatabase(const Settings& settings, Checks& checks) {
  const auto url = DatabaseUrl::Parse(settings.database);
  if (!url) return Problem(checks, "database", url.error().message, "--database");
  if (url->backend == DatabaseUrl::Backend::kPostgres) {
    CheckServer(settings, checks);
    return CheckSpool(settings, checks);
  }
  CheckOther("other server", url->file, checks);
  CheckFolder("database", FolderOf(url->file), kLeastRoom, checks);
  CheckFile(settings.database, *url, checks);
}

}  // namespace crmsink::doctor
