#include "replay/status_database.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/database.h"
#include "storage/query.h"
#include "storage/space.h"
#include "storage/spool/spool.h"

namespace crmsink {
namespace {

using Level = StatusLine::Level;

void AddLine(std::vector<StatusLine>& lines, std::string name, std::string value, Level level = Level::kInfo,
             std::string remedy = "") {
  lines.push_back({"database", std::move(name), std::move(value), level, std::move(remedy)});
}

void DescribeFile(const DatabaseUrl& url, std::vector<StatusLine>& lines) {
  const auto size = FileBytes(url.file), wal = FileBytes(url.file + "-wal");
  AddLine(lines, "file", url.Shown());
  AddLine(lines, "bytes", std::to_string(size.value_or(0)) + (wal ? ", and " + std::to_string(*wal) + " of WAL" : ""));
}

Result<void> DescribeServer(const DatabaseUrl& parsed, const std::string& url, std::vector<StatusLine>& lines) {
  AddLine(lines, "server", parsed.Shown());
  auto connection = QueryConnection::Open(url);
  if (!connection) return tl::unexpected(connection.error());
  return connection->Run("SELECT current_setting('server_version'), (" + std::string(kSchemaBytes) + ")",
                         std::vector<QueryValue>{parsed.schema},
                         {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                            const auto* version = std::get_if<std::string>(&row[0]);
                            const auto* bytes = std::get_if<std::int64_t>(&row[1]);
                            if (version) AddLine(lines, "version", "PostgreSQL " + *version);
                            if (bytes) AddLine(lines, "bytes", std::to_string(*bytes));
                            return true;
                          }});
}

// Whether the schema is this program's: false where it is not.
bool DescribeMigrations(const std::vector<MigrationStatus>& migrations, std::vector<StatusLine>& lines) {
  const auto pending =
      std::ranges::count_if(migrations, [](const MigrationStatus& migration) { return !migration.applied_at; });
  const auto all = static_cast<std::ptrdiff_t>(migrations.size());
  AddLine(lines, "migrations", std::to_string(all - pending) + " of " + std::to_string(all),
          pending > 0 ? Level::kFinding : Level::kInfo, pending > 0 ? "run: crmsink migrate" : "");
  return pending == 0;
}

}  // namespace

Result<bool> DescribeDatabase(const std::string& url, std::vector<StatusLine>& lines) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  const bool is_server = parsed->backend == DatabaseUrl::Backend::kPostgres;
  const auto migrations = MigrationsOf(url);
  if (!migrations && is_server && migrations.error().code == ErrorCode::kUnavailable) {
    AddLine(lines, "server", parsed->Shown(), Level::kFinding, "it cannot be asked now: " + migrations.error().message);
    return false;
  }
  if (!migrations && migrations.error().code == ErrorCode::kCorrupt) {
    AddLine(lines, "damaged", migrations.error().message, Level::kFinding, std::string(kDamagedRemedy));
    return false;
  }
  if (!migrations) return tl::unexpected(migrations.error());
  if (is_server) {
    if (auto done = DescribeServer(*parsed, url, lines); !done) return tl::unexpected(done.error());
  } else {
    DescribeFile(*parsed, lines);
  }
  return DescribeMigrations(*migrations, lines);
}

void DescribeSpool(const std::string& file, Millis now, std::vector<StatusLine>& lines) {
  constexpr Millis kPatience = 5 * 60 * 1000;
  const auto add = [&](std::string name, std::string value, Level level = Level::kInfo, std::string remedy = "") {
    lines.push_back({"spool", std::move(name), std::move(value), level, std::move(remedy)});
  };
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  const auto size = Spool::Look(file);
  if (!size) {
    add("file", file + ": " + size.error().message, Level::kFinding,
        "delete nothing: what is in it was promised to its sender");
    return;
  }
  add("file", file);
  add("deliveries", std::to_string(size->deliveries));
  if (size->deliveries == 0 || !size->oldest_received_at) return;
  add("bytes", std::to_string(size->bytes));
  const bool waits = *size->oldest_received_at < now - kPatience;
  add("oldest", FormatSqlTime(*size->oldest_received_at), waits ? Level::kFinding : Level::kInfo,
      waits ? "is the database reachable, and does `crmsink serve` run with this spool? Then it drains by itself" : "");
}

}  // namespace crmsink
