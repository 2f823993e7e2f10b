#include "support/postgres_cluster.h"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/free_port.h"
#include "support/postgres_client.h"
#include "support/postgres_process.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(60);
constexpr auto kPause = std::chrono::milliseconds(20);
constexpr int kPortsToTry = 5;

void PutBefore(const fs::path& file, const std::vector<std::string>& lines) {
  std::ifstream in(file);
  const std::string rest{std::istreambuf_iterator<char>(in), {}};
  std::ofstream out(file);
  for (const std::string& line : lines) out << line << '\n';
  out << rest;
}

// Calls it until it is true; false after kPatience.
template <class Condition>
bool Await(const Condition& holds) {
  const auto deadline = steady_clock::now() + kPatience;
  while (!holds()) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace

PostgresCluster::PostgresCluster(Options options) : options_(std::move(options)) {
  MakeFolder();
  try {
    RunPostgresProgram({PostgresProgram("initdb"), "-D", data().string(), "-U", "postgres", "--auth=trust", "-E",
                        "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
                       log());
    PutBefore(data() / "pg_hba.conf", options_.admissions);
    Start();
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

PostgresCluster::PostgresCluster(const Running& running)
    : folder_(running.folder), port_(running.port), process_(running.process) {}

PostgresCluster::PostgresCluster(const PostgresCluster& primary, const std::string& name) : options_(primary.options_) {
  MakeFolder();
  try {
    RunPostgresProgram(
        {PostgresProgram("pg_basebackup"), "-D", data().string(), "-R", "-X", "stream", "-c", "fast", "--no-sync", "-d",
         "host=" + primary.folder_.string() + " port=" + std::to_string(primary.port_) +
             " user=postgres application_name=" + name},
        log());
    Start();
  } catch (...) {
    fs::remove_all(folder_);
    throw;
  }
}

PostgresCluster::~PostgresCluster() {
  if (left_) return;
  End(Stop::kImmediate);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

// Others may pass through the folder to reach the socket, but not look around.
void PostgresCluster::MakeFolder() {
  std::string name = (fs::temp_directory_path() / "crmsink-pg-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = name;
  GiveToPostgres(folder_);
  ::chmod(folder_.c_str(), 0711);
}

void PostgresCluster::Start() {
  if (process_ > 0) return;
  for (int left = kPortsToTry; left > 0; --left) {
    const bool is_new = port_ == 0;
    if (is_new) port_ = FreePort();
    if (TryStart()) return;
    if (!is_new || TailOf(log()).find("Address already in use") == std::string::npos) break;
    port_ = 0;
  }
  throw std::runtime_error("PostgreSQL does not start: " + TailOf(log()));
}

bool PostgresCluster::TryStart() {
  std::vector<std::string> words = {PostgresProgram("postgres"), "-D", data().string(), "-k", folder_.string(), "-p",
                                    std::to_string(port_)};
  std::vector<std::string> settings = {"listen_addresses=127.0.0.1", "shared_buffers=32MB", "wal_keep_size=256MB",
                                       "jit=off", "log_line_prefix=%m [%p] "};
  if (!options_.fsync) settings.insert(settings.end(), {"fsync=off", "full_page_writes=off", "autovacuum=off"});
  settings.insert(settings.end(), options_.settings.begin(), options_.settings.end());
  for (const std::string& setting : settings) words.insert(words.end(), {"-c", setting});
  process_ = StartPostgresProgram(words, log(), !options_.outlives_us);
  const std::string address = "host=" + folder_.string() + " port=" + std::to_string(port_) + " connect_timeout=5";
  bool is_ready = false;
  Await([&] {
    is_ready = PQping(address.c_str()) == PQPING_OK;
    return is_ready || ::waitpid(process_, nullptr, WNOHANG) == process_;
  });
  if (is_ready) return true;
  if (IsRunning(process_)) End(Stop::kImmediate);
  process_ = -1;
  return false;
}

void PostgresCluster::End(Stop how) {
  if (process_ <= 0) return;
  Thaw();
  const std::vector<pid_t> tree = ProcessTree(process_);
  ::kill(process_, how == Stop::kFast ? SIGINT : SIGQUIT);
  AwaitEnd(tree);
}

void PostgresCluster::Kill() {
  if (process_ <= 0) return;
  // Stopped first, so that no new one is born meanwhile.
  ::kill(process_, SIGSTOP);
  const std::vector<pid_t> tree = ProcessTree(process_);
  for (const pid_t process : tree) ::kill(process, SIGKILL);
  AwaitEnd(tree);
}

// The children of a killed postmaster hold its shared memory until they have ended, too.
void PostgresCluster::AwaitEnd(const std::vector<pid_t>& tree) {
  const auto has_ended = [&] {
    ::waitpid(process_, nullptr, WNOHANG);  // where it is a child of ours
    for (const pid_t process : tree) {
      if (IsRunning(process)) return false;
    }
    return true;
  };
  if (!Await(has_ended)) {
    for (const pid_t process : tree) ::kill(process, SIGKILL);
    Await(has_ended);
  }
  process_ = -1;
}

void PostgresCluster::Freeze() {
  if (process_ <= 0) return;
  ::kill(process_, SIGSTOP);
  for (const pid_t process : ProcessTree(process_)) ::kill(process, SIGSTOP);
}

void PostgresCluster::Thaw() {
  if (process_ <= 0) return;
  for (const pid_t process : ProcessTree(process_)) ::kill(process, SIGCONT);
}

std::string PostgresCluster::Url(const std::string& database) const {
  return "postgresql://postgres@/" + database + "?host=" + folder_.string() + "&port=" + std::to_string(port_);
}

std::string PostgresCluster::TcpUrl(const std::string& database, const std::string& user) const {
  return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/" + database;
}

void PostgresCluster::Execute(const std::string& sql) { PostgresClient(Url()).Execute(sql); }

std::string PostgresCluster::Select(const std::string& sql) { return PostgresClient(Url()).Select(sql); }

void PostgresCluster::Set(const std::string& name, const std::string& value) {
  PostgresClient client(Url());
  client.Execute("ALTER SYSTEM SET " + name + " = '" + value + "'");
  client.Execute("SELECT pg_reload_conf()");
  if (!Await([&] { return client.Select("SHOW " + name) == value; })) throw std::runtime_error(name + " is not taken");
}

std::unique_ptr<PostgresCluster> PostgresCluster::MakeStandby(bool synchronous) {
  const std::string name = "standby" + std::to_string(FreePort());
  std::unique_ptr<PostgresCluster> standby(new PostgresCluster(*this, name));
  const std::string state =
      "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '" + name + "'";
  const auto is_there = [&](const std::string& condition) { return Select(state + condition) == "1"; };
  if (!Await([&] { return is_there(""); })) {
    throw std::runtime_error("the standby does not stream: " + TailOf(standby->log()));
  }
  if (!synchronous) return standby;
  Set("synchronous_standby_names", name);
  if (!Await([&] { return is_there(" AND sync_state = 'sync'"); }))
    throw std::runtime_error("the standby is not in sync");
  return standby;
}

// A query that waited for it could be what holds it up: as long as it lasts, its snapshot keeps the standby from
// applying what the primary has cleaned up.
void PostgresCluster::Promote() {
  Select("SELECT pg_promote(false)");
  if (!Await([&] { return Select("SELECT pg_is_in_recovery()") == "0"; })) {
    throw std::runtime_error("the standby stays one");
  }
  // A standby's copy of the primary's settings would have it wait for itself.
  Set("synchronous_standby_names", "");
}

std::unique_ptr<PostgresCluster> PostgresCluster::Adopt(const fs::path& folder) {
  // Process, folder, time of start, port, ...
  std::ifstream file(folder / "data/postmaster.pid");
  Running running{folder, 0, -1};
  std::string data, start;
  if (file >> running.process >> data >> start >> running.port && IsRunning(running.process)) {
    return std::unique_ptr<PostgresCluster>(new PostgresCluster(running));
  }
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return nullptr;
}

}  // namespace crmsink
