#include "replay/replay.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

#include "entities/catalog.h"
#include "replay_case.h"

namespace crmsink {
namespace {

class ReplayTest : public ReplayCase {
 protected:
  void GoOn(int from, int to) {
    const auto sink = Open();
    for (int i = from; i < to; ++i) (void)sink->Accept(ArrivalOf(i));
  }
  void TakeIntoOther(std::string body) {
    const auto sink = Sink::Open({.database = other_, .signature_required = false});
    ASSERT_TRUE(sink) << sink.error().message;
    (void)(*sink)->Accept(Post(std::move(body)));
  }
  int EventsOfOther() const {
    return SQLite::Database(other_file_, SQLite::OPEN_READONLY).execAndGet("SELECT count(*) FROM events").getInt();
  }

  std::string other_file_ = folder_.File("other.db");
  std::string other_ = "sqlite:" + other_file_;
};

TEST_F(ReplayTest, OfWhatIsRightChangesNothing) {
  Fill(80);
  const auto before = DumpOf(url_, true);
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->changed + report->removed + report->rederived + report->unreadable, 0u);
  EXPECT_EQ(report->events, std::stoull(Select("SELECT count(*) FROM events")));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_F(ReplayTest, MakesTheTablesFromTheLogAlone) {
  Fill(80);
  const auto before = DumpOf(url_, true);
  std::string sql;
  {
    SQLite::Database db(file_, SQLite::OPEN_READONLY);
    SQLite::Statement tables(db,
                             "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name "
                             "NOT IN ('events', 'quarantine', 'unverified', 'event_counts', 'refusals', "
                             "'log_maintenance', 'schema_migrations')");
    while (tables.executeStep()) sql += "DELETE FROM " + tables.getColumn(0).getString() + ";";
  }
  Exec(sql);
  EXPECT_EQ(Select("SELECT count(*) FROM contacts_all"), "0");
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->changed, report->entities);
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_F(ReplayTest, WritesAgainWhatIsDerived) {
  Fill(40);
  const auto before = DumpOf(url_, true);
  Exec(
      "UPDATE events SET type = 'x', location_id = 'y', occurred_at = '2020-01-01 00:00:00.000', sent_at = NULL, "
      "entity = NULL, entity_id = NULL, log_key = randomblob(16) WHERE seq % 3 = 0");
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(std::to_string(report->rederived), Select("SELECT count(*) FROM events WHERE seq % 3 = 0"));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_F(ReplayTest, IntoAnotherDatabaseGivesTheSame) {
  Fill(600);
  Exec(
      "INSERT INTO unverified (digest, reason, source, received_at, path, payload) "
      "VALUES (randomblob(32), 'r', 'webhook', '2026-03-01 00:00:00.000', '/webhooks', X'00FF')");
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
  Exec("ATTACH '" + other_file_ +
       "' AS o;"
       "CREATE TEMP TABLE differ AS SELECT * FROM (SELECT seq, received_at, event_id, payload FROM main.events EXCEPT "
       "SELECT seq, received_at, event_id, payload FROM o.events);"
       "SELECT CASE WHEN count(*) > 0 THEN abs(-9223372036854775808) END FROM differ;"
       "SELECT CASE WHEN count(*) <> 1 THEN abs(-9223372036854775808) END FROM o.unverified");
  const std::string counts =
      "SELECT group_concat(day || location_id || type || events, ' ') FROM (SELECT * FROM "
      "event_counts ORDER BY day, location_id, type)";
  EXPECT_EQ(SQLite::Database(other_file_, SQLite::OPEN_READONLY).execAndGet(counts).getString(), Select(counts));
  const std::string times =
      "SELECT group_concat(first_received_at || last_received_at) FROM "
      "(SELECT * FROM contacts_all ORDER BY id)";
  EXPECT_EQ(SQLite::Database(other_file_, SQLite::OPEN_READONLY).execAndGet(times).getString(), Select(times));
  // Again: nothing is new.
  EXPECT_EQ(std::to_string(report->copied), Select("SELECT count(*) FROM events"));
  const auto again = ReplayInto(url_, other_, {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->copied + again->held, 0u);
  EXPECT_EQ(again->known, report->copied);
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
  EXPECT_EQ(SQLite::Database(other_file_, SQLite::OPEN_READONLY).execAndGet(counts).getString(), Select(counts));
}

TEST_F(ReplayTest, IntoADatabaseOfOtherEventsRefuses) {
  Fill(20);
  TakeIntoOther(R"({"type":"ContactUpdate","id":"other"})");
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kInvalid) << report.error().message;
  EXPECT_EQ(EventsOfOther(), 1);
}

TEST_F(ReplayTest, IntoACopyThatHasEventsOfItsOwnByNowRefuses) {
  Fill(20);
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  TakeIntoOther(R"({"type":"ContactUpdate","id":"other"})");
  const int before = EventsOfOther();
  const auto ahead = ReplayInto(url_, other_, {});
  ASSERT_FALSE(ahead);
  EXPECT_EQ(ahead.error().code, ErrorCode::kInvalid) << ahead.error().message;
  // The first one goes on: each has another event with the next number.
  GoOn(20, 40);
  const auto apart = ReplayInto(url_, other_, {});
  ASSERT_FALSE(apart);
  EXPECT_EQ(apart.error().code, ErrorCode::kInvalid) << apart.error().message;
  EXPECT_EQ(EventsOfOther(), before);
}

TEST_F(ReplayTest, IntoACopyTakesWhatCameSince) {
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
TEST_F(ReplayTest, IntoACopyTakesWhatIsMissingInTheMiddle) {
  Fill(60);
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  SQLite::Database(other_file_, SQLite::OPEN_READWRITE)
      .exec(
          "INSERT INTO log_maintenance (reason, opened_at) VALUES ('test', '2026-03-01');"
          "DELETE FROM events WHERE seq IN (7, 8, 21);"
          "UPDATE log_maintenance SET closed_at = '2026-03-01'");
  const auto report = ReplayInto(url_, other_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->copied, 3u);
  EXPECT_EQ(report->known, 6u);
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
}

TEST_F(ReplayTest, NeedsADatabaseToReadFrom) {
  EXPECT_EQ(Replay(url_, {}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ReplayInto(url_, other_, {}).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(file_));
}

TEST_F(ReplayTest, KilledHalfWayAndRunAgainItIsRight) {
  Fill(800);
  const auto before = DumpOf(url_, true);
  int killed = 0;
  for (int round = 1; round <= 8; ++round) {
    Exec(
        "UPDATE contacts_all SET name = 'x'; DELETE FROM invoice_items; UPDATE messages_all SET body = 'y';"
        "UPDATE events SET type = 'x' WHERE seq % 2");
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

TEST_F(ReplayTest, IntoAnotherKilledHalfWayAndRunAgainItIsRight) {
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

TEST_F(ReplayTest, OfOneEntityLeavesTheOthersAlone) {
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

TEST_F(ReplayTest, OfOneEntityTakesItsEventsThatWereUnmapped) {
  Fill(40);
  const auto before = DumpOf(url_, true);
  Exec(
      "UPDATE events SET entity = NULL, entity_id = NULL, log_key = randomblob(16) WHERE entity = 'Contact';"
      "DELETE FROM contacts_all; DELETE FROM contact_tags");
  ASSERT_TRUE(Replay(url_, {}, {FindEntity("contacts")}));
  EXPECT_TRUE(DumpOf(url_, true) == before);
}

TEST_F(ReplayTest, BesideLiveWritesNothingIsLostOrOld) {
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
  ASSERT_TRUE(ReplayInto(url_, other_, {}));
  EXPECT_TRUE(DumpOf(other_, true) == DumpOf(url_, true));
}

}  // namespace
}  // namespace crmsink
