#include "process.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/paths.h"

extern char** environ;

namespace crmsink::testing {
namespace {

using Clock = std::chrono::steady_clock;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> EnvironmentWith(const std::map<std::string, std::string>& more) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("CRMSINK_")) entries.emplace_back(*entry);
  }
  for (const auto& [name, value] : more) entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

void Redirect(const std::string& path, int flags, int descriptor) {
  const int file = open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0 || dup2(file, descriptor) < 0) _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::string& folder,
                 const std::map<std::string, std::string>& environment, const std::string& input) {
  static std::atomic<int> count = 0;
  const std::string name = folder + "/process" + std::to_string(count++);
  out_file_ = name + ".out";
  err_file_ = name + ".err";
  const std::string in_file = name + ".in";
  std::ofstream(in_file, std::ios::binary) << input;
  std::vector<std::string> texts = {BinaryPath()};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables = EnvironmentWith(environment);
  const std::vector<char*> argv = Pointers(texts), envp = Pointers(variables);
  pid_ = fork();
  if (pid_ != 0) return;
  Redirect(in_file, O_RDONLY, STDIN_FILENO);
  Redirect(out_file_, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  Redirect(err_file_, O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  if (chdir(folder.c_str()) != 0) _exit(127);
  execve(argv[0], argv.data(), envp.data());
  _exit(127);
}

Process::~Process() {
  if (HasEnded()) return;
  Signal(SIGKILL);
  Wait();
}

std::string Process::FirstLine() {
  const auto deadline = Clock::now() + std::chrono::seconds(10);
  while (Clock::now() < deadline) {
    const bool over = HasEnded();
    const std::string text = ReadFile(out_file_);
    const std::size_t end = text.find('\n');
    if (end != std::string::npos) return text.substr(0, end);
    if (over) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return "";
}

std::string Process::OutSoFar() const { return ReadFile(out_file_); }

std::string Process::ErrSoFar() const { return ReadFile(err_file_); }

void Process::Signal(int signal) const { kill(pid_, signal); }

bool Process::HasEnded() {
  if (!ended_) ended_ = pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_;
  return ended_;
}

Outcome Process::Wait() {
  const auto deadline = Clock::now() + std::chrono::seconds(30);
  while (!HasEnded()) {
    if (Clock::now() > deadline) Signal(SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return {WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_), ReadFile(out_file_),
          ReadFile(err_file_)};
}

Outcome RunProgram(const std::vector<std::string>& arguments, const std::string& folder,
                   const std::map<std::string, std::string>& environment, const std::string& input) {
  return Process(arguments, folder, environment, input).Wait();
}

}  // namespace crmsink::testing
