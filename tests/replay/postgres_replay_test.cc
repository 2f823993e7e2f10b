// From SQLite to PostgreSQL, and back.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "replay/status.h"
#include "replay_case.h"
#include "support/temp_folder.h"
#include "support/test_database.h"

namespace crmsink {
namespace {

class PostgresReplayTest : public testing::Test, protected ReplayFixture {
 protected:
  PostgresReplayTest() : ReplayFixture(DatabaseUrl::Backend::kSqlite) {}

  const std::string& Server() const { return server_->url(); }

  void GoOn(const std::string& url, int from, int to) {
    const auto sink = Sink::Open({.database = url, .signature_required = false, .clock = [this] { return now_++; }});
    ASSERT_TRUE(sink) << sink.error().message;
    for (int i = from; i < to; ++i) (void)(*sink)->Accept(ArrivalOf(i));
  }

  TempFolder folder_;
  std::unique_ptr<TestDatabase> server_ = TestDatabase::Make(DatabaseUrl::Backend::kPostgres);
};

TEST_F(PostgresReplayTest, MovesALogThereAndBackByteForByte) {
  Fill(600);
  const auto there = ReplayInto(url_, Server(), {});
  ASSERT_TRUE(there) << there.error().message;
  EXPECT_TRUE(DumpOf(Server(), true) == DumpOf(url_, true));
  const std::string other = "sqlite:" + folder_.File("back.db");
  const auto back = ReplayInto(Server(), other, {});
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->copied, there->copied);
  EXPECT_TRUE(DumpOf(other, true) == DumpOf(url_, true));
  for (const std::string& url : {Server(), other}) {
    const auto report = Verify(url, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->differences, 0u) << url;
  }
}

TEST_F(PostgresReplayTest, GoesOnBehindTheNumbersThatItCopied) {
  Fill(100);
  ASSERT_TRUE(ReplayInto(url_, Server(), {}));
  GoOn(Server(), 100, 180);
  const auto report = Verify(Server(), {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->differences, 0u);
  const auto refused = ReplayInto(url_, Server(), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid) << refused.error().message;
}

TEST_F(PostgresReplayTest, KilledHalfWayAndRunAgainItIsRight) {
  Fill(2000);
  for (int round = 1; round <= 4; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      (void)ReplayInto(url_, Server(), {});
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * 100'000));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  const auto report = ReplayInto(url_, Server(), {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(DumpOf(Server(), true) == DumpOf(url_, true));
  EXPECT_EQ(server_->Select("SELECT sum(events) FROM crmsink.event_counts"), Select("SELECT count(*) FROM events"));
}

TEST_F(PostgresReplayTest, InPlaceMendsWhatIsWrongAndRemovesWhatHasNoEvents) {
  GoOn(Server(), 0, 200);
  const auto before = DumpOf(Server(), true);
  server_->Execute(
      "UPDATE crmsink.contacts_all SET name = 'x'; DELETE FROM crmsink.invoice_items; DELETE FROM crmsink.messages_all;"
      "INSERT INTO crmsink.contact_tags (contact_id, tag) VALUES ('nobody', 't');"
      "INSERT INTO crmsink.contacts_all (id, last_event_at, last_event_id, first_received_at, last_received_at) VALUES "
      "('ghost', now(), 'e', now(), now());"
      "UPDATE crmsink.events SET type = 'x', entity = NULL, entity_id = NULL, log_key = decode(md5(seq::text), 'hex') "
      "WHERE seq % 3 = 0");
  EXPECT_FALSE(DumpOf(Server(), true) == before);
  const auto report = Replay(Server(), {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GE(report->removed, 2u);
  EXPECT_TRUE(DumpOf(Server(), true) == before);
}

TEST_F(PostgresReplayTest, StatusSaysWhatItSaysOfAFile) {
  Fill(200);
  ASSERT_TRUE(ReplayInto(url_, Server(), {}));
  const auto of_file = Status(url_, now_), of_server = Status(Server(), now_);
  ASSERT_TRUE(of_file) << of_file.error().message;
  ASSERT_TRUE(of_server) << of_server.error().message;
  const auto shown = [](const std::vector<StatusLine>& lines) {
    std::vector<std::string> texts;
    for (const StatusLine& line : lines) {
      if (line.section != "database") texts.push_back(line.section + " " + line.name + " " + line.value + line.remedy);
    }
    return texts;
  };
  EXPECT_EQ(shown(*of_server), shown(*of_file));
  const auto version = std::ranges::find(*of_server, "version", &StatusLine::name);
  ASSERT_NE(version, of_server->end());
  EXPECT_TRUE(version->value.starts_with("PostgreSQL "));
}

TEST_F(PostgresReplayTest, StatusOfAServerThatIsAwayIsAFinding) {
  const auto lines = Status("postgresql://u:secret@127.0.0.1:1/d", now_);
  ASSERT_TRUE(lines) << lines.error().message;
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().level, StatusLine::Level::kFinding);
  EXPECT_EQ((lines->front().value + lines->front().remedy).find("secret"), std::string::npos);
}

}  // namespace
}  // namespace crmsink
