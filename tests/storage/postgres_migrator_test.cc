#include "storage/postgres/migrator.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <thread>

#include "postgres_schema_faults.h"
#include "support/postgres_database.h"

namespace crmsink {
namespace {

const std::vector<Migration> kTwo = {{1, "create_a", "CREATE TABLE a (x integer); INSERT INTO a VALUES (1);"},
                                     {2, "create_b", "CREATE TABLE b (x integer);"}};

class PostgresMigratorTest : public testing::Test {
 protected:
  std::unique_ptr<postgres::Session> Connect() {
    auto session = postgres::Session::Connect(*DatabaseUrl::Parse(url_), std::chrono::seconds(30));
    EXPECT_TRUE(session) << session.error().message;
    return *std::move(session);
  }

  // The migrations that were applied; "CODE: message" where it failed.
  std::vector<std::string> Run(const std::vector<Migration>& known) {
    std::vector<std::string> applied;
    const auto done =
        postgres::Migrate(*Connect(), "crmsink", known, [&](std::string_view name) { applied.emplace_back(name); });
    if (!done) applied.push_back(std::to_string(static_cast<int>(done.error().code)) + ": " + done.error().message);
    return applied;
  }

  // The failure of a run that applies nothing; REQUIRES: it is kCorrupt.
  std::string Refusal(const std::vector<Migration>& known) {
    const auto applied = Run(known);
    if (applied.size() != 1 || !applied[0].starts_with("5: ")) return "applied " + std::to_string(applied.size());
    return applied[0].substr(3);
  }

  std::string Select(const std::string& sql) { return database_.Select(sql); }

  PostgresDatabase database_{PostgresDatabase::Content::kNothing};
  const std::string url_ = database_.url();
};

static_assert(static_cast<int>(ErrorCode::kCorrupt) == 5);

TEST_F(PostgresMigratorTest, AppliesEachOnce) {
  EXPECT_EQ(Run(kTwo), (std::vector<std::string>{"0001_create_a", "0002_create_b"}));
  EXPECT_EQ(Run(kTwo), std::vector<std::string>());
  EXPECT_EQ(Select("SELECT count(*) FROM crmsink.a"), "1");
  EXPECT_EQ(Select("SELECT version, name, checksum FROM crmsink.schema_migrations ORDER BY version"),
            "1,create_a," + ChecksumOf(kTwo[0]) + " 2,create_b," + ChecksumOf(kTwo[1]));
}

TEST_F(PostgresMigratorTest, GoesOnWhereItIs) {
  EXPECT_EQ(Run({kTwo[0]}).size(), 1u);
  const auto status = postgres::CheckMigrations(*Connect(), "crmsink", kTwo);
  ASSERT_TRUE(status);
  ASSERT_EQ(status->size(), 2u);
  EXPECT_TRUE((*status)[0].applied_at);
  EXPECT_FALSE((*status)[1].applied_at);
  EXPECT_EQ(Run(kTwo), std::vector<std::string>{"0002_create_b"});
}

TEST_F(PostgresMigratorTest, OneThatFailsLeavesNothingOfItself) {
  const Migration broken{2, "create_b",
                         "CREATE TABLE b (x integer); INSERT INTO a VALUES (2); CREATE TABLE b (x integer);"};
  const auto applied = Run({kTwo[0], broken});
  ASSERT_EQ(applied.size(), 3u);
  EXPECT_NE(applied[2].find("already exists"), std::string::npos) << applied[2];
  EXPECT_EQ(Select("SELECT to_regclass('crmsink.b') IS NULL"), "1");
  EXPECT_EQ(Select("SELECT count(*) FROM crmsink.a"), "1");
  EXPECT_EQ(Run(kTwo), std::vector<std::string>{"0002_create_b"});
}

TEST_F(PostgresMigratorTest, RefusesWhatItDidNotMake) {
  Run(kTwo);
  const std::string changed = Refusal({{1, "create_a", "CREATE TABLE a (x, y);"}, kTwo[1]});
  EXPECT_NE(changed.find("checksum"), std::string::npos) << changed;
  const std::string newer = Refusal({kTwo[0]});
  EXPECT_NE(newer.find("newer"), std::string::npos) << newer;
  database_.Execute("DELETE FROM crmsink.schema_migrations WHERE version = 1");
  const std::string lacking = Refusal(kTwo);
  EXPECT_NE(lacking.find("0001_create_a was never applied"), std::string::npos) << lacking;
}

TEST_F(PostgresMigratorTest, RefusesASchemaOfAnotherProgram) {
  database_.Execute("CREATE SCHEMA crmsink; CREATE TABLE crmsink.events (theirs integer)");
  for (const bool migrate : {true, false}) {
    const auto store = OpenStore(url_, {.create = true, .migrate = migrate});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::kCorrupt) << store.error().message;
  }
  EXPECT_EQ(Select("SELECT count(*) FROM pg_class WHERE relnamespace = 'crmsink'::regnamespace"), "1");
}

TEST_F(PostgresMigratorTest, WhoMayNotMigrateSaysWhatToRun) {
  const auto missing = OpenStore(url_, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound) << missing.error().message;
  EXPECT_EQ(MigrationsOf(url_).error().code, ErrorCode::kNotFound);
  const auto all = PostgresMigrations();
  EXPECT_EQ(Run({all.begin(), all.end() - 1}).size(), all.size() - 1);
  const auto old = OpenStore(url_, {});
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, ErrorCode::kInvalid);
  EXPECT_NE(old.error().message.find("crmsink migrate"), std::string::npos) << old.error().message;
  EXPECT_TRUE(OpenStore(url_, {.migrate = true}));
  EXPECT_TRUE(OpenStore(url_, {}));
  EXPECT_EQ(MigrationsOf(url_)->size(), all.size());
}

TEST_F(PostgresMigratorTest, SchemasOfOtherNamesAreDatabasesOfTheirOwn) {
  for (const char* schema : {"one", "two"}) {
    const std::string url = url_ + "&schema=" + schema;
    ASSERT_TRUE(OpenStore(url, {.create = true, .migrate = true}));
    EXPECT_EQ(PostgresSchemaFaults(url), std::vector<std::string>());
  }
  EXPECT_EQ(Select("SELECT to_regclass('crmsink.events') IS NULL"), "1");
}

TEST_F(PostgresMigratorTest, OfManyAtOnceOneDoesTheWorkAndTheOthersFindItDone) {
  for (int round = 0; round < 3; ++round) {
    const PostgresDatabase fresh(PostgresDatabase::Content::kNothing);
    std::atomic<int> applied{0};
    std::latch start(6);
    const auto open = [&] {
      start.arrive_and_wait();
      const auto store =
          OpenStore(fresh.url(), {.create = true, .migrate = true, .on_migration = [&](auto) { ++applied; }});
      EXPECT_TRUE(store) << store.error().message;
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 6; ++i) threads.emplace_back(open);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(applied, static_cast<int>(PostgresMigrations().size()));
  }
}

TEST_F(PostgresMigratorTest, KilledAnywhereAndRunAgainItIsWhole) {
  for (int round = 0; round < 6; ++round) {
    const PostgresDatabase fresh(PostgresDatabase::Content::kNothing);
    const pid_t child = ::fork();
    if (child == 0) {
      (void)OpenStore(fresh.url(), {.create = true, .migrate = true});
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * 40'000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto store = OpenStore(fresh.url(), {.create = true, .migrate = true});
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(PostgresSchemaFaults(fresh.url()), std::vector<std::string>());
  }
}

}  // namespace
}  // namespace crmsink
