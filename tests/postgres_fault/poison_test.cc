// One event among many of a group that PostgreSQL refuses: it goes to quarantine, and alone.
#include "fault_case.h"
#include "ingest/group_writer.h"
#include "ingest/submission.h"
#include "replay/verify.h"
#include "sink.h"
#include "storage/database.h"
#include "storage/spool/spool.h"
#include "support/postgres_database.h"

namespace crmsink::fault {
namespace {

constexpr std::size_t kGroup = 64;
constexpr std::size_t kPoison = 41;

class PostgresPoisonTest : public testing::Test {
 protected:
  PostgresPoisonTest() {
    database_.Execute("ALTER TABLE contacts_all ADD CONSTRAINT no_poison CHECK (first_name <> 'poison')");
  }

  static Delivery DeliveryNumber(std::size_t i) {
    const std::string id = std::to_string(i);
    return DeliveryOf("/webhooks",
                      R"({"type":"ContactUpdate","id":"c)" + id + R"(","webhookId":"w)" + id + R"(","firstName":")" +
                          (i == kPoison ? "poison" : "good") + "\"}",
                      1'772'409'600'000);
  }

  void ExpectOneInQuarantine() {
    EXPECT_EQ(database_.Select("SELECT count(*) FROM events"), "63");
    EXPECT_EQ(database_.Select("SELECT count(*) FROM contacts"), "63");
    EXPECT_EQ(database_.Select("SELECT count(*) FROM quarantine WHERE reason LIKE '%no_poison%'"), "1");
    const auto report = Verify(database_.url(), {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->differences, 0u);
  }

  PostgresDatabase database_;
};

TEST_F(PostgresPoisonTest, OfAGroupOfSixtyFourOnlyOneGoesToQuarantine) {
  std::vector<Submission> submissions(kGroup);
  std::vector<Submission*> group;
  for (std::size_t i = 0; i < kGroup; ++i) {
    submissions[i].delivery = DeliveryNumber(i);
    ReadSubmission(submissions[i]);
    group.push_back(&submissions[i]);
  }
  GroupWriter writer({.open = [this] { return OpenStore(database_.url(), {}); }, .writer = "main"}, nullptr);
  const auto written = writer.Write(group);
  EXPECT_FALSE(written.failure) << written.failure->message;
  for (std::size_t i = 0; i < kGroup; ++i) {
    ASSERT_TRUE(written.acks[i]);
    EXPECT_EQ(written.acks[i]->status, i == kPoison ? AckStatus::kQuarantined : AckStatus::kStored) << i;
  }
  ExpectOneInQuarantine();
}

TEST_F(PostgresPoisonTest, OfASpoolOfSixtyFourOnlyOneGoesToQuarantine) {
  TempFolder folder;
  {
    const auto spool = Spool::Open(folder.File("spool.db"), 1 << 20);
    ASSERT_TRUE(spool);
    for (std::size_t i = 0; i < kGroup; ++i) {
      const Delivery delivery = DeliveryNumber(i);
      const Delivery* const one[] = {&delivery};
      ASSERT_TRUE((*spool)->Put(one));
    }
  }
  const auto sink = Sink::Open({.database = database_.url(),
                                .signature_required = false,
                                .spool_enabled = true,
                                .spool_file = folder.File("spool.db")});
  ASSERT_TRUE(sink);
  for (int i = 0; i < 500 && (*sink)->counters().drained < kGroup; ++i) std::this_thread::sleep_for(milliseconds(10));
  (*sink)->Close();
  ExpectOneInQuarantine();
}

}  // namespace
}  // namespace crmsink::fault
