#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include <SQLiteCpp/SQLiteCpp.h>

#include "base/result.h"
#include "base/time.h"
#include "storage/sqlite/gathering_vfs.h"

namespace crmsink::sqlite {

// The one place where SQLite's failures become ours. REQUIRES: called in a catch block.
Error Translate(std::string_view doing);

// Runs `work`, which may throw what SQLiteCpp throws, and returns its result or the translated failure.
template <class Work>
auto Guard(std::string_view doing, Work&& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception&) {
    return tl::unexpected(Translate(doing));
  }
}

// One connection and its prepared statements. Throws what SQLiteCpp throws. Belongs to one thread.
class Connection {
 public:
  struct Options {
    int flags = SQLite::OPEN_READWRITE;
    std::string vfs;
    bool gathers_wal = false;  // see GatheringVfs
  };

  // Opens the file and sets what every connection of ours has: caches, waiting. Changes nothing in it.
  Connection(const std::string& file, const Options& options);

  // WAL, and the durability that is asked for. REQUIRES: the file is ours.
  void PrepareForWriting(const std::string& synchronous);

  // Brings what another process wrote, but perhaps never synced before it died, to stable storage: a redelivery of it
  // is answered without a write, so nothing else would.
  void SyncWhatIsThere();

  // Closing the last connection brings the WAL into the database. Not so from now on: after a sync that failed the next
  // one to open the file does it.
  void LeaveWal();

  SQLite::Database& db() { return db_; }

  // The statement of this text, prepared once, reset and free of bindings.
  SQLite::Statement& Prepared(const std::string& sql);

 private:
  void EnterWal();

  const std::unique_ptr<const GatheringVfs> gathering_;  // outlives db_
  SQLite::Database db_;
  std::unordered_map<std::string, SQLite::Statement> statements_;  // destroyed before db_
};

// Binding and reading of what the log stores. Text is bound without a copy: it must live until the statement has run.
void BindText(SQLite::Statement& statement, int index, const std::string& text);
void BindTextOrNull(SQLite::Statement& statement, int index, const std::string& text);  // NULL when empty
void BindTime(SQLite::Statement& statement, int index, Millis time);
void BindBlob(SQLite::Statement& statement, int index, std::string_view bytes);
std::string TextOf(const SQLite::Column& column);  // empty when NULL
Millis TimeOf(const SQLite::Column& column);

}  // namespace crmsink::sqlite
