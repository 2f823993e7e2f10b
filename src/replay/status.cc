#include "replay/status.h"

#include <filesystem>

#include "entities/catalog.h"
#include "event/event_table.h"
#include "storage/database.h"
#include "storage/query.h"

namespace crmsink {
namespace {

std::string Text(const QueryValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  return "";
}

class Report {
 public:
  Report(QueryConnection connection, std::vector<StatusLine>& lines)
      : connection_(std::move(connection)), lines_(lines) {}

  Result<void> Run() {
    return Each("SELECT type, sum(events), max(last_received_at) FROM event_counts GROUP BY type ORDER BY 1",
                [&](const auto& row) {
                  const std::string type = Text(row[0]);
                  const bool unmapped = FindEvent(type).type == nullptr && !IsShapeOnly(type);
                  lines_.push_back(
                      {unmapped ? "unmapped" : "events", type, Text(row[1]) + ", the latest at " + Text(row[2]),
                       unmapped ? "kept in the log; see: crmsink query \"SELECT * FROM events WHERE type = '" + type +
                                      "' LIMIT 1\""
                                : ""});
                })
        .and_then([&] {
          return Each("SELECT reason, count(*), max(received_at) FROM quarantine GROUP BY reason ORDER BY 1",
                      [&](const auto& row) {
                        lines_.push_back({"quarantine", Text(row[0]), Text(row[1]) + ", the latest at " + Text(row[2]),
                                          "look at them: crmsink query \"SELECT * FROM quarantine\""});
                      });
        })
        .and_then([&] {
          return Each("SELECT count(*), min(received_at), max(received_at) FROM unverified HAVING count(*) > 0",
                      [&](const auto& row) {
                        lines_.push_back({"unverified", "deliveries held",
                                          Text(row[0]) + ", from " + Text(row[1]) + " to " + Text(row[2]),
                                          "a key is missing (rotated?) or a proxy changes the body: add the key with "
                                          "--signature-key"});
                      });
        })
        .and_then([&] {
          return Each(
              "SELECT kind, detail, sum(requests), max(last_received_at) FROM refusals GROUP BY 1, 2 ORDER BY 1, 2",
              [&](const auto& row) {
                const std::string kind = Text(row[0]);
                lines_.push_back({"refusals", kind + " " + Text(row[1]),
                                  Text(row[2]) + ", the latest at " + Text(row[3]),
                                  kind == "404" ? "if HighLevel posts there, correct the URL: it ends in /webhooks "
                                                  "or /webhooks/{Event}"
                                                : ""});
              });
        });
  }

 private:
  // The name of an entity stands for an event that only its shape told.
  static bool IsShapeOnly(const std::string& type) { return FindEntity(type) != nullptr; }

  template <class Use>
  Result<void> Each(std::string_view sql, Use use) {
    return connection_.Run(sql, {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                                       use(row);
                                       return true;
                                     }});
  }

  QueryConnection connection_;
  std::vector<StatusLine>& lines_;
};

}  // namespace

Result<std::vector<StatusLine>> Status(const std::string& url) {
  const auto migrations = MigrationsOf(url);
  if (!migrations) return tl::unexpected(migrations.error());
  std::vector<StatusLine> lines;
  const auto parsed = DatabaseUrl::Parse(url);
  std::error_code error;
  const auto size = std::filesystem::file_size(parsed->file, error);
  const auto wal = std::filesystem::file_size(parsed->file + "-wal", error);
  lines.push_back({"database", "file", parsed->AbsolutePath(), ""});
  lines.push_back(
      {"database", "bytes", std::to_string(size) + (error ? "" : ", and " + std::to_string(wal) + " of WAL"), ""});
  std::size_t pending = 0;
  for (const MigrationStatus& migration : *migrations) pending += !migration.applied_at;
  lines.push_back({"database", "migrations",
                   std::to_string(migrations->size() - pending) + " of " + std::to_string(migrations->size()),
                   pending > 0 ? "run: crmsink migrate" : ""});
  if (pending > 0) return lines;
  auto connection = QueryConnection::Open(url);
  if (!connection) return tl::unexpected(connection.error());
  if (auto done = Report(*std::move(connection), lines).Run(); !done) return tl::unexpected(done.error());
  return lines;
}

}  // namespace crmsink
