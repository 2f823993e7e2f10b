#include "support/postgres_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>

namespace crmsink {
namespace {

namespace fs = std::filesystem;

const fs::path kInstalled = "/usr/lib/postgresql";

struct User {
  uid_t user;
  gid_t group;
};

// Who the server runs as: ourselves, or postgres where we are root.
User ServerUser() {
  if (::geteuid() != 0) return {::geteuid(), ::getegid()};
  const passwd* entry = ::getpwnam("postgres");
  if (entry == nullptr) throw std::runtime_error("there is no user postgres: install the package postgresql");
  return {entry->pw_uid, entry->pw_gid};
}

// Only calls that are allowed between fork and exec.
[[noreturn]] void Become(const User& user, char* const argv[], int log, bool ends_with_us) {
  ::setsid();
  const int null = ::open("/dev/null", O_RDONLY);
  ::dup2(null, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  const bool is_root = ::geteuid() == 0;
  if (is_root && (::setgroups(1, &user.group) != 0 || ::setgid(user.group) != 0 || ::setuid(user.user) != 0)) {
    ::_exit(126);
  }
  // After the change of user, which clears it.
  if (ends_with_us) ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::chdir("/") != 0) ::_exit(126);
  ::execv(argv[0], argv);
  ::_exit(127);
}

// The fields of /proc/PID/stat behind the name, which may hold spaces: state, parent. Read by hand: of a process that
// ends between open and read the kernel says ESRCH, for which a stream throws, and this is called by destructors.
bool ReadStat(pid_t process, char& state, pid_t& parent) {
  const int file = ::open(("/proc/" + std::to_string(process) + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char bytes[512];
  const ssize_t count = ::read(file, bytes, sizeof bytes - 1);
  ::close(file);
  const std::string text(bytes, count > 0 ? static_cast<std::size_t>(count) : 0);
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos || end + 4 >= text.size()) return false;
  state = text[end + 2];
  parent = static_cast<pid_t>(std::atol(text.c_str() + end + 4));
  return true;
}

}  // namespace

std::string PostgresProgram(const std::string& name) {
  int newest = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kInstalled, ignored)) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > newest && fs::exists(entry.path() / "bin/postgres")) newest = version;
  }
  if (newest == 0) throw std::runtime_error("no PostgreSQL in " + kInstalled.string() + ": install postgresql");
  return (kInstalled / std::to_string(newest) / "bin" / name).string();
}

void GiveToPostgres(const fs::path& path) {
  const User user = ServerUser();
  if (::geteuid() == 0 && ::chown(path.c_str(), user.user, user.group) != 0) {
    throw std::runtime_error("cannot give " + path.string() + " to postgres");
  }
}

pid_t StartPostgresProgram(std::vector<std::string> words, const std::string& log, bool ends_with_us) {
  const User user = ServerUser();
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (output < 0) throw std::runtime_error("cannot write " + log);
  const pid_t process = ::fork();
  if (process == 0) Become(user, argv.data(), output, ends_with_us);
  ::close(output);
  if (process < 0) throw std::runtime_error("no process for " + words[0]);
  return process;
}

void RunPostgresProgram(std::vector<std::string> words, const std::string& log) {
  const std::string name = words[0];
  const pid_t process = StartPostgresProgram(std::move(words), log, true);
  int status = 0;
  ::waitpid(process, &status, 0);
  if (status != 0) throw std::runtime_error(name + " failed: " + TailOf(log));
}

std::vector<pid_t> ProcessTree(pid_t root) {
  std::multimap<pid_t, pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const pid_t process = std::atoi(entry.path().filename().c_str());
    char state = 0;
    pid_t parent = 0;
    if (process > 0 && ReadStat(process, state, parent)) children.emplace(parent, process);
  }
  std::vector<pid_t> tree = {root};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto [begin, end] = children.equal_range(tree[i]);
    for (auto child = begin; child != end; ++child) tree.push_back(child->second);
  }
  return tree;
}

bool IsRunning(pid_t process) {
  char state = 0;
  pid_t parent = 0;
  return process > 0 && ReadStat(process, state, parent) && state != 'Z' && state != 'X';
}

std::string TailOf(const std::string& file) {
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

}  // namespace crmsink
