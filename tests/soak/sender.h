#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "account.h"
#include "fault/load.h"
#include "signature/signing.h"

namespace crmsink::soak {

// HighLevel, as far as it matters: signs and sends over many connections to wherever the receiver is now, shuffles,
// sends one in twenty again, what was answered 429 and every second one that was not answered too; between them
// deliveries that are no events, and some that nobody has signed.
// Thread-safety: MoveTo and account() from any thread; the rest belongs to one.
class Sender {
 public:
  struct Options {
    std::uint64_t seed = 1;
    std::size_t connections = 16;
    std::size_t entities = 20'000;  // of each kind
  };

  explicit Sender(const Options& options);
  ~Sender() { Stop(); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  std::string Pem() const { return signer_.Pem(); }

  // Sends until Stop(), which returns when all are answered or given up. `chapter` goes into the ids of its events.
  void Start(std::uint64_t chapter, Account& account);
  void Stop();

  // Where the receiver listens from now on; empty: nowhere.
  void MoveTo(const std::string& url);
  // One event from the caller's thread, by a connection of its own: the status of the answer.
  int SendOne(const std::string& url, const fault::MadeEvent& event, Account& account);

 private:
  struct Item {
    Intent intent = Intent::kEvent;
    fault::MadeEvent event;
  };

  void Run(std::uint64_t chapter, std::size_t connection, Account& account);
  Item Next(fault::Load& load, std::mt19937_64& random, std::vector<Item>& waiting);
  Item Make(fault::Load& load, std::mt19937_64& random);
  int Send(http::RawClient& client, const Item& item, Account& account);
  std::string RequestOf(const Item& item) const;
  std::string url() const;

  const Options options_;
  const testing::Ed25519Signer signer_;
  std::atomic<bool> stopping_{false};
  std::vector<std::thread> threads_;
  mutable std::mutex mutex_;
  std::string url_;
  std::deque<Item> again_;
};

}  // namespace crmsink::soak
