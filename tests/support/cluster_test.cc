// What the tests' own PostgreSQL server can do: other suites rely on it.
#include "support/postgres_cluster.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "support/postgres_client.h"
#include "support/postgres_process.h"

namespace crmsink {
namespace {

using std::chrono::milliseconds;

TEST(ServerOfTheTestsTest, KeepsWhatIsCommittedOverEachKindOfEnd) {
  PostgresCluster cluster({.fsync = true, .settings = {"max_connections=20"}});
  EXPECT_EQ(cluster.Select("SHOW max_connections"), "20");
  EXPECT_EQ(PostgresClient(cluster.TcpUrl()).Select("SELECT 1, NULL UNION ALL SELECT 2, 'x'"), "1,NULL 2,x");
  cluster.Execute("CREATE TABLE kept (n integer)");
  const auto keep = [&cluster](int n) { cluster.Execute("INSERT INTO kept VALUES (" + std::to_string(n) + ")"); };
  keep(1);
  cluster.End();
  EXPECT_EQ(cluster.process(), -1);
  EXPECT_THROW(cluster.Execute("SELECT 1"), std::runtime_error);
  cluster.Start();
  keep(2);
  cluster.End(PostgresCluster::Stop::kImmediate);
  cluster.Start();
  keep(3);
  cluster.Kill();
  cluster.Start();
  EXPECT_EQ(cluster.Select("SELECT n FROM kept ORDER BY n"), "1 2 3");
}

TEST(ServerOfTheTestsTest, SaysNothingWhileItIsFrozen) {
  PostgresCluster cluster;
  PostgresClient client(cluster.Url());
  cluster.Freeze();
  std::atomic<bool> answered = false;
  std::thread asking([&] {
    client.Select("SELECT 1");
    answered = true;
  });
  std::this_thread::sleep_for(milliseconds(300));
  EXPECT_FALSE(answered);
  cluster.Thaw();
  asking.join();
  EXPECT_TRUE(answered);
}

TEST(ServerOfTheTestsTest, AStandbyTakesOver) {
  PostgresCluster primary;
  const auto standby = primary.MakeStandby(true);
  primary.Execute("CREATE TABLE kept AS SELECT 1 AS n");
  EXPECT_EQ(primary.Select("SELECT sync_state FROM pg_stat_replication"), "sync");
  primary.Kill();
  EXPECT_EQ(standby->Select("SELECT pg_is_in_recovery()"), "1");
  EXPECT_THROW(standby->Execute("INSERT INTO kept VALUES (2)"), std::runtime_error);
  standby->Promote();
  standby->Execute("INSERT INTO kept VALUES (2)");
  EXPECT_EQ(standby->Select("SELECT n FROM kept ORDER BY n"), "1 2");
}

TEST(ServerOfTheTestsTest, EndsWithTheProcessThatStartedItHoweverThatEnds) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    PostgresCluster cluster;
    const pid_t server = cluster.process();
    if (::write(ends[1], &server, sizeof server) != sizeof server) ::_exit(1);
    ::pause();
  }
  pid_t server = -1;
  ASSERT_EQ(::read(ends[0], &server, sizeof server), static_cast<ssize_t>(sizeof server));
  EXPECT_TRUE(IsRunning(server));
  const auto folder = std::filesystem::read_symlink("/proc/" + std::to_string(server) + "/cwd").parent_path();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (int i = 0; i < 500 && IsRunning(server); ++i) std::this_thread::sleep_for(milliseconds(20));
  EXPECT_FALSE(IsRunning(server));
  EXPECT_EQ(PostgresCluster::Adopt(folder), nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace crmsink
