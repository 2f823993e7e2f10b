// kill -9 of the program between two things that must be durable.
#include <gtest/gtest.h>

#include "fault_case.h"
#include "ingest/submission.h"
#include "sink.h"
#include "storage/spool/spool.h"
#include "support/postgres_database.h"

namespace crmsink::fault {
namespace {

constexpr char kNowhere[] = "postgresql://nobody@/none?host=/no/such/folder";

struct Moment {
  const char* step;
  int n;
};

class PostgresStepTest : public FaultCase, public testing::WithParamInterface<Moment> {
 protected:
  // Starts the program, with a spool that it shares with those before it; at the step it ends.
  std::unique_ptr<Receiver> StartUntil(const Moment& moment, const std::string& url) {
    return std::make_unique<Receiver>(
        Receiver::Options{.database = url,
                          .folder = folder_.path().string(),
                          .more = {"--step", moment.step, "--n", std::to_string(moment.n)},
                          .program = CRMSINK_STEP_RECEIVER});
  }
  std::unique_ptr<Receiver> Start(const std::string& url) {
    return std::make_unique<Receiver>(Receiver::Options{.database = url, .folder = folder_.path().string()});
  }

  void FillSpool() {
    const auto receiver = Start(kNowhere);
    traffic_.Run({receiver->url()}, milliseconds(500));
    ASSERT_GT(traffic_.account().Of("spooled"), 50u);
    receiver->Kill();
  }

  PostgresDatabase database_;
};

TEST_P(PostgresStepTest, EndsExactlyOnceWhereTheProgramIsKilledThere) {
  const Moment moment = GetParam();
  const bool is_spooling = moment.step == std::string("spool-committed");
  for (int round = 0; round < 3; ++round) {
    SCOPED_TRACE(round);
    if (!is_spooling) FillSpool();
    {
      const auto doomed = StartUntil(moment, is_spooling ? kNowhere : database_.url());
      traffic_.Start({doomed->url()});
      EXPECT_TRUE(doomed->AwaitEnd()) << "it never comes to the step";
      traffic_.Stop();
    }
    const auto next = Start(database_.url());
    EXPECT_TRUE(next->AwaitDrained());
    traffic_.Run({next->url()}, milliseconds(300));
    ExpectKept(database_.url(), {next.get()}, std::string("a kill at ") + moment.step);
  }
  EXPECT_EQ(traffic_.account().Of("429"), 0u);
}

INSTANTIATE_TEST_SUITE_P(Steps, PostgresStepTest,
                         testing::Values(Moment{"spool-committed", 1}, Moment{"spool-committed", 7},
                                         Moment{"database-committed", 1}, Moment{"database-committed", 4},
                                         Moment{"spool-deleting", 1}, Moment{"spool-deleting", 2}),
                         [](const auto& one) {
                           std::string name = one.param.step + std::to_string(one.param.n);
                           std::erase(name, '-');
                           return name;
                         });

// Without an id and a time only the time of its arrival says that a delivery from the spool is the one that was
// committed before, though another came in between.
TEST(PostgresSpoolTest, WhatHasNoIdAndWasCommittedBeforeTheSpoolLetItGoIsThereOnce) {
  PostgresDatabase database;
  TempFolder folder;
  const auto deliver = [](const std::string& tags, Millis received_at) {
    return DeliveryOf("/webhooks/ContactTagUpdate", R"({"type":"ContactTagUpdate","id":"c1","tags":[)" + tags + "]}",
                      received_at);
  };
  const Delivery on = deliver("\"vip\"", 1'772'409'600'000), off = deliver("", 1'772'409'601'000);
  {
    const auto spool = Spool::Open(folder.File("spool.db"), 1 << 20);
    ASSERT_TRUE(spool);
    const Delivery* const spooled[] = {&on};
    ASSERT_TRUE((*spool)->Put(spooled));
  }
  {
    const auto store = OpenStore(database.url(), {});
    ASSERT_TRUE(store);
    for (const Delivery& delivery : {on, off}) {
      Submission submission;
      submission.delivery = delivery;
      ReadSubmission(submission);
      ASSERT_TRUE(submission.event && submission.event->is_timeless);
      Submission* const group[] = {&submission};
      ASSERT_TRUE(CommitGroup(**store, group, "main"));
    }
  }
  const auto sink = Sink::Open({.database = database.url(),
                                .signature_required = false,
                                .spool_enabled = true,
                                .spool_file = folder.File("spool.db")});
  ASSERT_TRUE(sink);
  for (int i = 0; i < 500 && (*sink)->counters().drained == 0; ++i) {
    std::this_thread::sleep_for(milliseconds(10));
  }
  (*sink)->Close();
  EXPECT_EQ((*sink)->counters().spool_deliveries, 0u);
  EXPECT_EQ(database.Select("SELECT count(*) FROM events"), "2");
  EXPECT_EQ(database.Select("SELECT count(*) FROM contact_tags"), "0") << "the tag is off";
}

}  // namespace
}  // namespace crmsink::fault
