#include "fault/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>
#include <utility>

namespace crmsink::fault {

ServerProcess::ServerProcess(const std::vector<std::string>& arguments, const std::string& log_file,
                             const std::string& program) {
  std::vector<std::string> words = {program};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const int log = ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  process_ = ::fork();
  if (process_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  ::close(log);
  output_ = ends[0];
  if (process_ < 0) throw std::runtime_error("no process");
}

ServerProcess::~ServerProcess() {
  Kill();
  ::close(output_);
}

std::string ServerProcess::AwaitUrl(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::string said;
  while (said.find('\n') == std::string::npos) {
    const auto left = deadline - std::chrono::steady_clock::now();
    pollfd readable{output_, POLLIN, 0};
    const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    if (millis <= 0 || ::poll(&readable, 1, static_cast<int>(millis)) <= 0) return {};
    char piece[256];
    const ssize_t n = ::read(output_, piece, sizeof piece);
    if (n <= 0) return {};
    said.append(piece, static_cast<std::size_t>(n));
  }
  const std::string before = "listening ";
  if (!said.starts_with(before)) return {};
  const std::size_t end = said.find(' ', before.size());
  const std::string between = " admin ";
  if (end != std::string::npos && said.compare(end, between.size(), between) == 0) {
    const std::size_t begin = end + between.size();
    admin_url_ = said.substr(begin, said.find('\n') - begin);
  }
  return said.substr(before.size(), end - before.size());
}

bool ServerProcess::AwaitEnd(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (process_ > 0 && ::waitpid(process_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (process_ > 0) exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  process_ = -1;
  return true;
}

void ServerProcess::Kill() {
  if (process_ <= 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(std::exchange(process_, -1), nullptr, 0);
}

void ServerProcess::Signal(int signal) const {
  if (process_ > 0) ::kill(process_, signal);
}

int ServerProcess::Stop() {
  if (process_ <= 0) return -1;
  ::kill(process_, SIGTERM);
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace crmsink::fault
