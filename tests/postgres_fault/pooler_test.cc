// Through PgBouncer in transaction mode: a server connection is ours for a transaction and no longer.
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "fault_case.h"
#include "replay/dump.h"
#include "storage/postgres/session.h"
#include "support/postgres_database.h"
#include "support/postgres_process.h"

namespace crmsink::fault {
namespace {

// A PgBouncer of the test's own, on a socket in its folder, before a server at a socket or an address.
class Pooler {
 public:
  Pooler(const std::string& host, int port) {
    GiveToPostgres(folder_.path());
    std::ofstream config(folder_.File("pgbouncer.ini"));
    config << "[databases]\n* = host=" << host << " port=" << port << " user=postgres\n"
           << "[pgbouncer]\nlisten_port = 6432\nunix_socket_dir = " << folder_.path().string()
           << "\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 4\nmax_client_conn = 100\n";
    config.close();
    Start();
  }
  ~Pooler() { Kill(); }
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  void Start() {
    std::filesystem::remove(Socket());
    process_ = StartPostgresProgram({"/usr/sbin/pgbouncer", folder_.File("pgbouncer.ini")}, Log(), true);
    for (int i = 0; i < 500 && !std::filesystem::exists(Socket()); ++i) std::this_thread::sleep_for(milliseconds(10));
    if (!std::filesystem::exists(Socket())) throw std::runtime_error("PgBouncer does not start: " + TailOf(Log()));
  }
  void Kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, -1), nullptr, 0);
  }

  std::string Url(const std::string& database) const {
    return "postgresql://postgres@/" + database + "?host=" + folder_.path().string() + "&port=6432";
  }

 private:
  std::string Socket() const { return folder_.File(".s.PGSQL.6432"); }
  std::string Log() const { return folder_.File("log"); }

  TempFolder folder_;
  pid_t process_ = -1;
};

class PostgresPoolerTest : public FaultCase {
 protected:
  CommandOutcome Run(const std::vector<std::string>& words) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.end(), {"--database", pooler_.Url(database_.name())});
    return RunCommand(arguments, folder_.path().string());
  }

  PostgresDatabase database_{PostgresDatabase::Content::kNothing};
  const TestServer server_ = TestServer::Read();
  Pooler pooler_{server_.folder, server_.port};
};

TEST_F(PostgresPoolerTest, NoStatementIsKeptThere) {
  const auto session =
      postgres::Session::Connect(*DatabaseUrl::Parse(pooler_.Url(database_.name())), std::chrono::seconds(30));
  ASSERT_TRUE(session) << session.error().message;
  ASSERT_TRUE((*session)->KeepStatements());
  for (int i = 0; i < 2; ++i) {
    const auto kept = (*session)->Run({.sql = "SELECT count(*) FROM pg_prepared_statements", .doing = "counting"});
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_EQ(kept->Int(0, 0), 0);
  }
}

TEST_F(PostgresPoolerTest, EverythingWorksAndNothingIsLostWhereItIsKilled) {
  const CommandOutcome migrated = Run({"migrate"});
  EXPECT_EQ(migrated.exit_code, 0) << migrated.output;
  std::vector<std::unique_ptr<Receiver>> receivers;
  for (const char* name : {"one", "two"}) {
    receivers.push_back(std::make_unique<Receiver>(
        Receiver::Options{.database = pooler_.Url(database_.name()), .folder = folder_.path().string(), .name = name}));
  }
  traffic_.Start({receivers[0]->url(), receivers[1]->url()});
  for (int round = 0; round < 5; ++round) {
    Sleep(Between(200, 600));
    pooler_.Kill();
    Sleep(Between(0, 300));
    pooler_.Start();
    for (const auto& receiver : receivers) EXPECT_TRUE(receiver->AwaitBack());
  }
  Sleep(milliseconds(300));
  ExpectKept(database_.url(), {receivers[0].get(), receivers[1].get()}, "5 kills of PgBouncer");
  EXPECT_EQ(traffic_.account().Of("429"), 0u);

  const CommandOutcome verified = Run({"verify"});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  const CommandOutcome counted = Run({"query", "--format", "csv", "SELECT count(*) AS n FROM events"});
  EXPECT_EQ(counted.exit_code, 0) << counted.output;
  EXPECT_NE(counted.output.find("n\r\n" + database_.Select("SELECT count(*) FROM events") + "\r\n"), std::string::npos)
      << counted.output;
  const CommandOutcome dumped = Run({"dump"});
  EXPECT_EQ(dumped.exit_code, 0) << dumped.output;
  std::string rows;
  EXPECT_TRUE(Dump(database_.url(), false, [&rows](std::string_view line) { rows.append(line).append("\n"); }));
  EXPECT_EQ(dumped.output, rows);
}

// It lets us in by itself, and then its server does not answer.
using PoolerHangTest = FaultCase;

TEST_F(PoolerHangTest, AStartDoesNotWaitForTheServerBehindIt) {
  PostgresCluster cluster({.fsync = true});
  const Pooler pooler("127.0.0.1", cluster.port());
  Receiver receiver({.database = pooler.Url("postgres"), .folder = folder_.path().string()});
  ExpectAStartThatDoesNotWait(receiver, cluster, "a server that hangs behind PgBouncer at the start");
}

}  // namespace
}  // namespace crmsink::fault
