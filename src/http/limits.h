#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

#include "http/request_parser.h"
#include "http/senders.h"

namespace crmsink::http {

// What the edge allows. Beyond a number or an amount of bytes the answer is 429, at once.
struct Limits {
  RequestParser::Limits request;
  // Open connections of all listeners; fewer where the process may not have so many descriptors.
  std::size_t connections = 10'000;
  // Of one address.
  Senders::Limits per_sender;
  // Requests that wait for their outcome, and the bytes of their bodies.
  std::size_t parked = 4'096;
  std::size_t parked_bytes = std::size_t{64} << 20;
  // Requests of more than 4 KiB that are not whole yet. Short ones are bounded by the number of connections.
  std::size_t reading_bytes = std::size_t{32} << 20;
  // From the first byte of a connection with TLS until a request can be read.
  std::chrono::milliseconds handshake_deadline{10'000};
  // From a request's first byte to its last: 408.
  std::chrono::milliseconds request_deadline{30'000};
  // From the first byte of an answer to its last: the connection is closed.
  std::chrono::milliseconds answer_deadline{30'000};
  // Without a byte between requests: the connection is closed.
  std::chrono::milliseconds idle_deadline{75'000};
  // How long a refused sender may go on sending before the connection is closed, so that it can read the refusal.
  std::chrono::milliseconds linger{2'000};
  // How long Stop waits for what was taken.
  std::chrono::milliseconds stop_grace{10'000};
};

// An amount that is shared by all connections and never exceeded. Thread-safe.
class Budget {
 public:
  explicit Budget(std::size_t limit) : limit_(limit) {}

  // Takes all of it or nothing.
  [[nodiscard]] bool TryTake(std::size_t amount) {
    std::size_t taken = taken_.load(std::memory_order_relaxed);
    do {
      if (amount > limit_ - taken) return false;
    } while (!taken_.compare_exchange_weak(taken, taken + amount, std::memory_order_relaxed));
    return true;
  }
  void Return(std::size_t amount) { taken_.fetch_sub(amount, std::memory_order_relaxed); }
  std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> taken_{0};
};

// The limits and what is used up of them; outlives every connection.
struct Budgets {
  // So many connections beyond the limit are still told 429; the next ones are closed without a word.
  static constexpr std::size_t kTurnedAway = 64;

  explicit Budgets(const Limits& given)
      : limits(given),
        connections(given.connections + kTurnedAway),
        parked(given.parked),
        parked_bytes(given.parked_bytes),
        reading_bytes(given.reading_bytes),
        senders(given.per_sender) {}

  const Limits limits;
  Budget connections, parked, parked_bytes, reading_bytes;
  Senders senders;
  std::atomic<std::uint64_t> handshakes_failed{0};  // of TLS; those that took too long, too
};

}  // namespace crmsink::http
