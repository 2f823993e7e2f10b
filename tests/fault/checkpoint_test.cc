// A checkpoint whose sync fails: what it had copied may be gone, so it counts for nothing.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
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

// Ready to write rows.
void Prepare(Connection& connection) {
  connection.PrepareForWriting("FULL");
  connection.db().exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, filling BLOB)");
}

int Rows(Connection& connection) { return connection.db().execAndGet("SELECT count(*) FROM rows").getInt(); }

// What a loss of power leaves is whole and has so many rows; `run` is for messages.
void ExpectLeft(const LossyVfs& vfs, int rows, std::uint64_t run) {
  TempFolder after;
  vfs.WriteDurable(after.path());
  Connection left(after.File("crmsink.db"), {.flags = SQLite::OPEN_READWRITE, .vfs = ""});
  EXPECT_EQ(left.db().execAndGet("PRAGMA integrity_check").getString(), "ok") << run;
  EXPECT_EQ(Rows(left), rows) << run;
}

// The reader is why SQLite itself leaves the sync out: it does not need one as long as the WAL is not copied whole.
TEST(CheckpointFaultTest, WhatWasCopiedBeforeAFailedSyncIsCopiedAgain) {
  TempFolder folder;
  LossyVfs vfs("lossy");
  const std::string file = folder.File("crmsink.db");
  Connection failed(file, {.flags = kWritable, .vfs = vfs.name(), .gathers_wal = true});
  Prepare(failed);
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
  ExpectLeft(vfs, rows + 1, 0);
}

// Inserts rows until a checkpoint fails, and returns how many; none where it was a commit that failed.
std::optional<int> InsertUntilACheckpointFails(Connection& connection, const Checkpointer& checkpointer) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  int rows = 0;
  try {
    for (; !checkpointer.has_failed() && std::chrono::steady_clock::now() < deadline; ++rows) {
      Insert(connection, 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  } catch (const SQLite::Exception&) {
    return std::nullopt;
  }
  EXPECT_TRUE(checkpointer.has_failed());
  return rows;
}

// Whichever of the two fails, the thread's or, between two commits, the writer's.
TEST(CheckpointFaultTest, ClosingTriesNoFailedSyncAgain) {
  int failed_checkpoints = 0;
  for (std::size_t n = 1; n <= 30; ++n) {
    TempFolder folder;
    LossyVfs vfs("lossy");
    const std::string file = folder.File("crmsink.db");
    std::optional<int> rows;
    {
      Connection failed(file, {.flags = kWritable, .vfs = vfs.name(), .gathers_wal = true});
      Prepare(failed);
      const Checkpointer checkpointer(failed, vfs.name(), {.begin = 1, .hand_over = 1});
      vfs.FailAt(LossyVfs::Call::kSync, vfs.syncs() + n);
      rows = InsertUntilACheckpointFails(failed, checkpointer);
    }
    if (!rows) continue;
    ++failed_checkpoints;
    EXPECT_EQ(vfs.syncs_after_failure(), 0U) << n;
    {
      Connection next(file, {.flags = SQLite::OPEN_READWRITE, .vfs = vfs.name(), .gathers_wal = true});
      next.PrepareForWriting("FULL");
      next.SyncWhatIsThere();
      Insert(next, 1);
      vfs.Cut();
    }
    ExpectLeft(vfs, *rows + 1, n);
  }
  EXPECT_GT(failed_checkpoints, 10);
}

// Another process would find a commit whose sync has failed; but what others have been told of has to stay.
TEST(CheckpointFaultTest, OnlyACommitThatNobodyKnowsOfIsCutOffByAFailedSync) {
  TempFolder folder;
  LossyVfs vfs("lossy");
  const std::string file = folder.File("crmsink.db");
  Connection connection(file, {.flags = kWritable, .vfs = vfs.name(), .gathers_wal = true});
  Prepare(connection);
  Insert(connection, 20);
  const auto copy = [&](const std::string& name) {
    std::filesystem::copy(file, folder.File(name));
    std::filesystem::copy(file + "-wal", folder.File(name + "-wal"));
    Connection found(folder.File(name), {.flags = SQLite::OPEN_READWRITE, .vfs = ""});
    return Rows(found);
  };
  vfs.FailAt(LossyVfs::Call::kSync, vfs.syncs() + 1);
  EXPECT_THROW(Insert(connection, 1), SQLite::Exception);
  EXPECT_EQ(copy("after-commit.db"), 20);

  connection.db().exec("PRAGMA synchronous = NORMAL");  // a commit without a sync
  Insert(connection, 5);
  vfs.FailAt(LossyVfs::Call::kSync, vfs.syncs() + 1);
  EXPECT_THROW(connection.db().exec("PRAGMA wal_checkpoint(PASSIVE)"), SQLite::Exception);
  EXPECT_EQ(Rows(connection), 25);
  EXPECT_EQ(copy("after-checkpoint.db"), 25);
}

// A WAL that is cut off and begins anew may be there as it was, and only some sectors of what was written since. Were
// frames of it found in part, their pages would be older than the ones that have been copied.
TEST(CheckpointFaultTest, WhatWasCopiedIsNotUndoneByPartsOfAnOlderWal) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    TempFolder folder;
    LossyVfs vfs("lossy");
    const std::string file = folder.File("crmsink.db");
    {
      Connection connection(file, {.flags = kWritable, .vfs = vfs.name(), .gathers_wal = true});
      Prepare(connection);
      Insert(connection, 40);
      connection.SyncWhatIsThere();  // cuts it off
      vfs.CutAtSync(vfs.syncs() + 1, LossyVfs::Survival::kTorn, seed);
      EXPECT_THROW(Insert(connection, 1), SQLite::Exception);
    }
    ExpectLeft(vfs, 40, seed);
  }
}

}  // namespace
}  // namespace crmsink::fault
