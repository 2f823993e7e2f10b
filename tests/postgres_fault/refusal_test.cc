// A server of the database that is there and takes nothing, or was never there.
#include <fstream>

#include "fault_case.h"
#include "support/postgres_client.h"

namespace crmsink::fault {
namespace {

constexpr char kEndConnections[] =
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'crmsink'";

class ServerRefusalTest : public FaultCase {
 protected:
  // From now on something refuses; what comes is spooled, and stays there.
  void ExpectSpooling(const Receiver& receiver, std::size_t least = 50) {
    EXPECT_TRUE(receiver.AwaitMetric("crmsink_database_away", 1)) << receiver.Log();
    const std::size_t before = traffic_.account().Of("spooled");
    Sleep(milliseconds(1'500));
    EXPECT_GE(traffic_.account().Of("spooled"), before + least);
    EXPECT_EQ(receiver.Metric("crmsink_database_away"), 1);
  }

  void ExpectNothingRefused() { EXPECT_EQ(traffic_.account().Of("429"), 0u); }

  std::string Folder() const { return folder_.path().string(); }
};

TEST_F(ServerRefusalTest, NoConnectionIsLeft) {
  PostgresCluster cluster(
      {.fsync = true, .settings = {"max_connections=6", "superuser_reserved_connections=0", "max_wal_senders=0"}});
  Receiver receiver({.database = cluster.Url(), .folder = Folder()});
  traffic_.Run({receiver.url()}, milliseconds(500));
  // Others take all of them, as soon as ours are ended.
  std::vector<std::unique_ptr<PostgresClient>> others;
  others.push_back(std::make_unique<PostgresClient>(cluster.Url()));
  for (int i = 0; i < 200 && others.size() < 6; ++i) {
    others.front()->Select(kEndConnections);
    try {
      others.push_back(std::make_unique<PostgresClient>(cluster.Url()));
    } catch (const std::runtime_error&) {
      Sleep(milliseconds(10));
    }
  }
  ASSERT_EQ(others.size(), 6u);
  traffic_.Start({receiver.url()});
  ExpectSpooling(receiver);
  others.clear();
  EXPECT_TRUE(receiver.AwaitBack());
  ExpectKept(cluster.Url(), {&receiver}, "all connections taken by others");
  ExpectNothingRefused();
}

TEST_F(ServerRefusalTest, TheRoleHasNoConnectionLeft) {
  PostgresCluster cluster({.fsync = true});
  cluster.Execute("CREATE ROLE receiver LOGIN; GRANT CREATE ON DATABASE postgres TO receiver");
  Receiver receiver({.database = cluster.TcpUrl("postgres", "receiver"), .folder = Folder()});
  traffic_.Run({receiver.url()}, milliseconds(500));
  cluster.Execute("ALTER ROLE receiver CONNECTION LIMIT 0");
  cluster.Execute(kEndConnections);
  traffic_.Start({receiver.url()});
  ExpectSpooling(receiver);
  cluster.Execute("ALTER ROLE receiver CONNECTION LIMIT -1");
  EXPECT_TRUE(receiver.AwaitBack());
  ExpectKept(cluster.Url(), {&receiver}, "a role without connections");
  ExpectNothingRefused();
}

// Two writers and the drainer want one each.
TEST_F(ServerRefusalTest, OneConnectionIsLeftForAll) {
  PostgresCluster cluster({.fsync = true});
  cluster.Execute("CREATE ROLE receiver LOGIN CONNECTION LIMIT 1; GRANT CREATE ON DATABASE postgres TO receiver");
  Receiver receiver({.database = cluster.TcpUrl("postgres", "receiver"), .folder = Folder()});
  traffic_.Run({receiver.url()}, seconds(2));
  cluster.Execute("ALTER ROLE receiver CONNECTION LIMIT -1");
  EXPECT_TRUE(receiver.AwaitBack());
  traffic_.Run({receiver.url()}, milliseconds(300));
  ExpectKept(cluster.Url(), {&receiver}, "one connection for three");
  ExpectNothingRefused();
}

TEST_F(ServerRefusalTest, ItOnlyReads) {
  PostgresCluster cluster({.fsync = true});
  Receiver receiver({.database = cluster.Url(), .folder = Folder()});
  traffic_.Run({receiver.url()}, milliseconds(500));
  cluster.Set("default_transaction_read_only", "on");
  traffic_.Start({receiver.url()});
  ExpectSpooling(receiver);
  EXPECT_NE(receiver.Log().find("read-only"), std::string::npos) << receiver.Log();
  cluster.Set("default_transaction_read_only", "off");
  EXPECT_TRUE(receiver.AwaitBack());
  ExpectKept(cluster.Url(), {&receiver}, "a server that only reads");
  ExpectNothingRefused();
}

TEST_F(ServerRefusalTest, ItIsAwayAtTheStart) {
  PostgresCluster cluster({.fsync = true});
  cluster.End();
  Receiver receiver({.database = cluster.Url(), .folder = Folder()});
  EXPECT_EQ(receiver.Get("/readyz"), R"({"status":"ready, spooling: the database is away"})");
  EXPECT_NE(receiver.Log().find("the database is away; deliveries are kept in the spool"), std::string::npos);
  traffic_.Run({receiver.url()}, milliseconds(700));
  EXPECT_GT(traffic_.account().Of("spooled"), 50u);
  EXPECT_EQ(traffic_.account().Of("stored"), 0u);
  cluster.Start();
  EXPECT_TRUE(receiver.AwaitDrained());
  EXPECT_NE(receiver.Log().find("migration applied"), std::string::npos);
  EXPECT_EQ(receiver.Get("/readyz"), R"({"status":"ready"})");
  traffic_.Run({receiver.url()}, milliseconds(300));
  ExpectKept(cluster.Url(), {&receiver}, "away at the start");
}

TEST_F(ServerRefusalTest, WithoutASpoolAnOutageIsA429AtOnce) {
  PostgresCluster cluster({.fsync = true});
  Receiver receiver({.database = cluster.Url(), .folder = Folder(), .more = {"--spool-enabled", "off"}});
  traffic_.Run({receiver.url()}, milliseconds(500));
  cluster.End(PostgresCluster::Stop::kImmediate);
  traffic_.ForgetSlowest();
  const std::size_t stored = traffic_.account().Of("stored");
  traffic_.Run({receiver.url()}, milliseconds(1'000));
  EXPECT_EQ(traffic_.account().Of("stored"), stored);
  EXPECT_GT(traffic_.account().Of("429"), 50u);
  EXPECT_LT(traffic_.account().slowest, milliseconds(kIsSanitized ? 5'000 : 1'000));
  EXPECT_TRUE(receiver.Get("/readyz").starts_with("503"));
  cluster.Start();
  traffic_.Run({receiver.url()}, milliseconds(1'000));
  EXPECT_GT(traffic_.account().Of("stored"), stored + 50);
  EXPECT_EQ(receiver.Get("/readyz"), R"({"status":"ready"})");
  ExpectKept(cluster.Url(), {&receiver}, "an outage without a spool");
  EXPECT_EQ(traffic_.account().Of("spooled"), 0u);
}

// What no waiting mends ends the program, however many spools it has; and says no password.
TEST_F(ServerRefusalTest, AWrongUrlIsAnErrorAndNoOutage) {
  PostgresCluster cluster({.admissions = {"host all guarded 127.0.0.1/32 scram-sha-256"}});
  cluster.Execute("CREATE ROLE guarded LOGIN PASSWORD 'right-one'");
  const std::string server = "@127.0.0.1:" + std::to_string(cluster.port());
  const auto serve = [&](const std::string& url) {
    // A password in the flag would be wrong use.
    std::ofstream(folder_.File("crmsink.toml")) << "[storage]\ndatabase = \"" << url << "\"\n";
    return RunCommand({"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--signature-mode", "off",
                       "--spool-file", folder_.File("spool.db"), "--config", folder_.File("crmsink.toml")},
                      Folder());
  };
  for (const std::string& url :
       {"postgresql://guarded:s3cr3t" + server + "/postgres", "postgresql://guarded:right-one" + server + "/nowhere",
        "postgresql://guarded" + server + "/postgres"}) {
    const CommandOutcome outcome = serve(url);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.output;
    EXPECT_EQ(outcome.output.find("s3cr3t"), std::string::npos) << outcome.output;
    EXPECT_EQ(outcome.output.find("right-one"), std::string::npos) << outcome.output;
    EXPECT_NE(outcome.output.find(url.ends_with("nowhere") ? "createdb" : "pg_hba.conf"), std::string::npos)
        << outcome.output;
  }
}

}  // namespace
}  // namespace crmsink::fault
