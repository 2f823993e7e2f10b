// The server of the database crashes, or some of its processes do, while deliveries come.
//   CRMSINK_CRASHES  how often (20)
#include <signal.h>

#include "fault_case.h"
#include "support/postgres_client.h"

namespace crmsink::fault {
namespace {

constexpr char kConnections[] = "FROM pg_stat_activity WHERE application_name = 'crmsink'";

class ServerCrashTest : public FaultCase {
 protected:
  // A process of the server that works for us; 0 where there is none.
  pid_t AnyBackend() {
    try {
      return std::atoi(
          cluster_.Select(std::string("SELECT pid ") + kConnections + " ORDER BY random() LIMIT 1").c_str());
    } catch (const std::runtime_error&) {
      return 0;  // it restarts
    }
  }

  // A server that starts again after a crash syncs its thousand files one by one, unless it is told not to.
  PostgresCluster cluster_{{.fsync = true, .settings = {"recovery_init_sync_method=syncfs"}}};
  Receiver receiver_{{.database = cluster_.Url(), .folder = folder_.path().string()}};
};

TEST_F(ServerCrashTest, NothingIsLostWhereTheServerCrashesAndStartsAgain) {
  const std::uint64_t crashes = NumberOf("CRMSINK_CRASHES", 20);
  traffic_.Start({receiver_.url()});
  for (std::uint64_t i = 0; i < crashes; ++i) {
    EXPECT_TRUE(receiver_.AwaitBack());
    Sleep(Between(30, 300));
    cluster_.End(PostgresCluster::Stop::kImmediate);
    Sleep(Between(0, 200));
    cluster_.Start();
  }
  ExpectKept(cluster_.Url(), {&receiver_}, std::to_string(crashes) + " crashes of the server");
  EXPECT_EQ(traffic_.account().Of("429"), 0u) << receiver_.Log();
  EXPECT_GT(traffic_.account().Of("spooled"), 0u);
}

TEST_F(ServerCrashTest, NothingIsLostWhereConnectionsAreEnded) {
  traffic_.Start({receiver_.url()});
  int ended = 0;
  for (int i = 0; i < 40; ++i) {
    EXPECT_TRUE(receiver_.AwaitBack());
    Sleep(Between(20, 150));
    ended += std::stoi(cluster_.Select(std::string("SELECT count(pg_terminate_backend(pid)) ") + kConnections));
  }
  ExpectKept(cluster_.Url(), {&receiver_}, std::to_string(ended) + " connections ended by the server");
  EXPECT_GT(ended, 20);
  EXPECT_EQ(traffic_.account().Of("429"), 0u) << receiver_.Log();
}

TEST_F(ServerCrashTest, NothingIsLostWhereAProcessOfTheServerIsKilled) {
  traffic_.Start({receiver_.url()});
  int killed = 0;
  for (int i = 0; i < 100 && killed < 6; ++i) {
    receiver_.AwaitBack();
    Sleep(Between(30, 300));
    const pid_t backend = AnyBackend();
    if (backend > 0 && ::kill(backend, SIGKILL) == 0) ++killed;
  }
  // Now the server ends all others and starts again by itself, in its own time: it syncs what the disk has to write.
  Sleep(seconds(1));
  for (int i = 0; i < 3000 && AnyBackend() <= 0; ++i) Sleep(milliseconds(20));
  ExpectKept(cluster_.Url(), {&receiver_}, std::to_string(killed) + " processes of the server killed");
  EXPECT_EQ(killed, 6);
  EXPECT_EQ(traffic_.account().Of("429"), 0u) << receiver_.Log();
}

}  // namespace
}  // namespace crmsink::fault
