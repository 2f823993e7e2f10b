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

std::string RowsOf(const std::string& table) {
  return "SELECT count(*) FROM (SELECT 1 FROM " + table + " LIMIT " + std::to_string(Sink::Figures::kMostCounted) +
         ") AS counted";
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

void FigureTaker::BeginStop() {
  stopping_ = true;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
}

void FigureTaker::Stop() {
  BeginStop();
  std::thread thread;
  {
    const std::lock_guard lock(mutex_);
    thread.swap(thread_);
  }
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
  const bool is_sqlite = url && url->backend == DatabaseUrl::Backend::kSqlite;
  if (is_sqlite) {
    figures.database_bytes = FileBytes(url->file);
    figures.wal_bytes = FileBytes(url->file + "-wal").value_or(0);
    figures.database_disk = SpaceOf(url->file);
  }
  if (auto connection = QueryConnection::Open(options_.database))
    Ask(*connection, is_sqlite ? "" : url->schema, figures);
  figures.taken_at = SystemNow();
  return figures;
}

// A server that does not answer one question is not asked the next one. An empty schema: SQLite.
void FigureTaker::Ask(QueryConnection& connection, const std::string& schema, Sink::Figures& figures) {
  const auto ask = [&](std::optional<std::uint64_t>& answer, const std::string& sql,
                       std::span<const QueryValue> parameters = {}) {
    if (!stopping_) answer = NumberOf(connection, sql, parameters);
    return answer.has_value();
  };
  if (!ask(figures.schema_version, "SELECT max(version) FROM schema_migrations")) return;
  if (!ask(figures.quarantine_rows, RowsOf("quarantine")) || !ask(figures.unverified_rows, RowsOf("unverified")))
    return;
  if (!schema.empty()) {
    const QueryValue parameters[] = {schema};
    if (!ask(figures.database_bytes, kSchemaBytes, parameters)) return;
  }
  has_last_events_ = has_last_events_ || ReadLastEvents(connection, last_events_);
  figures.is_complete = has_last_events_;
}

}  // namespace crmsink
