#include "storage/sqlite/gathering_vfs.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/temp_folder.h"

namespace crmsink::sqlite {
namespace {

int Flags() { return SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE; }

class GatheringVfsTest : public testing::Test {
 protected:
  static void Fill(SQLite::Database& db, int rows, char letter) {
    SQLite::Statement insert(db, "INSERT INTO t (text) VALUES (?)");
    for (int i = 0; i < rows; ++i) {
      insert.bind(1, std::string(3000, letter));
      insert.exec();
      insert.reset();
    }
  }
  static int Count(SQLite::Database& db, char letter) {
    return db
        .execAndGet("SELECT count(*) FROM t WHERE text = replace(hex(zeroblob(1500)), '0', '" + std::string(1, letter) +
                    "')")
        .getInt();
  }
  void Prepare(SQLite::Database& db) {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("PRAGMA synchronous = FULL");
    db.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, text TEXT)");
  }

  TempFolder folder_;
  const std::string file_ = folder_.File("gathered.db");
  const GatheringVfs vfs_{""};
};

// Without a sync it is the shared memory alone that tells of a commit.
TEST_F(GatheringVfsTest, ShowsEachCommitToOthersAtOnce) {
  SQLite::Database db(file_, Flags(), 0, vfs_.name());
  Prepare(db);
  db.exec("PRAGMA synchronous = OFF");
  SQLite::Database other(file_, SQLite::OPEN_READONLY);
  for (int i = 1; i <= 20; ++i) {
    SQLite::Transaction transaction(db);
    Fill(db, 7, 'a');
    EXPECT_EQ(Count(other, 'a'), 7 * (i - 1));
    transaction.commit();
    EXPECT_EQ(Count(other, 'a'), 7 * i);
  }
}

// More pages than the cache holds go to the WAL before the commit, and are read back and written again.
TEST_F(GatheringVfsTest, KeepsTransactionsThatOutgrowTheCache) {
  {
    SQLite::Database db(file_, Flags(), 0, vfs_.name());
    Prepare(db);
    db.exec("PRAGMA cache_size = 10");
    {
      SQLite::Transaction transaction(db);
      Fill(db, 500, 'a');
      db.exec("UPDATE t SET text = replace(text, 'a', 'b') WHERE id % 2 = 0");
      EXPECT_EQ(Count(db, 'b'), 250);
      transaction.commit();
    }
    {
      SQLite::Transaction undone(db);
      db.exec("UPDATE t SET text = replace(text, 'b', 'c')");
      EXPECT_EQ(Count(db, 'c'), 250);
    }
    db.exec("PRAGMA wal_checkpoint(RESTART)");
    Fill(db, 1, 'd');
  }
  SQLite::Database plain(file_, Flags());
  EXPECT_EQ(plain.execAndGet("PRAGMA integrity_check").getString(), "ok");
  EXPECT_EQ(Count(plain, 'a'), 250);
  EXPECT_EQ(Count(plain, 'b'), 250);
  EXPECT_EQ(Count(plain, 'c'), 0);
  EXPECT_EQ(Count(plain, 'd'), 1);
}

// Frames of a transaction that was undone must not come later, over what another connection has written in their place.
TEST_F(GatheringVfsTest, LeavesNothingBehindAfterARollback) {
  SQLite::Database db(file_, Flags(), 0, vfs_.name());
  Prepare(db);
  db.exec("PRAGMA cache_size = 10");
  for (int i = 1; i <= 5; ++i) {
    {
      SQLite::Transaction undone(db);
      Fill(db, 20 * i + i, 'a');
    }
    SQLite::Database other(file_, Flags());
    Prepare(other);
    Fill(other, 20, 'b');
    EXPECT_EQ(Count(db, 'b'), 20 * i);
    EXPECT_EQ(Count(other, 'b'), 20 * i);
    EXPECT_EQ(Count(db, 'a'), 0);
    EXPECT_EQ(other.execAndGet("PRAGMA integrity_check").getString(), "ok");
  }
}

// What is behind the last frame is not read by who opens the files as a crash leaves them.
TEST_F(GatheringVfsTest, GrowsAheadOfSmallCommits) {
  constexpr std::uintmax_t kGrowth = 1 << 18, kHeader = 32;
  SQLite::Database db(file_, Flags(), 0, vfs_.name());
  Prepare(db);
  const std::string wal = file_ + "-wal", crashed = folder_.File("crashed.db");
  for (int i = 1; i <= 200; ++i) {
    Fill(db, 1, 'a');
    ASSERT_EQ(std::filesystem::file_size(wal) % kGrowth, kHeader);
    if (i % 40 != 0) continue;
    std::filesystem::remove(crashed + "-shm");
    std::filesystem::copy(file_, crashed, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy(wal, crashed + "-wal", std::filesystem::copy_options::overwrite_existing);
    SQLite::Database plain(crashed, Flags());
    EXPECT_EQ(Count(plain, 'a'), i);
    EXPECT_EQ(plain.execAndGet("PRAGMA integrity_check").getString(), "ok");
  }
  EXPECT_GE(std::filesystem::file_size(wal), 8 * kGrowth);

  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  Fill(db, 1, 'b');
  EXPECT_EQ(std::filesystem::file_size(wal), kHeader + kGrowth) << "it grows again from where it was cut off";
}

TEST_F(GatheringVfsTest, LargeCommitsGrowByThemselves) {
  SQLite::Database db(file_, Flags(), 0, vfs_.name());
  Prepare(db);
  db.exec("PRAGMA wal_autocheckpoint = 0");
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  for (int commit = 0; commit < 30; ++commit) {
    SQLite::Transaction transaction(db);
    Fill(db, 100, 'a');
    transaction.commit();
  }
  EXPECT_GT(std::filesystem::file_size(file_ + "-wal"), 12'000'000U);
  EXPECT_LT(std::filesystem::file_size(file_ + "-wal"), 14'000'000U) << "zeros";
}

TEST_F(GatheringVfsTest, LeavesAnUnknownBaseToFailAtOpening) {
  const GatheringVfs vfs("no such vfs");
  EXPECT_EQ(vfs.name(), "no such vfs");
  EXPECT_THROW(SQLite::Database(file_, Flags(), 0, vfs.name()), SQLite::Exception);
}

}  // namespace
}  // namespace crmsink::sqlite
