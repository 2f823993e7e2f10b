#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "event/delivery.h"
#include "http/asio.h"
#include "http/limits.h"
#include "http/responder.h"

namespace crmsink::http {

class Loop;

// Where a connection stands; each phase but kParked has one deadline for all connections.
enum class Phase : std::size_t {
  kIdle,       // between requests
  kReading,    // a request has begun
  kParked,     // waits for its outcome; ends when that comes, whether the client is still there or not
  kAnswering,  // an answer is on its way
  kHandshake,  // of TLS
  kLingering,  // refused: what still comes is thrown away
};

// A connection as its loop sees it. All calls come on the loop's thread.
class Peer : public std::enable_shared_from_this<Peer> {
 public:
  Peer() = default;
  virtual ~Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // Takes the connection up. `admitted` false: there are too many connections, so it is told 429 and nothing else.
  virtual void Start(bool admitted) = 0;
  // The outcome of the parked request has come.
  virtual void Resume(Ack ack) = 0;
  // The phase has lasted too long: enter another one, or leave the loop.
  virtual void Expire() = 0;
  // Gives the connection up.
  virtual void Close() = 0;

  // Whose connection it is, as Senders has it.
  virtual std::uint64_t sender() const = 0;
  // True where nothing of the client's waits to be read.
  virtual bool IsQuiet() const = 0;

  Phase phase() const { return phase_; }

 private:
  friend class Loop;
  friend class Mailbox;
  Phase phase_ = Phase::kIdle;
  std::chrono::steady_clock::time_point since_;
  std::list<std::shared_ptr<Peer>>::iterator place_;  // in its loop, while it is in one
  bool in_loop_ = false;
  // An outcome on its way: the list needs no memory of its own, so that putting one in cannot fail.
  Ack ack_;
  Peer* next_ = nullptr;
};

// Brings outcomes from other threads to a loop; many at a time, with one wake-up. Thread-safe. It may outlive its loop,
// and throws away what comes then. A peer that is named here is parked, so it is alive.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  explicit Mailbox(asio::io_context& context) : context_(&context) {}

  void Put(Peer& peer, Ack ack) noexcept;
  void Close();

 private:
  void Deliver();

  std::mutex mutex_;
  asio::io_context* context_;  // null once closed
  Peer* first_ = nullptr;
  Peer* last_ = nullptr;
  bool posted_ = false;
};

// One I/O thread: its connections, their deadlines, and httplib to write answers. It sleeps until there is something to
// do: deadlines of a phase are all equally long, so a list in order of entry is in order of expiry, and one timer
// serves all of them.
//
// Thread-safety: Join from the thread that owns the loop, context(), mailbox() and TakeBeats() from any, the rest on
// the loop's own.
class Loop {
 public:
  explicit Loop(const Budgets& budgets);
  // Joins as Join does.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Called on the loop's thread after a handler has thrown, which it does for lack of memory: what was to be begun may
  // not have been. REQUIRES: before Run.
  void OnTrouble(std::function<void()> recover) { recover_ = std::move(recover); }

  void Run();  // starts the thread

  asio::io_context& context() { return context_; }
  Responder& responder() { return responder_; }
  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }
  bool stopping() const { return stopping_; }
  // Where all connections read what they throw away.
  asio::mutable_buffer junk() { return asio::buffer(junk_); }

  // Adds a connection, or moves it to another phase; its deadline starts anew.
  void Add(std::shared_ptr<Peer> peer);
  void Enter(Peer& peer, Phase phase);
  void Leave(Peer& peer);

  // Closes the connection that has been idle for longest: of this sender, or of all. False: there is none, or there are
  // many idle ones of others.
  bool GiveWay(std::optional<std::uint64_t> sender);

  // How often the thread has come round since the last call, which asked it to do so once. From one thread at a time,
  // which need not be the loop's.
  std::uint64_t TakeBeats();

  // From now on answers close their connection, idle connections are closed soon, and requests that are still coming in
  // have little time left.
  void BeginStop();

  // Ends the thread and gives up every connection; outcomes that come later are thrown away.
  void Join();

 private:
  using Clock = std::chrono::steady_clock;
  using Peers = std::list<std::shared_ptr<Peer>>;
  static constexpr std::size_t kPhases = 6;

  void Work() noexcept;
  void Recover();
  void Arm(Clock::time_point deadline);
  void Sweep();
  Peers& PeersOf(Phase phase) { return peers_[static_cast<std::size_t>(phase)]; }

  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  std::shared_ptr<Mailbox> mailbox_;
  Responder responder_;
  std::array<Clock::duration, kPhases> durations_;
  std::array<Peers, kPhases> peers_;
  asio::steady_timer timer_;
  Clock::time_point armed_ = Clock::time_point::max();
  bool stopping_ = false;
  std::array<char, std::size_t{64} << 10> junk_;
  std::function<void()> recover_;
  std::atomic<std::uint64_t> beats_{0};
  std::thread thread_;
};

}  // namespace crmsink::http
