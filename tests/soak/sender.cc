#include "sender.h"

#include <optional>
#include <utility>

namespace crmsink::soak {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kPatience{30'000};
constexpr milliseconds kPauseWithoutReceiver{10};
constexpr std::size_t kShuffled = 8;  // so many wait, and any of them is the next

}  // namespace

Sender::Sender(const Options& options) : options_(options) {}

void Sender::Start(std::uint64_t chapter, Account& account) {
  stopping_ = false;
  for (std::size_t i = 0; i < options_.connections; ++i) {
    threads_.emplace_back([this, chapter, i, &account] { Run(chapter, i, account); });
  }
}

void Sender::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  again_.clear();
}

void Sender::MoveTo(const std::string& url) {
  const std::lock_guard lock(mutex_);
  url_ = url;
}

std::string Sender::url() const {
  const std::lock_guard lock(mutex_);
  return url_;
}

int Sender::SendOne(const std::string& url, const fault::MadeEvent& event, Account& account) {
  http::RawClient client(url);
  return Send(client, {Intent::kEvent, event}, account);
}

void Sender::Run(std::uint64_t chapter, std::size_t connection, Account& account) {
  const std::uint64_t seed = options_.seed + chapter * options_.connections + connection;
  fault::Load load(seed, std::to_string(chapter) + "-" + std::to_string(connection), options_.entities);
  std::mt19937_64 random(seed);
  std::vector<Item> waiting;
  std::optional<http::RawClient> line;
  std::string connected_to;
  while (!stopping_) {
    const std::string now = url();
    if (now.empty()) {
      line.reset();
      std::this_thread::sleep_for(kPauseWithoutReceiver);
      continue;
    }
    if (!line || now != connected_to) {
      line.emplace(now);
      connected_to = now;
    }
    if (Send(*line, Next(load, random, waiting), account) != 0) continue;
    line.reset();
    std::this_thread::sleep_for(kPauseWithoutReceiver);
  }
}

// What comes again goes first; else one of those that wait.
Sender::Item Sender::Next(fault::Load& load, std::mt19937_64& random, std::vector<Item>& waiting) {
  {
    const std::lock_guard lock(mutex_);
    if (!again_.empty()) {
      Item item = std::move(again_.front());
      again_.pop_front();
      return item;
    }
  }
  while (waiting.size() < kShuffled) waiting.push_back(Make(load, random));
  Item& chosen = waiting[random() % waiting.size()];
  if (random() % 20 == 0) return chosen;  // and once more, later
  return std::exchange(chosen, Make(load, random));
}

Sender::Item Sender::Make(fault::Load& load, std::mt19937_64& random) {
  Item item{Intent::kEvent, load.Next()};
  const std::uint64_t dice = random() % 400;
  if (dice == 0) {
    item.intent = Intent::kNoEvent;
    item.event = {"/webhooks", R"({"soak":")" + item.event.event_id + R"("})", item.event.event_id, "", ""};
  } else if (dice == 1) {
    item.intent = Intent::kUnsigned;
  }
  return item;
}

std::string Sender::RequestOf(const Item& item) const {
  std::string request = "POST " + item.event.path + " HTTP/1.1\r\nHost: crm.example.com\r\n";
  if (item.intent != Intent::kUnsigned) request += "X-GHL-Signature: " + signer_.Sign(item.event.body) + "\r\n";
  return request + "Content-Length: " + std::to_string(item.event.body.size()) + "\r\n\r\n" + item.event.body;
}

int Sender::Send(http::RawClient& client, const Item& item, Account& account) {
  const std::string request = RequestOf(item);
  const auto start = steady_clock::now();
  client.Send(request);
  const http::RawAnswer answer = client.Receive(kPatience);
  account.Note(item.intent, item.event, answer, std::chrono::duration_cast<milliseconds>(steady_clock::now() - start));
  if (answer.status == 429 || (answer.status == 0 && item.event.event_id.back() % 2 == 0)) {
    const std::lock_guard lock(mutex_);
    again_.push_back(item);
  }
  return answer.status;
}

}  // namespace crmsink::soak
