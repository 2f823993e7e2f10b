#pragma once

#include <sqlite3.h>

#include <string>

namespace crmsink::sqlite {

// A VFS that is another one but for the WAL. SQLite writes each frame with two calls, of 24 bytes and of a page, some
// hundred frames a commit; this gathers writes that follow each other and hands them on as one. What was gathered is
// handed on before anything else is done with the file: before it is synced, read, measured or closed. A failure to
// write it is the failure of that call, and it is forgotten then, as the transaction is.
//
// Only for a connection that syncs the WAL with every commit (synchronous FULL): others learn of a commit from shared
// memory, and the sync before that is what puts the frames where they look for them.
//
// Connections are opened with its name, and closed before it is destroyed. Thread-safety: none but SQLite's own; it is
// of use to any thread while it lives.
class GatheringVfs {
 public:
  // Over the VFS of this name; empty: the default one. Where there is none, name() is that name, and opening says so.
  explicit GatheringVfs(const std::string& base);
  ~GatheringVfs();
  GatheringVfs(const GatheringVfs&) = delete;
  GatheringVfs& operator=(const GatheringVfs&) = delete;

  const std::string& name() const { return name_; }

 private:
  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags);

  // What SQLite registers. The methods that it shares with its base find there, in pAppData, what is the base's.
  struct Registered {
    sqlite3_vfs vfs;  // first: SQLite knows only this
    sqlite3_vfs* base;
  };

  Registered registered_;
  std::string name_;
};

}  // namespace crmsink::sqlite
