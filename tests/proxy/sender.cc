#include "sender.h"

#include <chrono>
#include <csignal>

#include <httplib.h>

namespace crmsink::testing {
namespace {

constexpr const char* kByProxy = " by the proxy";  // whose configuration says 60 s
constexpr const char* kByInstance = " by an instance";

}  // namespace

void Sender::Start(int port, int connections) {
  stop_ = false;
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL says goodbye on connections that the other side has closed
  for (int i = 0; i < connections; ++i) threads_.emplace_back([this, port, i] { Send(port, i); });
}

void Sender::Stop() {
  stop_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Sender::Report Sender::report() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

std::size_t Sender::Count(const std::string& answer) const {
  const std::lock_guard lock(mutex_);
  const auto found = report_.answers.find(answer);
  return found == report_.answers.end() ? 0 : found->second;
}

bool Sender::Await(const std::string& answer, std::size_t more) const {
  const std::size_t wanted = Count(answer) + more;
  for (int i = 0; i < 3000; ++i) {
    if (Count(answer) >= wanted) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

std::string Sender::BodyOf(const std::string& id) {
  return "{ \"type\":\"ContactCreate\",\t\"locationId\":\"l1\", \"id\":\"" + id +
         "\",\r\n \"firstName\":\"Z\xC3\xBC\xE2\x82\xAC \\u00e9\\/\", \"note\":\"" + std::string(2000, 'x') +
         "\", \"webhookId\":\"" + id + "\"}\n";
}

void Sender::Send(int port, int connection) {
  httplib::SSLClient client("127.0.0.1", port);
  client.enable_server_certificate_verification(false);
  client.set_keep_alive(true);
  client.set_tcp_nodelay(true);
  client.set_read_timeout(30);
  for (int i = 0; !stop_; ++i) {
    const std::string id = "e" + std::to_string(connection) + "-" + std::to_string(i);
    const std::string body = BodyOf(id);
    const auto answer = client.Post("/webhooks", {{"X-GHL-Signature", signer_.Sign(body)}}, body, "application/json");
    std::string said = answer ? std::to_string(answer->status) : "no answer: " + httplib::to_string(answer.error());
    if (said == "429" && !answer->has_header("Retry-After")) said += " without Retry-After";
    if (said == "429") said += answer->get_header_value("Retry-After") == "60" ? kByProxy : kByInstance;
    if (!answer || answer->status != 200) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const std::lock_guard lock(mutex_);
    ++report_.answers[said];
    if (answer && answer->status / 100 == 2) report_.kept.insert(id);
  }
}

}  // namespace crmsink::testing
