#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "fault/evidence.h"
#include "fault/load.h"
#include "http/raw_client.h"

namespace crmsink::fault {

// What the sender of deliveries was answered.
struct Account {
  Promised promised;
  std::map<std::string, std::size_t> answers;  // by the status that the answer tells: "stored", "spooled", "429" ...
  std::vector<std::string> bad;                // neither 2xx nor 429
  std::chrono::milliseconds slowest{0};

  std::size_t Of(const std::string& status) const;
  // For people.
  std::string Shown() const;
};

// HighLevel, as far as it matters: sends events over many connections at once, keeps account of the answers, and sends
// again what was answered 429, every second one of those that were not answered at all, and one in twenty of the
// others.
// Thread-safety: account() from any thread, the rest belongs to one.
class Traffic {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::size_t connections = 8;
    std::size_t entities = 500;           // of each kind
    std::chrono::milliseconds pause{20};  // of each connection, after each answer
    std::size_t copies = 1;               // each delivery goes to so many of the receivers, at once
  };

  explicit Traffic(const Options& options) : options_(options) {}
  ~Traffic() { Stop(); }
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  // Begins, or goes on, to send to these.
  void Start(std::vector<std::string> urls);
  // Returns when everything that was sent is answered or given up.
  void Stop();
  void Run(std::vector<std::string> urls, std::chrono::milliseconds duration);

  Account account() const;
  // The slowest answer is from now on looked for anew.
  void ForgetSlowest();

 private:
  // A way to one receiver.
  using Line = std::optional<http::RawClient>;

  void Send(std::size_t connection, std::uint64_t round);
  bool Deliver(const MadeEvent& event, std::vector<Line>& lines, std::size_t first);
  std::optional<MadeEvent> TakeAgain();
  void Note(const MadeEvent& event, const http::RawAnswer& answer, std::chrono::milliseconds took);

  const Options options_;
  std::vector<std::string> urls_;
  std::uint64_t rounds_ = 0;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;

  mutable std::mutex mutex_;
  Account account_;
  std::deque<MadeEvent> again_;
};

}  // namespace crmsink::fault
