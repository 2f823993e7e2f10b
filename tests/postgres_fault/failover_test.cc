// A primary that is gone, and a synchronous standby that becomes one: nothing that was answered 2xx is lost, also not
// what was committed a moment before.
#include "fault_case.h"
#include "ingest/submission.h"
#include "storage/database.h"
#include "storage/group.h"
#include "support/postgres_client.h"

namespace crmsink::fault {
namespace {

constexpr milliseconds kLongestAnswer{kIsSanitized ? 6'000 : 3'000};

class FailoverTest : public FaultCase {
 protected:
  std::string Url() const {
    const auto host = [](const PostgresCluster& cluster) { return "127.0.0.1:" + std::to_string(cluster.port()); };
    return "postgresql://postgres@" + host(primary_) + "," + host(*standby_) +
           "/postgres?target_session_attrs=read-write";
  }

  PostgresCluster primary_{{.fsync = true}};
  std::unique_ptr<PostgresCluster> standby_ = primary_.MakeStandby(true);
};

TEST_F(FailoverTest, NothingIsLostWhereThePrimaryCrashes) {
  Receiver receiver({.database = Url(), .folder = folder_.path().string()});
  traffic_.Start({receiver.url()});
  Sleep(seconds(2));
  primary_.End(PostgresCluster::Stop::kImmediate);
  Sleep(Between(0, 500));
  standby_->Promote();
  EXPECT_TRUE(receiver.AwaitBack());
  Sleep(milliseconds(500));
  ExpectKept(standby_->Url(), {&receiver}, "a failover after a crash");
  EXPECT_EQ(traffic_.account().Of("429"), 0u) << receiver.Log();
}

TEST_F(FailoverTest, NothingIsLostWhereThePrimaryHangs) {
  Receiver receiver({.database = Url(), .folder = folder_.path().string()});
  traffic_.Start({receiver.url()});
  Sleep(seconds(2));
  primary_.Freeze();
  Sleep(Between(0, 500));
  standby_->Promote();
  Sleep(seconds(12));  // the time-outs of those who wait for it
  EXPECT_TRUE(receiver.AwaitBack());
  EXPECT_LT(traffic_.account().slowest, kLongestAnswer);
  Sleep(milliseconds(500));
  ExpectKept(standby_->Url(), {&receiver}, "a failover while the primary hangs");
  EXPECT_EQ(traffic_.account().Of("429"), 0u) << receiver.Log();
  primary_.Kill();
}

// Where the standby does not answer, the primary waits with its commits. Were the server's time-out of a statement to
// end that wait, it would say that the commit was done.
TEST_F(FailoverTest, ACommitThatTheStandbyHasNotIsNotTakenForDone) {
  constexpr milliseconds kPatience{700};
  auto store = OpenStore(primary_.Url(), {.create = true, .migrate = true, .patience = kPatience});
  ASSERT_TRUE(store) << store.error().message;
  Submission submission;
  submission.delivery =
      DeliveryOf("/webhooks", R"({"type":"ContactUpdate","id":"c1","webhookId":"w1"})", 1'772'409'600'000);
  ReadSubmission(submission);
  Submission* const group[] = {&submission};
  PostgresClient client(primary_.Url());
  standby_->Freeze();
  const auto outcome = CommitGroup(**store, group, "main");
  ASSERT_FALSE(outcome) << "answered, and not on the standby";
  EXPECT_EQ(outcome.error().code, ErrorCode::kUnknown) << outcome.error().message;
  Sleep(kPatience * 2);
  EXPECT_EQ(client.Select("SELECT count(*) FROM crmsink.events"), "0") << "seen by others, and not on the standby";
  standby_->Thaw();
  for (int i = 0; i < 100 && client.Select("SELECT count(*) FROM crmsink.events") == "0"; ++i) Sleep(milliseconds(50));
  EXPECT_EQ(client.Select("SELECT count(*) FROM crmsink.events"), "1");
}

}  // namespace
}  // namespace crmsink::fault
