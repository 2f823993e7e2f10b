#include "server.h"

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "http/raw_client.h"

namespace crmsink::soak {

void Server::Start() {
  std::vector<std::string> all = {"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"};
  all.insert(all.end(), arguments_.begin(), arguments_.end());
  process_.reset();
  process_ = std::make_unique<fault::ServerProcess>(all, log_file_, program_);
  url_ = process_->AwaitUrl(std::chrono::seconds(60));
  if (url_.empty()) {
    const std::string said = log();
    throw std::runtime_error("the server does not start:\n" +
                             said.substr(said.size() - std::min<std::size_t>(said.size(), 2000)));
  }
}

void Server::Kill() {
  NoteMemory();
  process_->Kill();
}

int Server::Stop() {
  NoteMemory();
  return process_->Stop();
}

void Server::Freeze() { ::kill(process_->process(), SIGSTOP); }
void Server::Thaw() { ::kill(process_->process(), SIGCONT); }

void Server::NoteMemory() {
  std::ifstream status("/proc/" + std::to_string(process_->process()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) peak_memory_ = std::max(peak_memory_, std::int64_t{std::atoll(line.c_str() + 6)});
  }
}

double Server::Metric(const std::string& name) const {
  http::RawClient client(process_->admin_url());
  client.Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string metrics = client.Receive(std::chrono::seconds(10)).body;
  const std::size_t at = metrics.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::atof(metrics.c_str() + at + name.size() + 2);
}

std::string Server::log() const {
  std::ifstream file(log_file_);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace crmsink::soak
