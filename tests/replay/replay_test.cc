#include "replay/replay.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>
#include <utility>

#include "entities/catalog.h"
#include "replay_case.h"
#include "storage/schema.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ReplayTest = ReplayCase;
CRMSINK_ON_EACH_BACKEND(ReplayTest);

using Backend = DatabaseUrl::Backend;

// From one database into another one, each of any backend.
class TransferTest : public testing::TestWithParam<std::pair<Backend, Backend>>, protected ReplayFixture {
 protected:
  TransferTest() : ReplayFixture(GetParam().first) {}

  void GoOn(int from, int to) {
    const auto sink = Open();
    for (int i = from; i < to; ++i) (void)sink->Accept(ArrivalOf(i));
  }
  void TakeIntoOther(std::string body) {
    const auto sink = Sink::Open({.database = other_, .signature_required = false});
    ASSERT_TRUE(sink) << sink.error().message;
    EXPECT_EQ((*sink)->Accept(Post(std::move(body))).status, AckStatus::kStored);
  }

  const std::unique_ptr<TestDatabase> other_database_ = TestDatabase::Make(GetParam().second);
  const std::string other_ = other_database_->url();
};

INSTANTIATE_TEST_SUITE_P(Sqlite, TransferTest, testing::Values(std::pair(Backend::kSqlite, Backend::kSqlite)));
INSTANTIATE_TEST_SUITE_P(Postgres, TransferTest,
                         testing::Values(std::pair(Backend::kSqlite, Backend::kPostgres),
                                         std::pair(Backend::kPostgres, Backend::kSqlite),
                                         std::pair(Backend::kPostgres, Backend::kPostgres)));

TEST_P(ReplayTest, OfWhatIsRightChangesNothing) {
  Fill(80);
  const auto before = DumpOf(url_, true);
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->changed + report->removed + report->rederived + report->unreadable, 0u);
  EXPECT_EQ(report->events, std::stoull(Select("SELECT count(*) FROM events")));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_P(ReplayTest, MakesTheTablesFromTheLogAlone) {
  Fill(80);
  const auto before = DumpOf(url_, true);
  std::string sql;
  for (const Entity* entity : Entities()) {
    for (const Table& table : TablesOf(*entity)) sql += "DELETE FROM " + table.name + ";";
  }
  Exec(sql);
  EXPECT_EQ(Select("SELECT count(*) FROM contacts_all"), "0");
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->changed, report->entities);
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_P(ReplayTest, WritesAgainWhatIsDerived) {
  Fill(40);
  const auto before = DumpOf(url_, true);
  Exec(
      "UPDATE events SET type = 'x', location_id = 'y', occurred_at = '2020-01-01 00:00:00.000', sent_at = NULL, "
      "entity = NULL, entity_id = NULL, log_key = " +
      database_->RandomBytes() + " WHERE seq % 3 = 0");
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(std::to_string(report->rederived), Select("SELECT count(*) FROM events WHERE seq % 3 = 0"));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_P(TransferTest, GivesTheSame) {
  Fill(600);
  Exec("INSERT INTO unverified (digest, reason, source, received_at, path, payload) VALUES (" +
       database_->RandomBytes() + ", 'r', 'webhook', '2026-03-01 00:00:00.000', '/webhooks', " +
       database_->BytesOf("no json") + ")");
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_TRUE(report) << report.error().message;
  const auto expect_same = [this] {
    EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
    for (const char* sql :
         {"SELECT seq, received_at, event_id, payload FROM events ORDER BY seq",
          "SELECT first_received_at, last_received_at FROM contacts_all ORDER BY id",
          "SELECT day, location_id, type, sum(events) FROM event_counts GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
          "SELECT received_at, reason, path FROM unverified"}) {
      const std::string copied = other_database_->Select(sql), wanted = Select(sql);
      EXPECT_TRUE(copied == wanted) << sql << "\n" << copied.substr(0, 1000) << "\n" << wanted.substr(0, 1000);
    }
    EXPECT_EQ(other_database_->Select("SELECT " + other_database_->Hexed("payload") + " FROM unverified"),
              "6E6F206A736F6E");
  };
  expect_same();
  EXPECT_EQ(std::to_string(report->copied), Select("SELECT count(*) FROM events"));
  // Again: nothing is new.
  const auto again = ReplayInto(url_, other_, {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->copied + again->held, 0u);
  EXPECT_EQ(again->known, report->copied);
  expect_same();
}

// What comes then has a place behind all that was copied.
TEST_P(TransferTest, GoesOnThere) {
  Fill(50);
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  const int last = std::stoi(Select("SELECT max(seq) FROM events"));
  TakeIntoOther(R"({"type":"ContactUpdate","id":"new"})");
  EXPECT_GT(std::stoi(other_database_->Select("SELECT seq FROM events WHERE entity_id = 'new'")), last);
}

TEST_P(TransferTest, IntoADatabaseOfOtherEventsRefuses) {
  Fill(20);
  TakeIntoOther(R"({"type":"ContactUpdate","id":"other"})");
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInvalid) << report.error().message;
  EXPECT_EQ(other_database_->Select("SELECT count(*) FROM events"), "1");
}

TEST_P(TransferTest, IntoACopyThatHasEventsOfItsOwnByNowRefuses) {
  Fill(20);
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  TakeIntoOther(R"({"type":"ContactUpdate","id":"other"})");
  const std::string before = other_database_->Select("SELECT count(*) FROM events");
  const auto ahead = ReplayInto(url_, other_, {});
  ASSERT_FALSE(ahead);
  EXPECT_EQ(ahead.error().code, ErrorCode::kInvalid) << ahead.error().message;
  // The first one goes on: each has another event with the next number.
  GoOn(20, 40);
  const auto apart = ReplayInto(url_, other_, {});
  ASSERT_FALSE(apart);
  EXPECT_EQ(apart.error().code, ErrorCode::kInvalid) << apart.error().message;
  EXPECT_EQ(other_database_->Select("SELECT count(*) FROM events"), before);
}

TEST_P(TransferTest, IntoACopyTakesWhatCameSince) {
  Fill(20);
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  GoOn(20, 90);
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(std::to_string(report->copied + report->known), Select("SELECT count(*) FROM events"));
  EXPECT_GT(report->known, 0u);
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
}

// Of several writers one with a lower number may commit later: it was not there when the copy passed.
TEST_P(TransferTest, IntoACopyTakesWhatIsMissingInTheMiddle) {
  Fill(60);
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  other_database_->Execute("INSERT INTO log_maintenance (reason, opened_at) VALUES ('test', '2026-03-01')");
  const std::string some = "SELECT seq FROM events ORDER BY seq LIMIT 3 OFFSET 6";
  other_database_->Execute("DELETE FROM events WHERE seq IN (" + some + ")");
  other_database_->Execute("UPDATE log_maintenance SET closed_at = '2026-03-01'");
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->copied, 3u);
  EXPECT_EQ(report->known, 6u);
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
}

TEST(SqliteReplayTest, NeedsADatabaseToReadFrom) {
  TempFolder folder;
  const std::string missing = "sqlite:" + folder.File("missing.db"), other = "sqlite:" + folder.File("other.db");
  EXPECT_EQ(Replay(missing, {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReplayInto(missing, other, {}).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_P(ReplayTest, KilledHalfWayAndRunAgainItIsRight) {
  Fill(800);
  const auto before = DumpOf(url_, true);
  int killed = 0;
  for (int round = 1; round <= 8; ++round) {
    Exec(
        "UPDATE contacts_all SET name = 'x'; DELETE FROM invoice_items; UPDATE messages_all SET body = 'y';"
        "UPDATE events SET type = 'x' WHERE seq % 2 = 1");
    const pid_t child = ::fork();
    if (child == 0) {
      (void)Replay(url_, {});
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * round * 700));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    killed += WIFSIGNALED(status);
    const auto report = Replay(url_, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_TRUE(DumpOf(url_, true) == before);
  }
  EXPECT_GT(killed, 0);
}

TEST_P(TransferTest, KilledHalfWayAndRunAgainItIsRight) {
  Fill(800);
  for (int round = 1; round <= 4; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      (void)ReplayInto(url_, other_, {});
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * 15'000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
}

TEST_P(ReplayTest, OfOneEntityLeavesTheOthersAlone) {
  Fill(80);
  const auto before = DumpOf(url_, true);
  Exec(
      "UPDATE contacts_all SET name = 'x'; DELETE FROM contact_tags; DELETE FROM messages_all;"
      "INSERT INTO contact_tags (contact_id, tag) VALUES ('nobody', 't');"
      "UPDATE events SET type = 'x' WHERE entity IN ('Contact', 'Message')");
  const auto report = Replay(url_, {}, {FindEntity("contacts")});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(std::to_string(report->rederived), Select("SELECT count(*) FROM events WHERE entity = 'Contact'"));
  EXPECT_EQ(Select("SELECT count(*) FROM contacts_all WHERE name = 'x'"), "0");
  EXPECT_EQ(Select("SELECT count(*) FROM contact_tags WHERE contact_id = 'nobody'"), "0");
  EXPECT_EQ(Select("SELECT count(*) FROM messages_all"), "0");
  EXPECT_NE(Select("SELECT count(*) FROM events WHERE entity = 'Message' AND type = 'x'"), "0");
  ASSERT_TRUE(Replay(url_, {}, {FindEntity("messages")}));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_P(ReplayTest, OfOneEntityTakesItsEventsThatWereUnmapped) {
  Fill(40);
  const auto before = DumpOf(url_, true);
  Exec("UPDATE events SET entity = NULL, entity_id = NULL, log_key = " + database_->RandomBytes() +
       " WHERE entity = 'Contact';"
       "DELETE FROM contacts_all; DELETE FROM contact_tags");
  ASSERT_TRUE(Replay(url_, {}, {FindEntity("contacts")}));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_P(ReplayTest, BesideLiveWritesNothingIsLostOrOld) {
  Fill(400);
  const auto sink = Open();
  std::atomic<bool> done{false};
  std::atomic<int> busy{0};
  int next = 400;
  std::thread writer([&] {
    for (; !done; ++next) busy += sink->Accept(ArrivalOf(next)).status == AckStatus::kBusy;
  });
  for (int round = 0; round < 5; ++round) {
    const auto report = Replay(url_, {});
    ASSERT_TRUE(report) << report.error().message;
  }
  done = true;
  writer.join();
  sink->Close();
  EXPECT_EQ(busy, 0);
  EXPECT_EQ(Differences(), std::vector<std::string>());
  const auto other = TestDatabase::Make(GetParam());
  ASSERT_TRUE(ReplayInto(url_, other->url(), {}));
  EXPECT_TRUE(DumpOf(other->url(), true) == DumpOf(url_, true));
}

}  // namespace
}  // namespace crmsink
