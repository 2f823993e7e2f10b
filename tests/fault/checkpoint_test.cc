// A checkpoint whose sync fails: what it had copied may be gone, so it counts for nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "fault/lossy_vfs.h"
#include "storage/sqlite/checkpointer.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using sqlite::Checkpointer;
using sqlite::Connection;

const int kWritable = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;

void Insert(Connection& connection, int rows) {
  for (int i = 0; i < rows; ++i) connection.db().exec("INSERT INTO rows (filling) VALUES (zeroblob(3000))");
}

int Rows(Connection& connection) { return connection.db().execAndGet("SELECT count(*) FROM rows").getInt(); }

// The reader is why SQLite itself leaves the sync out: it does not need one as long as the WAL is not copied whole.
TEST(CheckpointFaultTest, WhatWasCopiedBeforeAFailedSyncIsCopiedAgain) {
  TempFolder folder, after;
  LossyVfs vfs("lossy");
  const std::string file = folder.File("crmsink.db");
  Connection failed(file, {.flags = kWritable, .vfs = vfs.name(), .gathers_wal = true});
  failed.PrepareForWriting("FULL");
  failed.db().exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, filling BLOB)");
  failed.db().exec("PRAGMA synchronous = OFF");  // from now on only checkpoints sync
  Insert(failed, 20);
  Connection reader(file, {.flags = SQLite::OPEN_READONLY, .vfs = vfs.name()});
  reader.db().exec("BEGIN");
  ASSERT_EQ(Rows(reader), 20);
  vfs.FailAt(LossyVfs::Call::kSync, vfs.syncs() + 2);  // after the WAL's, the database's
  const Checkpointer checkpointer(failed, vfs.name(), {.begin = 1, .hand_over = 1});
  int rows = 20;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!checkpointer.has_failed() && std::chrono::steady_clock::now() < deadline) {
    Insert(failed, 1);
    ++rows;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ASSERT_TRUE(checkpointer.has_failed());
  EXPECT_EQ(vfs.failures(), 1U);
  reader.db().exec("COMMIT");

  Connection next(file, {.flags = SQLite::OPEN_READWRITE, .vfs = vfs.name(), .gathers_wal = true});
  next.PrepareForWriting("FULL");
  next.SyncWhatIsThere();
  Insert(next, 1);  // writes over the WAL
  vfs.Cut();
  vfs.WriteDurable(after.path());
  Connection left(after.File("crmsink.db"), {.flags = SQLite::OPEN_READWRITE, .vfs = ""});
  EXPECT_EQ(left.db().execAndGet("PRAGMA integrity_check").getString(), "ok");
  EXPECT_EQ(Rows(left), rows + 1);
}

}  // namespace
}  // namespace crmsink::fault
