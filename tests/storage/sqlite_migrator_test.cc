#include "storage/sqlite/migrator.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <latch>
#include <thread>

#include "support/sanitizer.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using sqlite::CheckMigrations;
using sqlite::Connection;
using sqlite::Migrate;

const std::vector<Migration> kTwo = {{1, "create_a", "CREATE TABLE a (x); INSERT INTO a VALUES (1);"},
                                     {2, "create_b", "CREATE TABLE b (x);"}};

class SqliteMigratorTest : public testing::Test {
 protected:
  Connection Connect(int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
    return Connection(file_, {.flags = flags, .vfs = ""});
  }

  // The migrations that were applied; "CODE: message" where it failed.
  std::vector<std::string> Run(const std::vector<Migration>& known) {
    Connection connection = Connect();
    std::vector<std::string> applied;
    const auto done = Migrate(connection, known, [&](std::string_view name) { applied.emplace_back(name); });
    if (!done) applied.push_back(std::to_string(static_cast<int>(done.error().code)) + ": " + done.error().message);
    return applied;
  }

  // The failure of a run that applies nothing; REQUIRES: it is kCorrupt.
  std::string Refusal(const std::vector<Migration>& known) {
    const auto applied = Run(known);
    if (applied.size() != 1 || !applied[0].starts_with("5: ")) return "applied " + std::to_string(applied.size());
    return applied[0].substr(3);
  }

  std::string Select(const std::string& sql) { return Connect().db().execAndGet(sql).getString(); }

  std::string Bytes() const {
    std::ifstream file(file_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TempFolder folder_;
  std::string file_ = folder_.File("crmsink.db");
  std::string url_ = "sqlite:" + file_;
};

static_assert(static_cast<int>(ErrorCode::kCorrupt) == 5);

TEST_F(SqliteMigratorTest, AppliesEachOnce) {
  EXPECT_EQ(Run(kTwo), (std::vector<std::string>{"0001_create_a", "0002_create_b"}));
  EXPECT_EQ(Run(kTwo), std::vector<std::string>());
  EXPECT_EQ(Select("SELECT count(*) FROM a"), "1");
  EXPECT_EQ(Select("SELECT group_concat(version || name || checksum, ' ') FROM schema_migrations"),
            "1create_a" + ChecksumOf(kTwo[0]) + " 2create_b" + ChecksumOf(kTwo[1]));
}

TEST_F(SqliteMigratorTest, GoesOnWhereItIs) {
  EXPECT_EQ(Run({kTwo[0]}).size(), 1u);
  Connection connection = Connect();
  const auto status = CheckMigrations(connection, kTwo);
  ASSERT_TRUE(status);
  ASSERT_EQ(status->size(), 2u);
  EXPECT_TRUE((*status)[0].applied_at);
  EXPECT_FALSE((*status)[1].applied_at);
  EXPECT_EQ((*status)[1].name, "create_b");
  EXPECT_EQ(Run(kTwo), std::vector<std::string>{"0002_create_b"});
}

TEST_F(SqliteMigratorTest, OneThatFailsLeavesNothingOfItself) {
  const Migration broken{2, "create_b", "CREATE TABLE b (x); INSERT INTO a VALUES (2); CREATE TABLE b (x);"};
  const auto applied = Run({kTwo[0], broken});
  ASSERT_EQ(applied.size(), 3u);
  EXPECT_NE(applied[2].find("already exists"), std::string::npos) << applied[2];
  EXPECT_EQ(Select("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), "0");
  EXPECT_EQ(Select("SELECT count(*) FROM a"), "1");
  EXPECT_EQ(Select("SELECT max(version) FROM schema_migrations"), "1");
  EXPECT_EQ(Run(kTwo), std::vector<std::string>{"0002_create_b"});
}

TEST_F(SqliteMigratorTest, RefusesAnAppliedMigrationThatHasChanged) {
  Run(kTwo);
  const std::string refusal = Refusal({{1, "create_a", "CREATE TABLE a (x, y);"}, kTwo[1]});
  EXPECT_NE(refusal.find("0001_create_a"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("checksum"), std::string::npos) << refusal;
  // What is pending is not applied either.
  Refusal({{1, "create_a", "CREATE TABLE a (x, y);"}, kTwo[1], {3, "create_c", "CREATE TABLE c (x);"}});
  EXPECT_EQ(Select("SELECT count(*) FROM sqlite_schema WHERE name = 'c'"), "0");
}

TEST_F(SqliteMigratorTest, RefusesADatabaseThatIsNewer) {
  Run(kTwo);
  const std::string refusal = Refusal({kTwo[0]});
  EXPECT_NE(refusal.find("newer"), std::string::npos) << refusal;
  EXPECT_NE(refusal.find("0002_create_b"), std::string::npos) << refusal;
}

TEST_F(SqliteMigratorTest, RefusesADatabaseThatLacksAnEarlierOne) {
  Run(kTwo);
  Connect().db().exec("DELETE FROM schema_migrations WHERE version = 1");
  const std::string refusal = Refusal(kTwo);
  EXPECT_NE(refusal.find("0001_create_a was never applied"), std::string::npos) << refusal;
}

TEST_F(SqliteMigratorTest, RefusesAnotherProgramsDatabaseAndLeavesItAsItIs) {
  SQLite::Database(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE theirs (x)");
  const std::string before = Bytes();
  for (const bool migrate : {true, false}) {
    const auto store = OpenStore(url_, {.create = true, .migrate = migrate});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::kCorrupt) << store.error().message;
    EXPECT_TRUE(Bytes() == before) << "the file was written to";
  }
}

TEST_F(SqliteMigratorTest, RefusesAFileThatIsNoDatabase) {
  const std::string text =
      "This is no database, but somebody's diary, and it is longer than a header of 100 bytes, "
      "so that nobody takes it for an empty file.";
  std::ofstream(file_) << text;
  for (const bool migrate : {true, false}) {
    const auto store = OpenStore(url_, {.create = true, .migrate = migrate});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::kCorrupt) << store.error().message;
  }
  const auto status = MigrationsOf(url_);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCorrupt) << status.error().message;
  EXPECT_EQ(Bytes(), text);
}

TEST_F(SqliteMigratorTest, WhoMayNotMigrateSaysWhatToRun) {
  const auto missing = OpenStore(url_, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(missing.error().message, "no database at " + file_);
  EXPECT_EQ(MigrationsOf(url_).error().code, ErrorCode::kNotFound);
  const auto all = SqliteMigrations();
  EXPECT_EQ(Run({all.begin(), all.end() - 1}).size(), all.size() - 1);
  const auto old = OpenStore(url_, {});
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, ErrorCode::kInvalid);
  EXPECT_NE(old.error().message.find("crmsink migrate"), std::string::npos) << old.error().message;
  EXPECT_TRUE(OpenStore(url_, {.migrate = true}));
  EXPECT_TRUE(OpenStore(url_, {}));
}

// As when two start at once: the one that looks is in the way of the one that changes the form of the journal.
TEST_F(SqliteMigratorTest, WaitsForWhoLooksAtAFreshDatabase) {
  SQLite::Database looking(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  looking.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
  std::thread leaves([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    looking.exec("COMMIT");
  });
  const auto store = OpenStore(url_, {.create = true, .migrate = true, .synchronous = "OFF"});
  EXPECT_TRUE(store) << store.error().message;
  leaves.join();
}

TEST_F(SqliteMigratorTest, OfManyAtOnceOneDoesTheWorkAndTheOthersFindItDone) {
  for (int round = 0; round < 20; ++round) {
    const std::string url = "sqlite:" + folder_.File("db" + std::to_string(round));
    std::atomic<int> applied{0};
    std::latch start(6);
    const auto open = [&] {
      start.arrive_and_wait();
      const auto store = OpenStore(
          url, {.create = true, .migrate = true, .synchronous = "OFF", .on_migration = [&](auto) { ++applied; }});
      EXPECT_TRUE(store) << store.error().message;
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) threads.emplace_back(open);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(applied, static_cast<int>(SqliteMigrations().size()));
  }
}

// A process of its own that migrates, and is killed by SIGKILL when it comes to its n-th migration; 0: it is not.
class MigratingProcess {
 public:
  MigratingProcess(const std::string& url, int n) : process_(::fork()) {
    if (process_ != 0) return;
    int left = n;
    const auto store = OpenStore(url, {.create = true, .migrate = true, .on_migration = [&left](auto) {
                                         if (--left == 0) ::kill(::getpid(), SIGKILL);
                                       }});
    ::_exit(store ? 0 : 1);
  }
  // Its exit code, or -1 where it was killed.
  int Await() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  const pid_t process_;
};

std::string SchemaOf(const std::string& file) {
  SQLite::Database db(file);
  return db
      .execAndGet("SELECT group_concat(coalesce(sql, name), x'0a') FROM (SELECT * FROM sqlite_schema ORDER BY name)")
      .getString();
}

TEST_F(SqliteMigratorTest, KilledAtEachMigrationAndRunAgainItIsWhole) {
  const std::string whole = folder_.File("whole.db");
  ASSERT_TRUE(OpenStore("sqlite:" + whole, {.create = true, .migrate = true}));
  const int count = static_cast<int>(SqliteMigrations().size());
  // Each migration is begun by one process, which dies, and done by the next, which dies at the one behind it.
  for (int n = 1; n <= count; ++n) EXPECT_EQ(MigratingProcess(url_, n == 1 ? 1 : 2).Await(), -1) << "migration " << n;
  EXPECT_EQ(MigratingProcess(url_, 0).Await(), 0);
  EXPECT_EQ(SchemaOf(file_), SchemaOf(whole));
  EXPECT_EQ(Select("SELECT count(*) FROM schema_migrations"), std::to_string(count));
}

TEST_F(SqliteMigratorTest, OfTwoProcessesAtOnceBothFindItDoneFiftyTimes) {
  const std::string whole = folder_.File("whole.db");
  ASSERT_TRUE(OpenStore("sqlite:" + whole, {.create = true, .migrate = true}));
  for (int round = 0; round < (kIsSanitized ? 5 : 50); ++round) {
    const std::string file = folder_.File("two" + std::to_string(round) + ".db");
    const MigratingProcess one("sqlite:" + file, 0), other("sqlite:" + file, 0);
    EXPECT_EQ(one.Await(), 0) << "round " << round;
    EXPECT_EQ(other.Await(), 0) << "round " << round;
    EXPECT_EQ(SchemaOf(file), SchemaOf(whole)) << "round " << round;
  }
}

}  // namespace
}  // namespace crmsink
