#include "replay/status_space.h"

#include <cstdint>
#include <cstdio>
#include <optional>
#include <variant>

#include "base/certificate.h"
#include "storage/database.h"

namespace crmsink {
namespace {

using Level = StatusLine::Level;

constexpr double kGiB = 1024.0 * 1024 * 1024;
// Four times what a checkpoint leaves.
constexpr std::uint64_t kLargeWal = std::uint64_t{1} << 30;
constexpr double kScarce = 0.1, kScarceBytes = kGiB;
constexpr double kSoonFull = 7, kFullSome = 30;  // days
constexpr std::int64_t kEnoughEvents = 1000;     // to say what one takes

std::string GiB(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GiB", bytes / kGiB);
  return text;
}

std::int64_t Number(const QueryValue& value) {
  const auto* number = std::get_if<std::int64_t>(&value);
  return number != nullptr ? *number : 0;
}

// Bytes a day, as far as the past says.
Result<std::optional<double>> Growth(QueryConnection& connection, std::uint64_t bytes, Millis now) {
  const std::string today = "'" + FormatDay(DayOf(now)) + "'", week_ago = "'" + FormatDay(DayOf(now) - 7) + "'";
  std::int64_t all = 0, week = 0;
  auto done = connection.Run("SELECT coalesce(sum(events), 0), coalesce(sum(CASE WHEN day >= " + week_ago +
                                 " AND day < " + today + " THEN events END), 0) FROM event_counts",
                             {}, {.on_columns = {}, .on_row = [&](const std::vector<QueryValue>& row) {
                                    all = Number(row[0]);
                                    week = Number(row[1]);
                                    return true;
                                  }});
  if (!done) return tl::unexpected(done.error());
  if (all < kEnoughEvents || week == 0) return std::nullopt;
  return static_cast<double>(bytes) / static_cast<double>(all) * static_cast<double>(week) / 7;
}

void AddDisk(const std::string& of, const DiskSpace& disk, std::optional<double> growth,
             std::vector<StatusLine>& lines) {
  const auto left = static_cast<double>(disk.free_bytes), size = static_cast<double>(disk.size_bytes);
  std::string value = GiB(left) + " of " + GiB(size) + " left";
  Level level = Level::kInfo;
  if (growth) {
    const double days = left / *growth;
    value += ", for " + std::to_string(static_cast<std::int64_t>(days)) + " days at the pace of the last week";
    if (days < kFullSome) level = Level::kNote;
    if (days < kSoonFull) level = Level::kFinding;
  }
  if (left < kScarce * size || left < kScarceBytes) level = Level::kFinding;
  lines.push_back({"disk", of, std::move(value), level,
                   level == Level::kInfo ? ""
                                         : "make room or give it more: on a full disk deliveries are answered 429, and "
                                           "what was answered 200 is safe"});
}

void AddWal(std::uint64_t bytes, std::vector<StatusLine>& lines) {
  if (bytes <= kLargeWal) return;
  lines.push_back(
      {"disk", "WAL", GiB(static_cast<double>(bytes)), Level::kFinding,
       "somebody keeps a reading transaction open (a BI tool, a report, a backup), so that the WAL grows: end "
       "it; the file itself becomes small again when the server is started anew"});
}

}  // namespace

Result<void> DescribeSpace(const std::string& url, QueryConnection& connection, Millis now,
                           const StatusOptions& options, std::vector<StatusLine>& lines) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed) return tl::unexpected(parsed.error());
  if (parsed->backend == DatabaseUrl::Backend::kSqlite) {
    const auto growth = Growth(connection, FileBytes(parsed->file).value_or(0), now);
    if (!growth) return tl::unexpected(growth.error());
    if (const auto disk = options.disk(parsed->file)) AddDisk("database", *disk, *growth, lines);
    AddWal(FileBytes(parsed->file + "-wal").value_or(0), lines);
  }
  if (!options.spool_file.empty() && FileBytes(options.spool_file)) {
    if (const auto disk = options.disk(options.spool_file)) AddDisk("spool", *disk, std::nullopt, lines);
  }
  return {};
}

bool CheckDatabase(QueryConnection& connection, std::vector<StatusLine>& lines) {
  if (connection.dialect() == Dialect::kPostgres) {
    lines.push_back({"database", "check", "not made", Level::kNote, "PostgreSQL's own tool looks: pg_amcheck"});
    return true;
  }
  bool is_well = true;
  const auto add = [&](std::string value) {
    is_well = value == "ok";
    lines.push_back({"database", "check", std::move(value), is_well ? Level::kInfo : Level::kFinding,
                     is_well ? "" : std::string(kDamagedRemedy)});
  };
  const auto done = connection.Run("PRAGMA quick_check(10)", {}, {.on_columns = {}, .on_row = [&](const auto& row) {
                                                                    const auto* text =
                                                                        std::get_if<std::string>(&row[0]);
                                                                    add(text != nullptr ? *text : "");
                                                                    return true;
                                                                  }});
  if (!done) add(done.error().message);
  return is_well;
}

void DescribeCertificate(const std::string& file, Millis now, std::vector<StatusLine>& lines) {
  const auto expiry = CertificateExpiry(file);
  if (!expiry) {
    lines.push_back({"certificate", file, expiry.error().message, Level::kFinding,
                     "a server that is started now does not start: put the certificate in its place"});
    return;
  }
  const bool is_over = *expiry <= now;
  const bool is_soon = *expiry < now + kCertificateNotice;
  lines.push_back({"certificate", file, (is_over ? "expired at " : "expires at ") + FormatSqlTime(*expiry),
                   is_soon ? Level::kFinding : Level::kInfo, is_soon ? "renew it, and put it in its place" : ""});
}

}  // namespace crmsink
