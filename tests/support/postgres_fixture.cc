// postgres_fixture start | stop: the PostgreSQL server that tests share, as a fixture of ctest. What starts it leaves
// behind a watchdog, which ends the server when ctest has ended without doing so; after two hours where it was started
// by hand.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include "storage/database.h"
#include "support/postgres_client.h"
#include "support/postgres_cluster.h"
#include "support/postgres_database.h"
#include "support/postgres_process.h"

namespace crmsink {
namespace {

using std::chrono::steady_clock;

constexpr auto kLongest = std::chrono::hours(2);
constexpr auto kPause = std::chrono::seconds(1);

// Ends the server that the file names, if there is one.
void Stop() {
  std::string folder;
  if (std::ifstream(TestServer::File()) >> folder) PostgresCluster::Adopt(folder);
  std::filesystem::remove(TestServer::File());
}

// The process to wait for; -1: a shell or the like, which does not stay as long as the tests.
pid_t Ctest() {
  std::string name;
  std::ifstream("/proc/" + std::to_string(::getppid()) + "/comm") >> name;
  return name == "ctest" ? ::getppid() : -1;
}

void Watch(const std::string& folder, pid_t server, pid_t ctest) {
  const auto deadline = steady_clock::now() + kLongest;
  while (IsRunning(server) && steady_clock::now() < deadline && (ctest < 0 || IsRunning(ctest))) {
    std::this_thread::sleep_for(kPause);
  }
  PostgresCluster::Adopt(folder);
}

// In a process of its own that keeps nothing of ours open: ctest waits for the end of its test's output.
void LeaveWatchdog(const std::string& folder, pid_t server) {
  const pid_t ctest = Ctest();
  if (::fork() != 0) return;
  ::setsid();
  const int null = ::open("/dev/null", O_RDWR);
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null, standard);
  Watch(folder, server, ctest);
  ::_exit(0);
}

// Settings that an administrator may have chosen and on which nothing may depend, and room for whatever runs at once.
PostgresCluster::Options Unusual() {
  return {.settings = {"timezone=Asia/Kathmandu", "datestyle=SQL, DMY", "intervalstyle=sql_standard",
                       "bytea_output=escape", "extra_float_digits=0", "max_connections=300"},
          .outlives_us = true};
}

void MakeTemplate(PostgresCluster& cluster) {
  cluster.Execute(std::string("CREATE DATABASE ") + kTemplateDatabase);
  const auto store = OpenStore(cluster.Url(kTemplateDatabase), {.create = true, .migrate = true});
  if (!store) throw std::runtime_error(store.error().message);
}

void Start() {
  Stop();
  PostgresCluster cluster(Unusual());
  MakeTemplate(cluster);
  TestServer{cluster.folder().string(), cluster.port()}.Write();
  LeaveWatchdog(cluster.folder().string(), cluster.process());
  cluster.Leave();
}

}  // namespace
}  // namespace crmsink

int main(int count, char* arguments[]) {
  const std::string_view what = count == 2 ? arguments[1] : "";
  try {
    if (what == "start") crmsink::Start();
    if (what == "stop") crmsink::Stop();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  if (what == "start" || what == "stop") return 0;
  std::fprintf(stderr, "usage: postgres_fixture start | stop\n");
  return 2;
}
