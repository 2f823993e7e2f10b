// The server of the database hangs for longer than every time-out: nobody waits for it.
#include "fault_case.h"

namespace crmsink::fault {
namespace {

// A statement may take ten seconds and a connection five.
constexpr seconds kHang{13};
constexpr milliseconds kLongestAnswer{kIsSanitized ? 6'000 : 3'000};

class ServerHangTest : public FaultCase {
 protected:
  PostgresCluster cluster_{{.fsync = true}};
  Receiver receiver_{{.database = cluster_.Url(), .folder = folder_.path().string()}};
};

TEST_F(ServerHangTest, DeliveriesAreSpooledInTimeAndDrainedByThemselves) {
  traffic_.Run({receiver_.url()}, milliseconds(500));
  traffic_.ForgetSlowest();
  traffic_.Start({receiver_.url()});
  cluster_.Freeze();
  Sleep(kHang);
  const Account meanwhile = traffic_.account();
  EXPECT_EQ(receiver_.Get("/readyz"), R"({"status":"ready, spooling: the database is away"})");
  cluster_.Thaw();
  EXPECT_LT(meanwhile.slowest, kLongestAnswer);
  EXPECT_GT(meanwhile.Of("spooled"), 500u);
  Sleep(milliseconds(500));
  ExpectKept(cluster_.Url(), {&receiver_}, "a hang of " + std::to_string(kHang.count()) + " s");
  EXPECT_EQ(traffic_.account().Of("429"), 0u) << receiver_.Log();
}

TEST_F(ServerHangTest, AStartDoesNotWaitForIt) {
  ExpectAStartThatDoesNotWait(receiver_, cluster_, "a server that hangs at the start");
}

}  // namespace
}  // namespace crmsink::fault
