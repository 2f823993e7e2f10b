#include "storage/sqlite/connection.h"

#include <sqlite3.h>

#include <chrono>
#include <functional>
#include <new>
#include <thread>

namespace crmsink::sqlite {
namespace {

constexpr int kBusyMillis = 2000;

ErrorCode CodeOf(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      return ErrorCode::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorrupt;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE:
      return ErrorCode::kData;
    default:
      return ErrorCode::kInternal;
  }
}

std::string_view Remedy(int sqlite_code) {
  switch (sqlite_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another program is writing to the database: end it or wait";
    case SQLITE_FULL:
      return "; the disk is full: make room";
    case SQLITE_READONLY:
      return "; the file or its folder cannot be written: check its owner and permissions";
    case SQLITE_CANTOPEN:
      return "; check that the folder exists and may be entered";
    case SQLITE_CORRUPT:
      return "; the file is damaged: stop, keep a copy, and restore a backup, or save what can still be read with "
             "`.recover` of the sqlite3 shell";
    case SQLITE_NOTADB:
      return "; the file is no SQLite database";
    default:
      return "";
  }
}

// SQLite counts every allocation under a global lock unless it is told not to, before its first use. It says so when it
// is too late; then it counts.
void DoNotCountMemory() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

// For what SQLite itself does not wait for others.
void TryWhileBusy(const std::function<void()>& step) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(kBusyMillis);
  while (true) {
    try {
      return step();
    } catch (const SQLite::Exception& e) {
      if (e.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

int OpenFlags(const Connection::Options& options) {
  DoNotCountMemory();
  return options.flags | SQLite::OPEN_NOMUTEX;  // it belongs to one thread
}

}  // namespace

Error Translate(std::string_view doing) {
  const std::string prefix = std::string(doing) + ": ";
  try {
    throw;
  } catch (const SQLite::Exception& e) {
    return {CodeOf(e.getErrorCode()),
            prefix + e.getErrorStr() + " (" + e.what() + ")" + std::string(Remedy(e.getErrorCode()))};
  } catch (const std::bad_alloc&) {
    return {ErrorCode::kUnavailable, prefix + "out of memory"};
  } catch (const std::exception& e) {
    return {ErrorCode::kInternal, prefix + e.what()};
  }
}

Connection::Connection(const std::string& file, const Options& options)
    : gathering_(options.gathers_wal ? std::make_unique<GatheringVfs>(options.vfs) : nullptr),
      db_(file, OpenFlags(options), kBusyMillis, gathering_ != nullptr ? gathering_->name() : options.vfs) {
  db_.exec("PRAGMA trusted_schema = OFF");
  // Nearly every commit makes SQLite walk through its whole cache (a page that a balanced tree has moved through the
  // number of the lock page), so that a large one costs more than the reads it saves; see docs/performance.md.
  db_.exec("PRAGMA cache_size = -8192");
}

void Connection::PrepareForWriting(const std::string& synchronous) {
  EnterWal();
  db_.exec("PRAGMA synchronous = " + synchronous);
}

void Connection::EnterWal() {
  // Several may open a new file at once.
  TryWhileBusy([this] { db_.exec("PRAGMA journal_mode = WAL"); });
}

void Connection::SyncWhatIsThere() {
  TryWhileBusy([this] {
    SQLite::Statement checkpoint(db_, "PRAGMA wal_checkpoint(TRUNCATE)");
    checkpoint.executeStep();
    // A reader that needs the WAL keeps it from being cut off, but not from being synced; another checkpoint does.
    const bool is_busy = checkpoint.getColumn(0).getInt() != 0, is_begun = checkpoint.getColumn(1).getInt() >= 0;
    if (is_busy && !is_begun) throw SQLite::Exception("another checkpoint does not end", SQLITE_BUSY);
  });
}

void Connection::LeaveWal() { sqlite3_db_config(db_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr); }

SQLite::Statement& Connection::Prepared(const std::string& sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    found = statements_.emplace(std::piecewise_construct, std::forward_as_tuple(sql), std::forward_as_tuple(db_, sql))
                .first;
  } else {
    found->second.tryReset();  // reset() would throw the failure of its last run again
    found->second.clearBindings();
  }
  return found->second;
}

void BindText(SQLite::Statement& statement, int index, const std::string& text) { statement.bindNoCopy(index, text); }

void BindTextOrNull(SQLite::Statement& statement, int index, const std::string& text) {
  if (text.empty()) {
    statement.bind(index);
  } else {
    statement.bindNoCopy(index, text);
  }
}

void BindTime(SQLite::Statement& statement, int index, Millis time) { statement.bind(index, FormatSqlTime(time)); }

void BindBlob(SQLite::Statement& statement, int index, std::string_view bytes) {
  // A null pointer would be a NULL.
  statement.bind(index, bytes.empty() ? "" : bytes.data(), static_cast<int>(bytes.size()));
}

std::string TextOf(const SQLite::Column& column) { return column.getString(); }

Millis TimeOf(const SQLite::Column& column) { return ParseTime(column.getString()).value_or(0); }

}  // namespace crmsink::sqlite
