#include "replay/verify.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <thread>

#include "replay_case.h"
#include "signature/signing.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class VerifyTest : public ReplayCase {
 protected:
  VerifyTest() { Fill(80); }
};

struct Tampering {
  std::string sql;
  std::vector<std::string> found;
};

TEST_P(VerifyTest, FindsNothingWhereNothingIs) {
  EXPECT_THAT(Differences(), IsEmpty());
  const auto report = Verify(url_, {});
  EXPECT_EQ(report->events, std::stoull(Select("SELECT count(*) FROM events")));
  EXPECT_EQ(report->entities, std::stoull(Select("SELECT count(DISTINCT entity || entity_id) FROM events")));
  EXPECT_EQ(report->signatures_good + report->signatures_unchecked, 0u);
}

// Each is found, mended by replay, and then gone: the tables are what they were, byte for byte.
TEST_P(VerifyTest, FindsEachTamperingAndReplayMendsIt) {
  const auto before = DumpOf(url_, true);
  const std::string times = "SELECT first_received_at, last_received_at FROM contacts_all ORDER BY id";
  const std::string arrivals = Select(times);
  const std::string c = Select("SELECT min(contact_id) FROM contact_tags");
  const std::string gone = Select("SELECT min(id) FROM contacts_all WHERE deleted_at IS NOT NULL");
  const std::string mail = Select("SELECT min(id) FROM email_events");
  const Tampering all[] = {
      {"UPDATE contacts_all SET name = 'x' WHERE id = '" + c + "'", {"contacts_all " + c + " name"}},
      {"UPDATE contacts_all SET name = NULL, dnd = FALSE, date_of_birth = '2000-01-06' WHERE id = '" + c + "'",
       {"contacts_all " + c + " name", "contacts_all " + c + " date_of_birth", "contacts_all " + c + " dnd"}},
      {"UPDATE contacts_all SET extra = NULL WHERE id = '" + c + "'", {"contacts_all " + c + " extra"}},
      {"UPDATE contacts_all SET extra = '{\"x\":1}' WHERE id = '" + c + "'", {"contacts_all " + c + " extra"}},
      {"UPDATE contacts_all SET deleted_at = NULL WHERE id = '" + gone + "'", {"contacts_all " + gone + " deleted_at"}},
      {"UPDATE contacts_all SET last_event_at = '2026-01-01 00:00:00.000', last_event_id = 'x' WHERE id = '" + c + "'",
       {"contacts_all " + c + " last_event_at", "contacts_all " + c + " last_event_id"}},
      {"UPDATE contacts_all SET first_received_at = '2026-01-01 00:00:00.000' WHERE id = '" + c + "'",
       {"contacts_all " + c + " first_received_at"}},
      {"UPDATE contacts_all SET last_received_at = '2026-01-01 00:00:00.000' WHERE id = '" + c + "'",
       {"contacts_all " + c + " last_received_at"}},
      {"DELETE FROM contacts_all WHERE id = '" + gone + "'", {"contacts_all " + gone + " row"}},
      {"DELETE FROM email_events WHERE id = '" + mail + "'; DELETE FROM email_event_tags WHERE email_event_id = '" +
           mail + "'",
       {"email_events " + mail + " row"}},
      {"UPDATE email_events SET event_type = 'x' WHERE id = '" + mail + "'", {"email_events " + mail + " event_type"}},
      {"INSERT INTO opportunities_all (id, last_event_at, last_event_id, first_received_at, last_received_at) "
       "VALUES ('x', '2026-01-01', 'x', '2026-01-01', '2026-01-01')",
       {"opportunities_all x row without events"}},
      {"INSERT INTO email_events (id) VALUES ('x')", {"email_events x row without events"}},
      {"DELETE FROM contact_tags WHERE tag = 'x' AND contact_id = '" + c + "'", {"contact_tags " + c + " rows"}},
      {"UPDATE contact_tags SET position = 9 WHERE tag = 'x' AND contact_id = '" + c + "'",
       {"contact_tags " + c + " rows"}},
      {"INSERT INTO contact_tags VALUES ('" + c + "', 7, 'more')", {"contact_tags " + c + " rows"}},
      {"UPDATE email_event_tags SET tag = 'x' WHERE email_event_id = '" + mail + "'",
       {"email_event_tags " + mail + " rows"}},
      {"UPDATE events SET entity_id = 'other' WHERE event_id = '" + mail + "'",
       {"events " + Select("SELECT seq FROM events WHERE event_id = '" + mail + "'") + " entity"}},
  };
  for (const Tampering& one : all) {
    Exec(one.sql);
    const auto found = Differences();
    for (const std::string& expected : one.found) EXPECT_THAT(found, ::testing::Contains(expected)) << one.sql;
    EXPECT_FALSE(found.empty()) << one.sql;
    if (one.sql.find(" events ") == std::string::npos) {
      EXPECT_EQ(found.size(), one.found.size()) << one.sql;
    }
    const auto report = Replay(url_, {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(Differences(), IsEmpty()) << one.sql;
    EXPECT_TRUE(DumpOf(url_, true) == before) << one.sql;
    EXPECT_EQ(Select(times), arrivals) << one.sql;
  }
}

TEST_P(VerifyTest, ARowThatIsMissingAboveItsChildRowsIsMended) {
  const auto before = DumpOf(url_);
  Exec("DELETE FROM contacts_all");
  EXPECT_FALSE(Differences().empty());
  const auto report = Replay(url_, {});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(DumpOf(url_) == before);
}

TEST_P(VerifyTest, ChildRowsOfATombstoneAreMended) {
  const auto before = DumpOf(url_);
  Exec("INSERT INTO contact_tags SELECT id, 0, 'ghost' FROM contacts_all WHERE deleted_at IS NOT NULL LIMIT 1");
  EXPECT_THAT(Differences(), ::testing::SizeIs(1));
  ASSERT_TRUE(Replay(url_, {}));
  EXPECT_TRUE(DumpOf(url_) == before);
}

TEST_P(VerifyTest, FindsChildRowsOfNobody) {
  Exec("INSERT INTO contact_tags VALUES ('nobody', 0, 'ghost')");
  EXPECT_THAT(Differences(), ::testing::SizeIs(1));
  ASSERT_TRUE(Replay(url_, {}));
  EXPECT_EQ(Select("SELECT count(*) FROM contact_tags WHERE contact_id = 'nobody'"), "0");
}

TEST_P(VerifyTest, AChangedPayloadShowsInTheTables) {
  const std::string c = Select("SELECT min(id) FROM contacts");
  Exec(
      "BEGIN; INSERT INTO log_maintenance (reason, opened_at) VALUES ('test', 'now');"
      "UPDATE events SET payload = replace(payload, '\"name\":\"', '\"name\":\"tampered') WHERE entity_id = '" +
      c +
      "' AND "
      "event_id = (SELECT last_event_id FROM contacts WHERE id = '" +
      c +
      "');"
      "UPDATE log_maintenance SET closed_at = 'now'; COMMIT");
  EXPECT_THAT(Differences(), ElementsAre("contacts_all " + c + " name"));
}

TEST_P(VerifyTest, ASampleIsSpreadOverTheLog) {
  ASSERT_EQ(Select("SELECT count(*), max(seq) FROM events"), "70,70");
  Exec("UPDATE events SET location_id = 'x'");
  Exec("INSERT INTO contact_tags VALUES ('nobody', 0, 'ghost')");
  const auto found = [&](std::uint64_t sample) {
    std::vector<int> seqs;
    const auto report = Verify(url_, {.sample = sample,
                                      .on_difference =
                                          [&](const Difference& one) {
                                            EXPECT_EQ(one.table, "events") << "who finds the ghost has read it all";
                                            seqs.push_back(std::stoi(one.id));
                                          },
                                      .on_progress = {}});
    EXPECT_EQ(report->events, sample);
    EXPECT_GT(report->entities, 0u);
    return seqs;
  };
  EXPECT_THAT(found(1), ElementsAre(70));
  EXPECT_THAT(found(10), ElementsAre(7, 14, 21, 28, 35, 42, 49, 56, 63, 70));
  EXPECT_THAT(found(40), AllOf(SizeIs(40), Contains(70)));
  EXPECT_THAT(found(45), SizeIs(45));
  EXPECT_THAT(found(70), SizeIs(70));
}

// Deliveries that came again, and groups that were undone, leave gaps in PostgreSQL's numbers.
TEST_P(VerifyTest, ASampleOfALogWithGapsIsAsLargeAsWasAskedFor) {
  Exec(
      "BEGIN; INSERT INTO log_maintenance (reason, opened_at) VALUES ('test', 'now');"
      "DELETE FROM events WHERE seq > 20 AND seq < 60 AND seq <> 40;"
      "UPDATE log_maintenance SET closed_at = 'now'; COMMIT");
  Exec("UPDATE events SET location_id = 'x'");
  ASSERT_EQ(Select("SELECT count(*), max(seq) FROM events"), "32,70");
  for (const std::uint64_t sample : {1U, 2U, 10U, 20U, 31U, 32U, 33U, 69U, 70U, 1000U}) {
    std::set<std::string> seqs;
    const auto report = Verify(url_, {.sample = sample,
                                      .on_difference =
                                          [&](const Difference& one) {
                                            if (one.table == "events") seqs.insert(one.id);
                                          },
                                      .on_progress = {}});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->events, std::min<std::uint64_t>(sample, 32)) << sample;
    EXPECT_EQ(seqs.size(), report->events) << "each once, " << sample;
  }
}

// An entity of a sample is compared as a whole.
TEST_P(VerifyTest, ASampleFindsWhatIsWrongWithItsEntities) {
  const std::string seq = Select("SELECT max(seq) FROM events WHERE entity = 'Contact'");
  const std::string id = Select("SELECT entity_id FROM events WHERE seq = " + seq);
  Exec("UPDATE contacts_all SET name = 'x' WHERE id = '" + id + "'");
  std::vector<std::string> found;
  const auto note = [&](const Difference& one) { found.push_back(one.id); };
  ASSERT_TRUE(Verify(url_, {.sample = 60, .on_difference = note, .on_progress = {}}));
  EXPECT_THAT(found, ElementsAre(id));
}

TEST_P(VerifyTest, LooksAtOneStateWhileOthersWrite) {
  const auto sink = Open();
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int i = 1'000; !done; ++i) (void)sink->Accept(ArrivalOf(i));
  });
  for (int round = 0; round < 5; ++round) EXPECT_THAT(Differences(), IsEmpty());
  done = true;
  writer.join();
}

TEST(SqliteVerifyTest, NeedsADatabase) {
  TempFolder folder;
  const auto report = Verify("sqlite:" + folder.File("missing.db"), {});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kNotFound);
}

class VerifySignatureTest : public ReplayCase {
 protected:
  Verifier VerifierOf(const std::vector<std::string>& keys) {
    return Verifier::Create({.builtin_keys = false, .extra_pem = keys}).value();
  }

  testing::Ed25519Signer signer_, other_;
};

TEST_P(VerifySignatureTest, ChecksTheSignaturesOfTheLogAgain) {
  {
    auto sink = Sink::Open({.database = url_, .extra_keys = {signer_.Pem(), other_.Pem()}, .builtin_keys = false});
    ASSERT_TRUE(sink) << sink.error().message;
    for (int i = 0; i < 4; ++i) {
      Arrival arrival = Post(R"({"type":"ContactUpdate","id":"c)" + std::to_string(i) + "\"}");
      arrival.ghl_signatures = {(i == 3 ? other_ : signer_).Sign(arrival.body)};
      EXPECT_EQ((*sink)->Accept(arrival).status, AckStatus::kStored);
    }
  }
  const Verifier both = VerifierOf({signer_.Pem(), other_.Pem()}), one = VerifierOf({signer_.Pem()});
  EXPECT_THAT(Differences(&both), IsEmpty());
  auto report = Verify(url_, {.verifier = &one, .on_difference = {}, .on_progress = {}});
  EXPECT_EQ(report->signatures_good, 3u);
  EXPECT_EQ(report->signatures_unchecked, 1u);
  EXPECT_EQ(report->differences, 0u);
  Exec(
      "BEGIN; INSERT INTO log_maintenance (reason, opened_at) VALUES ('test', 'now');"
      "UPDATE events SET payload = payload || ' ' WHERE seq = 2;"
      "UPDATE log_maintenance SET closed_at = 'now'; COMMIT");
  EXPECT_THAT(Differences(&both), ElementsAre("events 2 signature"));
  EXPECT_THAT(Differences(), IsEmpty());  // the tables say the same
}

CRMSINK_ON_EACH_BACKEND(VerifyTest);
CRMSINK_ON_EACH_BACKEND(VerifySignatureTest);

}  // namespace
}  // namespace crmsink
