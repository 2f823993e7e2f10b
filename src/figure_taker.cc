#include "figure_taker.h"

#include <exception>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include "base/time.h"
#include "storage/database.h"
#include "storage/query.h"
#include "storage/space.h"

namespace crmsink {
namespace {

constexpr std::chrono::seconds kPatience{5};
constexpr Millis kLookedBack = 31 * kMillisPerDay;
constexpr std::size_t kMostLocations = 1000;

// Runs one statement for its rows; false where it fails.
template <class Use>
bool Each(QueryConnection& connection, const std::string& sql, std::span<const QueryValue> parameters, Use use) {
  return connection
      .Run(sql, parameters,
           {.on_columns = {},
            .on_row =
                [&](const std::vector<QueryValue>& row) {
                  use(row);
                  return true;
                }},
           kPatience)
      .has_value();
}

std::optional<std::uint64_t> NumberOf(QueryConnection& connection, const std::string& sql,
                                      std::span<const QueryValue> parameters = {}) {
  std::optional<std::uint64_t> number;
  Each(connection, sql, parameters, [&](const std::vector<QueryValue>& row) {
    if (const auto* value = std::get_if<std::int64_t>(&row[0])) number = static_cast<std::uint64_t>(*value);
  });
  return number;
}

std::optional<std::uint64_t> RowsOf(QueryConnection& connection, const std::string& table) {
  return NumberOf(connection, "SELECT count(*) FROM (SELECT 1 FROM " + table + " LIMIT " +
                                  std::to_string(Sink::Figures::kMostCounted) + ") AS counted");
}

std::optional<Sink::Figures::Space> SpaceOf(const std::string& file) {
  const auto space = DiskSpaceOf(file);
  if (!space) return std::nullopt;
  return Sink::Figures::Space{space->free_bytes, space->size_bytes};
}

bool ReadLastEvents(QueryConnection& connection, LastEvents& last_events) {
  const QueryValue since[] = {FormatDay(DayOf(SystemNow() - kLookedBack))};
  return Each(connection,
              "SELECT location_id, max(last_received_at) FROM event_counts WHERE day >= $1 AND location_id <> '' GROUP "
              "BY location_id ORDER BY 2 DESC LIMIT " +
                  std::to_string(kMostLocations),
              since, [&](const std::vector<QueryValue>& row) {
                const auto* location = std::get_if<std::string>(&row[0]);
                const auto* latest = std::get_if<std::string>(&row[1]);
                const auto at = latest != nullptr ? ParseTime(*latest) : std::nullopt;
                if (location != nullptr && at) last_events.Note(*location, *at);
              });
}

}  // namespace

FigureTaker::FigureTaker(Options options, LastEvents& last_events)
    : options_(std::move(options)), last_events_(last_events) {}

FigureTaker::~FigureTaker() { Stop(); }

std::shared_ptr<const Sink::Figures> FigureTaker::Latest() {
  const std::lock_guard lock(mutex_);
  const bool is_fresh = latest_ != nullptr && std::chrono::steady_clock::now() - taken_ < options_.freshness;
  if (is_fresh || stopped_) return latest_;
  try {
    if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
    wanted_ = true;
    wake_.notify_one();
  } catch (const std::system_error&) {
    // No thread to be had now: the next one who asks tries again.
  }
  return latest_;
}

void FigureTaker::Stop() {
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    thread.swap(thread_);
  }
  wake_.notify_one();
  if (thread.joinable()) thread.join();
}

void FigureTaker::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return wanted_ || stopped_; });
    if (stopped_) return;
    lock.unlock();
    std::shared_ptr<const Sink::Figures> taken;
    try {
      taken = std::make_shared<const Sink::Figures>(Take());
    } catch (const std::exception&) {
      // No memory: those that were stay.
    }
    lock.lock();
    wanted_ = false;
    if (taken != nullptr) latest_ = std::move(taken);
    taken_ = std::chrono::steady_clock::now();
  }
}

Sink::Figures FigureTaker::Take() {
  Sink::Figures figures;
  if (!options_.spool_file.empty()) {
    figures.spool_file_bytes = FileBytes(options_.spool_file).value_or(0) +  //
                               FileBytes(options_.spool_file + "-wal").value_or(0);
    figures.spool_disk = SpaceOf(options_.spool_file);
  }
  const auto url = DatabaseUrl::Parse(options_.database);
  auto connection = QueryConnection::Open(options_.database);
  const auto migrations = connection ? MigrationsOf(options_.database) : tl::unexpected(connection.error());
  if (migrations) {
    figures.schema_version = 0;
    for (const MigrationStatus& migration : *migrations) {
      if (migration.applied_at) figures.schema_version = migration.version;
    }
  }
  if (url && url->backend == DatabaseUrl::Backend::kSqlite) {
    figures.database_bytes = FileBytes(url->file);
    figures.wal_bytes = FileBytes(url->file + "-wal").value_or(0);
    figures.database_disk = SpaceOf(url->file);
  }
  if (connection) {
    figures.quarantine_rows = RowsOf(*connection, "quarantine");
    figures.unverified_rows = RowsOf(*connection, "unverified");
    if (url->backend == DatabaseUrl::Backend::kPostgres) {
      const QueryValue schema[] = {url->schema};
      figures.database_bytes = NumberOf(*connection, kSchemaBytes, schema);
    }
    has_last_events_ = has_last_events_ || ReadLastEvents(*connection, last_events_);
  }
  figures.is_complete =
      figures.schema_version && figures.quarantine_rows && figures.unverified_rows && figures.database_bytes;
  figures.taken_at = SystemNow();
  return figures;
}

}  // namespace crmsink
