// The file, a SQLite database with this user_version and these:
//
//   spool            one row a delivery, by id, which is the order of arrival; `bytes` is what it counts for
//   spool_by_arrival covers what Measure asks, so that a full spool is measured without reading its bodies
#include "storage/spool/spool.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/sqlite/connection.h"

namespace crmsink {
namespace {

using sqlite::Connection;

constexpr int kVersion = 7'701;  // "user_version": a first version of something that is no database of events
constexpr std::uint64_t kBytesBeside = 64;
constexpr std::size_t kMostDeleted = 1'000;                      // by one transaction
constexpr std::uintmax_t kLargeFile = std::uintmax_t{16} << 20;  // worth giving back to the disk when it is empty

constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE IF NOT EXISTS spool ("
    "  id INTEGER PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, received_at INTEGER NOT NULL,"
    "  signature_scheme TEXT NOT NULL, signature_key TEXT NOT NULL, signature TEXT NOT NULL,"
    "  bytes INTEGER NOT NULL, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX IF NOT EXISTS spool_by_arrival ON spool (received_at, bytes);"
    "PRAGMA user_version = 7701;"
    "COMMIT";

std::uint64_t BytesOf(const Delivery& delivery) {
  return kBytesBeside + delivery.source.size() + delivery.path.size() + delivery.body.size() +
         delivery.signature_scheme.size() + delivery.signature_key.size() + delivery.signature.size();
}

Result<void> CheckVersion(Connection& connection, const std::string& file, bool may_be_new) {
  const int version = connection.db().execAndGet("PRAGMA user_version").getInt();
  const bool empty = connection.db().execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
  if (version == kVersion || (may_be_new && version == 0 && empty)) return {};
  return Fail(ErrorCode::kCorrupt, file + " is no spool of this version: it is left alone; name another file");
}

Spool::Size MeasureAll(Connection& connection) {
  auto& query = connection.Prepared("SELECT count(*), coalesce(sum(bytes), 0), min(received_at) FROM spool");
  query.executeStep();
  Spool::Size size{.deliveries = static_cast<std::uint64_t>(query.getColumn(0).getInt64()),
                   .bytes = static_cast<std::uint64_t>(query.getColumn(1).getInt64())};
  if (size.deliveries > 0) size.oldest_received_at = query.getColumn(2).getInt64();
  query.reset();
  return size;
}

}  // namespace

Spool::Spool(std::string file, std::uint64_t max_bytes, std::string vfs)
    : file_(std::move(file)), max_bytes_(max_bytes), vfs_(std::move(vfs)) {}

Spool::~Spool() = default;

Result<std::unique_ptr<Spool>> Spool::Open(const std::string& file, std::uint64_t max_bytes, const std::string& vfs) {
  std::unique_ptr<Spool> spool(new Spool(file, max_bytes, vfs));
  if (auto done = spool->Connect(); !done) return tl::unexpected(done.error());
  return spool;
}

Result<Spool::Size> Spool::Look(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return Size{};
  return sqlite::Guard("reading the spool " + file, [&]() -> Result<Size> {
    Connection connection(file, {.flags = SQLite::OPEN_READONLY, .vfs = ""});
    if (auto done = CheckVersion(connection, file, true); !done) return tl::unexpected(done.error());
    const bool is_new = connection.db().execAndGet("PRAGMA user_version").getInt() == 0;
    return is_new ? Size{} : MeasureAll(connection);
  });
}

// ---- The connection

template <class Work>
auto Spool::Do(std::string_view doing, Work&& work) -> decltype(work()) {
  if (connection_ == nullptr) {
    if (auto done = Connect(); !done) return tl::unexpected(done.error());
  }
  auto result = sqlite::Guard(std::string(doing) + " the spool " + file_, work);
  // As with any database, nobody knows what a write that failed has left on the disk. Closing it would try its failed
  // syncs again; while it is open, nobody takes what it left unsynced for safe.
  if (!result) failed_ = std::move(connection_);
  return result;
}

Result<void> Spool::Connect() {
  auto opened = sqlite::Guard("opening the spool " + file_, [&]() -> Result<std::unique_ptr<Connection>> {
    auto connection = std::make_unique<Connection>(
        file_,
        Connection::Options{.flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, .vfs = vfs_, .gathers_wal = true});
    if (auto done = CheckVersion(*connection, file_, true); !done) return tl::unexpected(done.error());
    connection->PrepareForWriting("FULL");
    connection->db().exec(
        "PRAGMA wal_autocheckpoint = 1000");  // it is written while nothing else works: no long pauses
    if (connection->db().execAndGet("PRAGMA user_version").getInt() == 0) connection->db().exec(kSchema);
    return connection;
  });
  if (!opened) return tl::unexpected(opened.error());
  connection_ = *std::move(opened);
  failed_.reset();
  is_synced_ = false;
  return Do("reading", [&] { return Measure(); });
}

// Counts what is in the file. Of what was to be deleted, some may be gone: the outcome of a failed commit is unknown.
Result<void> Spool::Measure() {
  const Size size = MeasureAll(*connection_);
  file_deliveries_ = size.deliveries;
  file_bytes_ = size.bytes;
  auto& last = connection_->Prepared("SELECT max(id) FROM spool");
  if (last.executeStep()) next_id_ = std::max(next_id_, last.getColumn(0).getInt64() + 1);
  last.reset();
  std::erase_if(due_, [&](const auto& one) {
    auto& query = connection_->Prepared("SELECT 1 FROM spool WHERE id = ?");
    query.bind(1, one.first);
    const bool is_gone = !query.executeStep();
    query.reset();
    if (is_gone) due_bytes_ -= one.second;
    return is_gone;
  });
  ShowSize();
  return {};
}

// What was written but never synced, by this process or an earlier one, would be a hole in the WAL, and after a power
// loss the end of it, however well synced the rest is. Only what writes needs that: a full disk, which may have no room
// for it, is no reason not to drain.
Result<void> Spool::PrepareToWrite() {
  if (is_synced_) return {};
  auto& busy = connection_->Prepared("PRAGMA wal_checkpoint(TRUNCATE)");
  const bool done = busy.executeStep() && busy.getColumn(0).getInt() == 0;
  busy.reset();
  if (!done) return Fail(ErrorCode::kUnavailable, "the spool " + file_ + " is being read by another program");
  is_synced_ = true;
  return {};
}

// ---- In and out

Result<void> Spool::Put(std::span<const Delivery* const> deliveries) {
  const std::lock_guard lock(mutex_);
  auto done = Insert(deliveries);
  takes_ = done.has_value();
  return done;
}

Result<void> Spool::Insert(std::span<const Delivery* const> deliveries) {
  std::uint64_t bytes = 0;
  for (const Delivery* delivery : deliveries) bytes += BytesOf(*delivery);
  if (size().bytes + bytes > max_bytes_) {
    return Fail(ErrorCode::kUnavailable, "the spool " + file_ + " is full: it holds " + std::to_string(size().bytes) +
                                             " of " + std::to_string(max_bytes_) + " bytes");
  }
  return Do("writing", [&]() -> Result<void> {
    if (auto done = PrepareToWrite(); !done) return done;
    SQLite::Transaction transaction(connection_->db(), SQLite::TransactionBehavior::IMMEDIATE);
    for (const Delivery* delivery : deliveries) {
      auto& insert = connection_->Prepared("INSERT INTO spool VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
      insert.bind(1, next_id_++);
      sqlite::BindText(insert, 2, delivery->source);
      sqlite::BindText(insert, 3, delivery->path);
      insert.bind(4, delivery->received_at);
      sqlite::BindText(insert, 5, delivery->signature_scheme);
      sqlite::BindText(insert, 6, delivery->signature_key);
      sqlite::BindText(insert, 7, delivery->signature);
      insert.bind(8, static_cast<std::int64_t>(BytesOf(*delivery)));
      sqlite::BindBlob(insert, 9, delivery->body);
      insert.exec();
    }
    transaction.commit();
    file_deliveries_ += deliveries.size();
    file_bytes_ += bytes;
    ShowSize();
    return {};
  });
}

Result<std::vector<Spool::Entry>> Spool::Oldest(std::int64_t after, std::size_t limit, std::size_t max_bytes) {
  const std::lock_guard lock(mutex_);
  return Do("reading", [&]() -> Result<std::vector<Entry>> {
    auto& query = connection_->Prepared(
        "SELECT id, source, path, received_at, signature_scheme, signature_key, signature, bytes, body FROM spool "
        "WHERE id > ? ORDER BY id");
    query.bind(1, after);
    std::vector<Entry> entries;
    for (std::size_t bytes = 0; entries.size() < limit && query.executeStep();) {
      Entry entry{.id = query.getColumn(0).getInt64(),
                  .bytes = static_cast<std::uint64_t>(query.getColumn(7).getInt64()),
                  .delivery = {}};
      if (due_.contains(entry.id)) continue;
      const auto body = query.getColumn(8);
      bytes += static_cast<std::size_t>(body.getBytes());
      if (!entries.empty() && bytes > max_bytes) break;
      entry.delivery = {.source = sqlite::TextOf(query.getColumn(1)),
                        .path = sqlite::TextOf(query.getColumn(2)),
                        .body = sqlite::TextOf(body),
                        .received_at = query.getColumn(3).getInt64(),
                        .signature_scheme = sqlite::TextOf(query.getColumn(4)),
                        .signature_key = sqlite::TextOf(query.getColumn(5)),
                        .signature = sqlite::TextOf(query.getColumn(6))};
      entries.push_back(std::move(entry));
    }
    query.reset();
    return entries;
  });
}

Result<void> Spool::Delete(std::span<const Entry> entries) {
  const std::lock_guard lock(mutex_);
  for (const Entry& entry : entries) {
    if (due_.emplace(entry.id, entry.bytes).second) due_bytes_ += entry.bytes;
  }
  Result<void> done;
  while (done && !due_.empty()) done = DeleteDue();
  // Of a file that holds nothing more the disk gets back all; and it may be full, which is why this failed.
  std::error_code ignored;
  if (!done || (size().deliveries == 0 && std::filesystem::file_size(file_, ignored) > kLargeFile)) {
    if (!Do("reading", [&] { return Measure(); })) return done;
    if (size().deliveries == 0) done = StartAnew();
  }
  if (done) takes_ = true;
  return done;
}

Result<void> Spool::DeleteDue() {
  return Do("deleting from", [&]() -> Result<void> {
    if (auto done = PrepareToWrite(); !done) return done;
    const auto end = std::next(due_.begin(), static_cast<std::ptrdiff_t>(std::min(due_.size(), kMostDeleted)));
    std::uint64_t bytes = 0;
    SQLite::Transaction transaction(connection_->db(), SQLite::TransactionBehavior::IMMEDIATE);
    for (auto one = due_.begin(); one != end; ++one) {
      auto& remove = connection_->Prepared("DELETE FROM spool WHERE id = ?");
      remove.bind(1, one->first);
      remove.exec();
      bytes += one->second;
    }
    transaction.commit();
    file_deliveries_ -= static_cast<std::uint64_t>(std::distance(due_.begin(), end));
    file_bytes_ -= bytes;
    due_bytes_ -= bytes;
    due_.erase(due_.begin(), end);
    ShowSize();
    return {};
  });
}

// A crash in between is none: SQLite takes no WAL without its file.
Result<void> Spool::StartAnew() {
  failed_.reset();
  connection_.reset();
  for (const char* end : {"", "-wal", "-shm"}) {
    std::error_code error;
    std::filesystem::remove(file_ + end, error);
    if (error) return Fail(ErrorCode::kUnavailable, "removing " + file_ + end + ": " + error.message());
  }
  due_.clear();
  due_bytes_ = 0;
  return Connect();
}

void Spool::Close() {
  const std::lock_guard lock(mutex_);
  connection_.reset();
  failed_.reset();
}

// ---- Its size

void Spool::ShowSize() {
  Size size{.deliveries = file_deliveries_ - due_.size(), .bytes = file_bytes_ - due_bytes_};
  if (size.deliveries > 0) {
    auto& oldest = connection_->Prepared("SELECT min(received_at) FROM spool");
    if (oldest.executeStep()) size.oldest_received_at = oldest.getColumn(0).getInt64();
    oldest.reset();
  }
  const std::lock_guard lock(size_mutex_);
  size_ = size;
}

Spool::Size Spool::size() const {
  const std::lock_guard lock(size_mutex_);
  return size_;
}

bool Spool::has_room() const { return takes_ && size().bytes < max_bytes_; }

}  // namespace crmsink
