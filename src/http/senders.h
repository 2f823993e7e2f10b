#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/network.h"
#include "event/delivery.h"
#include "http/recent_table.h"

namespace crmsink::http {

// What is remembered of the addresses that connections and requests come from, and what they may do therefore. A sender
// is IpAddress::Sender() of an address. docs/decisions/0015-limits-per-address.md says why the rules are these.
//
// - Connections: a sender may have so many; one more takes the place of his own longest idle one.
// - Signatures that fail: each costs a token; so many come back in a minute. A sender without one is refused before
//   anything is checked, unless something authentic has come from there within a day.
// - Both do not hold for proxies that are trusted. What they say of their clients, in X-Forwarded-For, is believed, and
//   the rule for signatures holds for the client.
//
// Memory is bounded: senders with open connections are as many as there are connections; of failures and of authentic
// deliveries the most recent ones are remembered, in two tables, so that who only fails cannot push out who does not.
//
// Thread-safety: all methods from any thread; none waits for long.
class Senders {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    std::size_t connections = 1'000;       // of one sender; 0: any number
    std::size_t failures_per_minute = 60;  // likewise
    std::vector<Network> trusted_proxies;
    // Of senders that are remembered.
    std::size_t remembered = 16'384;
  };

  struct Counters {
    std::uint64_t connections_refused = 0;  // beyond a limit, where no idle one could give way
    std::uint64_t connections_shed = 0;     // idle ones that gave way to others
    std::uint64_t requests_limited = 0;     // answered 429, since too many signatures of their sender failed
  };

  // An open connection; the senders outlive it.
  class Connection {
   public:
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;
    ~Connection();

    std::uint64_t sender() const { return sender_; }
    // There are more of this sender than there may be.
    bool is_over() const { return over_; }

   private:
    friend class Senders;
    Connection(Senders* senders, std::uint64_t sender, bool over) : senders_(senders), sender_(sender), over_(over) {}

    Senders* senders_;  // null: not counted
    std::uint64_t sender_;
    bool over_;
  };

  explicit Senders(Limits limits);

  // Nothing: there are so many beyond the limit, too, that this one is to be closed without a word.
  [[nodiscard]] std::optional<Connection> Connect(const IpAddress& peer);

  // Who has sent a request that came over a connection of `peer`. Nothing: a trusted proxy that does not say, or `peer`
  // is not known; no limit holds then.
  std::optional<std::uint64_t> SenderOf(const std::optional<IpAddress>& peer, std::string_view forwarded_for) const;

  // False: a delivery of this sender is to be answered 429 as it is. REQUIRES, here and below: Clock::now(), or what a
  // test has in its place.
  [[nodiscard]] bool MayTry(std::uint64_t sender, Clock::time_point now);
  // What became of one that was tried.
  void Tried(std::uint64_t sender, const Ack& ack, Clock::time_point now) noexcept;

  void CountRefused();
  void CountShed();
  Counters counters() const;

 private:
  // A number that nobody outside knows decides where a key lies.
  struct Hash {
    std::uint64_t seed;
    std::size_t operator()(std::uint64_t key) const;
  };
  struct Tokens {
    double left;
    Clock::time_point at;
  };

  bool IsTrusted(const IpAddress& address) const;
  void Refill(Tokens& tokens, Clock::time_point now) const;
  void Disconnect(std::uint64_t sender) noexcept;

  const Limits limits_;
  mutable std::mutex mutex_;
  const Hash hash_;
  std::unordered_map<std::uint64_t, std::size_t, Hash> connections_;  // never zero
  RecentTable<std::uint64_t, Clock::time_point, Hash> authentic_;     // when the last one came
  RecentTable<std::uint64_t, Tokens, Hash> failures_;
  Counters counters_;
};

}  // namespace crmsink::http
