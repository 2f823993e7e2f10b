// The WAL is brought into the database while its writer goes on.
#include "storage/sqlite/checkpointer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "support/temp_folder.h"

namespace crmsink::sqlite {
namespace {

class CheckpointerTest : public testing::Test {
 protected:
  CheckpointerTest() {
    writer_.PrepareForWriting("FULL");  // as fast as it really is
    writer_.db().exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, filling BLOB)");
  }

  // Commits by the hundred, a page and more each. The longest the WAL was, in bytes.
  std::uintmax_t Write(int hundreds) {
    std::uintmax_t longest = 0;
    for (int i = 0; i < hundreds * 100; ++i) {
      writer_.db().exec("INSERT INTO rows (filling) VALUES (zeroblob(3000))");
      if (i % 100 == 99) longest = std::max(longest, WalBytes());
    }
    return longest;
  }

  std::uintmax_t WalBytes() const { return std::filesystem::file_size(file_ + "-wal"); }
  int Rows(Connection& connection) { return connection.db().execAndGet("SELECT count(*) FROM rows").getInt(); }

  TempFolder folder_;
  const std::string file_ = folder_.File("checkpointed.db");
  Connection writer_{file_, {.flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, .vfs = "", .gathers_wal = true}};
};

constexpr Checkpointer::Limits kShort{.begin = 500, .hand_over = 100};

TEST_F(CheckpointerTest, TheWalBeginsAnewThoughTheWriterNeverPauses) {
  const Checkpointer checkpointer(writer_, "", kShort);
  const std::uintmax_t longest = Write(60);
  EXPECT_LT(longest, 6'000U * 4'000 * 2 / 3) << "of a WAL that never began anew it would be more than all";
  EXPECT_FALSE(checkpointer.has_failed());
  EXPECT_EQ(Rows(writer_), 6'000);
  EXPECT_EQ(writer_.db().execAndGet("PRAGMA integrity_check").getString(), "ok");
}

TEST_F(CheckpointerTest, WhatAReaderNeedsStaysAndTheWalBeginsAnewAfterwards) {
  const Checkpointer checkpointer(writer_, "", kShort);
  Write(1);
  Connection reader(file_, {.flags = SQLite::OPEN_READONLY, .vfs = "", .gathers_wal = false});
  reader.db().exec("BEGIN");
  EXPECT_EQ(Rows(reader), 100);
  Write(20);
  EXPECT_EQ(Rows(reader), 100);
  const std::uintmax_t before = WalBytes();
  EXPECT_GT(before, 2'000U * 3'000) << "all that was written beside the reader";
  reader.db().exec("COMMIT");
  Write(40);
  EXPECT_LT(WalBytes(), before * 2) << "it is overwritten";
  EXPECT_EQ(Rows(reader), 6'100);
  EXPECT_FALSE(checkpointer.has_failed());
}

TEST_F(CheckpointerTest, MayEndAtAnyMoment) {
  for (int i = 0; i < 50; ++i) {
    const Checkpointer checkpointer(writer_, "", {.begin = 20, .hand_over = 5});
    writer_.db().exec("INSERT INTO rows (filling) VALUES (zeroblob(" + std::to_string(100'000 + i * 1'000) + "))");
  }
  EXPECT_EQ(Rows(writer_), 50);
}

}  // namespace
}  // namespace crmsink::sqlite
