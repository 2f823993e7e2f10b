#include "storage/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <latch>
#include <thread>

#include "storage/migrations.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

TEST(MigrationsTest, AreNumberedWithoutGaps) {
  int version = 0;
  for (const Migration& migration : SqliteMigrations()) {
    EXPECT_EQ(migration.version, ++version);
    EXPECT_NE(migration.name, "");
    EXPECT_EQ(ChecksumOf(migration).size(), 64u);
  }
  EXPECT_GT(version, 1);
}

// So that a database can be moved from one backend to the other, and a person finds both halves of a step.
TEST(MigrationsTest, ArePairedByNumberAndNameOverTheBackends) {
  const auto sqlite = SqliteMigrations(), postgres = PostgresMigrations();
  ASSERT_EQ(sqlite.size(), postgres.size());
  for (std::size_t i = 0; i < sqlite.size(); ++i) {
    EXPECT_EQ(TitleOf(sqlite[i].version, sqlite[i].name), TitleOf(postgres[i].version, postgres[i].name));
  }
}

TEST(DatabaseUrlTest, NamesAFile) {
  EXPECT_EQ(DatabaseUrl::Parse("sqlite:a/b.db")->file, "a/b.db");
  EXPECT_EQ(DatabaseUrl::Parse("sqlite:///a/b.db")->file, "/a/b.db");
  EXPECT_EQ(DatabaseUrl::Parse("sqlite:/a/../b.db")->Shown(), "/b.db");
  for (const char* wrong : {"", "a.db", "sqlite", "sqlite:", "sqlite://", "sqlite::memory:", "mysql://h/d"}) {
    const auto url = DatabaseUrl::Parse(wrong);
    ASSERT_FALSE(url) << wrong;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalid);
    EXPECT_NE(url.error().message.find("sqlite:FILE"), std::string::npos) << url.error().message;
  }
}

TEST(ServerLockTest, IsHeldByOne) {
  TempFolder folder;
  const std::string file = folder.File("crmsink.db");
  auto lock = ServerLock::Take(file, "database");
  ASSERT_TRUE(lock);
  const auto second = ServerLock::Take(file, "database");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  lock->reset();
  EXPECT_TRUE(ServerLock::Take(file, "database"));
  EXPECT_EQ(ServerLock::Take(folder.File("no/such/folder.db"), "database").error().code, ErrorCode::kUnavailable);
}

TEST(OpenStoreTest, MakesFilesThatAGroupMayWriteWhereTheUmaskLetsIt) {
  const TempFolder folder;
  for (const auto& [umask, mode] : {std::pair<mode_t, mode_t>{0007, 0660}, {0022, 0644}, {0077, 0600}}) {
    const std::string file = folder.File(std::to_string(umask) + ".db");
    const mode_t before = ::umask(umask);
    const auto store = OpenStore("sqlite:" + file, {.create = true, .migrate = true});
    ::umask(before);
    ASSERT_TRUE(store) << store.error().message;
    for (const char* suffix : {"", "-wal", "-shm"}) {
      struct stat state {};
      ASSERT_EQ(::stat((file + suffix).c_str(), &state), 0) << suffix;
      EXPECT_EQ(state.st_mode & 0777, mode) << suffix;
    }
  }
}

TEST(ServerLockTest, IsSeenWithoutBeingTaken) {
  const TempFolder folder;
  const std::string file = folder.File("crmsink.db");
  EXPECT_FALSE(ServerLock::IsTaken(file));
  EXPECT_FALSE(std::filesystem::exists(file + "-serve.lock"));
  auto lock = ServerLock::Take(file, "database");
  ASSERT_TRUE(lock);
  EXPECT_TRUE(ServerLock::IsTaken(file));
  lock->reset();
  EXPECT_FALSE(ServerLock::IsTaken(file));
}

}  // namespace
}  // namespace crmsink
