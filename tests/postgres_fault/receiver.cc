#include "receiver.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

#include "http/raw_client.h"

namespace crmsink::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPause{20};

template <class Condition>
bool Await(milliseconds patience, const Condition& holds) {
  const auto deadline = steady_clock::now() + patience;
  while (!holds()) {
    if (steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Receiver::Receiver(Options options) : options_(std::move(options)) {
  Launch();
  if (options_.waits) AwaitStart();
}

std::vector<std::string> Receiver::Arguments() const {
  std::vector<std::string> arguments = {
      "serve",
      "--database",
      options_.database,
      "--writer",
      options_.name,
      "--listen",
      "127.0.0.1:0",
      "--admin-listen",
      "127.0.0.1:0",
      "--signature-mode",
      "off",
      "--spool-file",
      options_.spool.empty() ? options_.folder + "/spool-" + options_.name + ".db" : options_.spool};
  arguments.insert(arguments.end(), options_.more.begin(), options_.more.end());
  return arguments;
}

void Receiver::Start() {
  Launch();
  AwaitStart();
}

void Receiver::Launch() {
  process_.reset();  // the old one must have left the spool
  process_ = std::make_unique<ServerProcess>(Arguments(), options_.folder + "/log-" + options_.name, options_.program);
}

void Receiver::AwaitStart() {
  url_ = process_->AwaitUrl(std::chrono::seconds(40));
  if (url_.empty()) throw std::runtime_error("the receiver does not start:\n" + Log());
}

std::string Receiver::Log() const { return ReadFile(options_.folder + "/log-" + options_.name); }

std::string Receiver::Get(const std::string& path) const {
  http::RawClient client(process_->admin_url());
  client.Send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const http::RawAnswer answer = client.Receive(std::chrono::seconds(10));
  return answer.status == 200 ? answer.body : std::to_string(answer.status) + " " + answer.body;
}

double Receiver::Metric(const std::string& name) const {
  const std::string metrics = Get("/metrics");
  const std::size_t at = metrics.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::atof(metrics.c_str() + at + name.size() + 2);
}

bool Receiver::AwaitDrained(milliseconds patience) const {
  return Await(patience,
               [this] { return Metric("crmsink_spool_deliveries") == 0 && Metric("crmsink_database_away") == 0; });
}

bool Receiver::AwaitBack(milliseconds patience) const {
  return Await(patience, [this] { return Metric("crmsink_database_away") == 0; });
}

bool Receiver::AwaitMetric(const std::string& name, double least, milliseconds patience) const {
  return Await(patience, [&] { return Metric(name) >= least; });
}

CommandOutcome RunCommand(const std::vector<std::string>& arguments, const std::string& folder) {
  std::vector<std::string> words = {BinaryPath()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const std::string output = folder + "/output";
  const int file = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(file);
  int status = 0;
  ::waitpid(process, &status, 0);
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1, .output = ReadFile(output)};
}

}  // namespace crmsink::fault
