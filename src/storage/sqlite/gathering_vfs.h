#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace crmsink::sqlite {

// A VFS that is another one but for writes to the WAL. SQLite writes each frame with two calls, of 24 bytes and of a
// page, some hundred frames a commit; this gathers writes that follow each other and hands them on as few. What was
// gathered is handed on before anything else is done with the WAL (it is synced, read, measured, closed), and before
// shared memory is locked, unlocked or told of a commit: so nothing of it outlives the writer's lock, and whoever looks
// finds what it would have found without this. A failure to write is the failure of the next such call; at a lock,
// where no commit hangs on it any more, it is nobody's.
//
// Ahead of small commits the file grows by zeros, so that not each of them changes its length, which a sync would wait
// for. Whoever reads the WAL finds that it ends with the last frame, and only its size is another. And a commit whose
// sync fails is cut off.
//
// One connection is opened with its name, and closed before it is destroyed. Its thread is the connection's.
class GatheringVfs {
 public:
  // Over the VFS of this name; empty: the default one. Where there is none, name() is that name, and opening says so.
  explicit GatheringVfs(const std::string& base);
  ~GatheringVfs();
  GatheringVfs(const GatheringVfs&) = delete;
  GatheringVfs& operator=(const GatheringVfs&) = delete;

  const std::string& name() const { return name_; }

 private:
  // A file is the base's own; it is known as ours by its table of methods: the base's, but for some.
  struct Methods {
    sqlite3_io_methods table;  // first: SQLite knows only this
    GatheringVfs* owner;
  };
  struct Calls;

  int HandOn();
  void Grow();
  void CutOffUnsynced();

  sqlite3_vfs vfs_{};
  sqlite3_vfs* base_;
  std::string name_;
  const sqlite3_io_methods* database_ = nullptr;  // the base's methods of the two files
  const sqlite3_io_methods* log_ = nullptr;
  Methods database_methods_{}, log_methods_{};
  sqlite3_file* wal_ = nullptr;  // while it is open
  std::vector<char> gathered_;
  sqlite3_int64 offset_ = 0;                    // in the WAL, of the first byte gathered
  sqlite3_int64 length_ = 0;                    // of the WAL, at least, while nobody cuts it off
  std::size_t unsynced_ = 0;                    // bytes that were handed on since the last sync
  std::optional<sqlite3_int64> unsynced_from_;  // the first of them, of a commit that nobody knows of yet
  bool header_is_safe_ = false;  // synced since it was written; until then an older WAL may be there after all
};

}  // namespace crmsink::sqlite
