#include "http/loop.h"

#include <algorithm>
#include <utility>

namespace crmsink::http {
namespace {

constexpr std::chrono::milliseconds kStopIdle{100};
constexpr std::chrono::milliseconds kStopReading{1'000};
// Where memory has run out: how long until it is tried again, and how often a wake-up is.
constexpr std::chrono::milliseconds kMemoryDelay{5};
constexpr int kWakeTries = 20;
// What GiveWay may cost. A sender who has more connections than he may is most of those that are idle, or has few.
constexpr std::size_t kLookedAt = 512;

}  // namespace

void Mailbox::Put(Peer& peer, Ack ack) noexcept {
  const std::lock_guard lock(mutex_);
  if (context_ == nullptr) return;
  peer.ack_ = std::move(ack);
  peer.next_ = nullptr;
  (last_ == nullptr ? first_ : last_->next_) = &peer;
  last_ = &peer;
  for (int tries = 0; tries < kWakeTries && !posted_; ++tries) {
    try {
      asio::post(*context_, [self = shared_from_this()] { self->Deliver(); });
      posted_ = true;
    } catch (...) {
      // No memory for the wake-up. After the last try it is up to the next outcome.
      std::this_thread::sleep_for(kMemoryDelay);
    }
  }
}

void Mailbox::Deliver() {
  Peer* next = nullptr;
  {
    const std::lock_guard lock(mutex_);
    next = std::exchange(first_, nullptr);
    last_ = nullptr;
    posted_ = false;
  }
  while (next != nullptr) {
    const std::shared_ptr<Peer> peer = std::exchange(next, next->next_)->shared_from_this();
    peer->Resume(std::move(peer->ack_));
  }
}

void Mailbox::Close() {
  const std::lock_guard lock(mutex_);
  context_ = nullptr;
  first_ = last_ = nullptr;
}

Loop::Loop(const Budgets& budgets)
    : context_(1),
      guard_(asio::make_work_guard(context_)),
      mailbox_(std::make_shared<Mailbox>(context_)),
      responder_(std::chrono::duration_cast<std::chrono::seconds>(budgets.limits.idle_deadline)),
      durations_{budgets.limits.idle_deadline,   budgets.limits.request_deadline,   Clock::duration::max(),
                 budgets.limits.answer_deadline, budgets.limits.handshake_deadline, budgets.limits.linger},
      timer_(context_) {}

Loop::~Loop() { Join(); }

void Loop::Run() {
  thread_ = std::thread([this] { Work(); });
}

// A handler that throws costs its own connection at most.
void Loop::Work() noexcept {
  for (bool troubled = false;;) {
    try {
      if (troubled) Recover();
      troubled = false;
      context_.run();
      return;
    } catch (...) {
      troubled = true;
      std::this_thread::sleep_for(kMemoryDelay);
    }
  }
}

void Loop::Recover() {
  Sweep();  // arms the timer anew
  if (recover_) recover_();
}

void Loop::Add(std::shared_ptr<Peer> peer) {
  Peer& added = *peer;
  Peers& idle = PeersOf(Phase::kIdle);
  added.place_ = idle.insert(idle.end(), std::move(peer));
  added.in_loop_ = true;
  Enter(added, Phase::kIdle);
}

void Loop::Enter(Peer& peer, Phase phase) {
  Peers& to = PeersOf(phase);
  to.splice(to.end(), PeersOf(peer.phase_), peer.place_);
  peer.phase_ = phase;
  if (phase == Phase::kParked) return;
  peer.since_ = Clock::now();
  Arm(peer.since_ + durations_[static_cast<std::size_t>(phase)]);
}

void Loop::Leave(Peer& peer) {
  if (std::exchange(peer.in_loop_, false)) PeersOf(peer.phase_).erase(peer.place_);
}

bool Loop::GiveWay(std::optional<std::uint64_t> sender) {
  std::size_t looked_at = 0;
  for (const std::shared_ptr<Peer>& idle : PeersOf(Phase::kIdle)) {
    if (++looked_at > kLookedAt) return false;
    if ((sender && idle->sender() != *sender) || !idle->IsQuiet()) continue;
    std::shared_ptr<Peer>(idle)->Close();
    return true;
  }
  return false;
}

void Loop::Arm(Clock::time_point deadline) {
  if (deadline >= armed_) return;
  armed_ = deadline;
  timer_.expires_at(deadline);
  timer_.async_wait([this](const std::error_code& error) {
    if (!error) Sweep();
  });
}

void Loop::Sweep() {
  armed_ = Clock::time_point::max();
  const Clock::time_point now = Clock::now();
  for (std::size_t i = 0; i < kPhases; ++i) {
    if (i == static_cast<std::size_t>(Phase::kParked)) continue;
    while (!peers_[i].empty() && peers_[i].front()->since_ + durations_[i] <= now) {
      const std::shared_ptr<Peer> peer = peers_[i].front();
      peer->Expire();
    }
    if (!peers_[i].empty()) Arm(peers_[i].front()->since_ + durations_[i]);
  }
}

std::uint64_t Loop::TakeBeats() {
  const std::uint64_t beats = beats_.exchange(0);
  asio::post(context_, [this] { ++beats_; });
  return beats;
}

void Loop::BeginStop() {
  stopping_ = true;
  const auto shorten = [this](Phase phase, Clock::duration limit) {
    auto& duration = durations_[static_cast<std::size_t>(phase)];
    duration = std::min(duration, limit);
    for (const std::shared_ptr<Peer>& peer : PeersOf(phase)) peer->since_ = Clock::now();
  };
  shorten(Phase::kIdle, kStopIdle);
  shorten(Phase::kReading, kStopReading);
  shorten(Phase::kHandshake, kStopReading);
  Sweep();
}

void Loop::Join() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    mailbox_->Close();
    timer_.cancel();
    for (Peers& peers : peers_) {
      while (!peers.empty()) std::shared_ptr<Peer>(peers.front())->Close();
    }
    // Behind the operations that this has cancelled.
    asio::post(context_, [this] { context_.stop(); });
  });
  thread_.join();
}

}  // namespace crmsink::http
