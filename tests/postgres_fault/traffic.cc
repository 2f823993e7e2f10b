#include "traffic.h"

#include <random>
#include <utility>

namespace crmsink::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(30);
constexpr milliseconds kPauseWithoutReceiver{30};

// "stored" of {"status":"stored","event_id":"..."}; the number of anything else.
std::string StatusOf(const http::RawAnswer& answer) {
  const std::string_view before = R"({"status":")";
  if (answer.status != 200 || !answer.body.starts_with(before)) return std::to_string(answer.status);
  return answer.body.substr(before.size(), answer.body.find('"', before.size()) - before.size());
}

}  // namespace

std::size_t Account::Of(const std::string& status) const {
  const auto found = answers.find(status);
  return found == answers.end() ? 0 : found->second;
}

std::string Account::Shown() const {
  std::string text = std::to_string(promised.events.size()) + " events acknowledged";
  for (const auto& [status, count] : answers) {
    text += ", " + std::to_string(count) + " " + (status == "0" ? "unanswered" : status);
  }
  return text + ", slowest answer " + std::to_string(slowest.count()) + " ms";
}

void Traffic::Start(std::vector<std::string> urls) {
  Stop();
  stopping_ = false;
  urls_ = std::move(urls);
  const std::uint64_t round = rounds_++;
  for (std::size_t i = 0; i < options_.connections; ++i) {
    threads_.emplace_back([this, i, round] { Send(i, round); });
  }
}

void Traffic::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Traffic::Run(std::vector<std::string> urls, milliseconds duration) {
  Start(std::move(urls));
  std::this_thread::sleep_for(duration);
  Stop();
}

Account Traffic::account() const {
  const std::lock_guard lock(mutex_);
  return account_;
}

void Traffic::ForgetSlowest() {
  const std::lock_guard lock(mutex_);
  account_.slowest = {};
}

void Traffic::Send(std::size_t connection, std::uint64_t round) {
  const std::uint64_t seed = options_.seed + round * options_.connections + connection;
  Load load(seed, std::to_string(round) + "-" + std::to_string(connection), options_.entities);
  std::mt19937_64 random(seed);
  std::vector<Line> lines(urls_.size());
  std::optional<MadeEvent> event;
  while (!stopping_) {
    if (auto again = TakeAgain()) {
      event = std::move(again);
    } else if (!event || random() % 20 != 0) {
      event = load.Next();
    }
    const bool answered = Deliver(*event, lines, random() % lines.size());
    std::this_thread::sleep_for(answered ? options_.pause : kPauseWithoutReceiver);
  }
}

// False: somebody did not answer.
bool Traffic::Deliver(const MadeEvent& event, std::vector<Line>& lines, std::size_t first) {
  const auto start = steady_clock::now();
  const auto place = [&](std::size_t copy) { return (first + copy) % lines.size(); };
  const std::string request = "POST " + event.path + " HTTP/1.1\r\nHost: crm.example.com\r\nContent-Length: " +
                              std::to_string(event.body.size()) + "\r\n\r\n" + event.body;
  for (std::size_t copy = 0; copy < options_.copies; ++copy) {
    Line& line = lines[place(copy)];
    if (!line) line.emplace(urls_[place(copy)]);
    line->Send(request);
  }
  bool answered = true;
  for (std::size_t copy = 0; copy < options_.copies; ++copy) {
    Line& line = lines[place(copy)];
    const http::RawAnswer answer = line->Receive(kPatience);
    Note(event, answer, std::chrono::duration_cast<milliseconds>(steady_clock::now() - start));
    if (answer.status != 0) continue;
    line.reset();
    answered = false;
  }
  return answered;
}

std::optional<MadeEvent> Traffic::TakeAgain() {
  const std::lock_guard lock(mutex_);
  if (again_.empty()) return std::nullopt;
  MadeEvent event = std::move(again_.front());
  again_.pop_front();
  return event;
}

void Traffic::Note(const MadeEvent& event, const http::RawAnswer& answer, milliseconds took) {
  const std::string status = StatusOf(answer);
  const std::lock_guard lock(mutex_);
  const std::size_t count = ++account_.answers[status];
  if (answer.status != 0) account_.slowest = std::max(account_.slowest, took);
  if (status == "stored" || status == "duplicate" || status == "spooled") {
    account_.promised.events[event.event_id] = event;
  } else if (status == "429" || (status == "0" && count % 2 == 0)) {
    again_.push_back(event);
  } else if (status != "0") {
    account_.bad.push_back(status + " " + answer.body);
  }
}

}  // namespace crmsink::fault
