#include "http/senders.h"

#include <algorithm>
#include <random>
#include <utility>

namespace crmsink::http {
namespace {

// Beyond its limit a sender is still told so on so many connections at a time.
constexpr std::size_t kToldSo = 16;
// So long something authentic speaks for its sender: longer than a key of HighLevel's that is not known here, with
// which everything fails, should go unnoticed.
constexpr std::chrono::hours kSpeaks{24};
// Failures that were under way together may take a sender below zero: at most so many minutes' worth.
constexpr double kDeepest = 10;

std::uint64_t RandomSeed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t last = text.find_last_not_of(" \t");
  return text.substr(first, last == std::string_view::npos ? 0 : last - first + 1);
}

bool IsAuthentic(AckStatus status) {
  return status == AckStatus::kStored || status == AckStatus::kDuplicate || status == AckStatus::kQuarantined ||
         status == AckStatus::kSpooled;
}

}  // namespace

std::size_t Senders::Hash::operator()(std::uint64_t key) const {
  std::uint64_t mixed = key ^ seed;  // splitmix64
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

Senders::Connection::Connection(Connection&& other) noexcept
    : senders_(std::exchange(other.senders_, nullptr)), sender_(other.sender_), over_(other.over_) {}

Senders::Connection::~Connection() {
  if (senders_ != nullptr) senders_->Disconnect(sender_);
}

Senders::Senders(Limits limits)
    : limits_(std::move(limits)),
      hash_{RandomSeed()},
      connections_(0, hash_),
      authentic_(limits_.remembered, hash_),
      failures_(limits_.remembered, hash_) {}

bool Senders::IsTrusted(const IpAddress& address) const {
  return std::ranges::any_of(limits_.trusted_proxies,
                             [&](const Network& network) { return network.Contains(address); });
}

std::optional<Senders::Connection> Senders::Connect(const IpAddress& peer) {
  const std::uint64_t sender = peer.Sender();
  if (limits_.connections == 0 || IsTrusted(peer)) return Connection(nullptr, sender, false);
  const std::lock_guard lock(mutex_);
  std::size_t& open = connections_[sender];
  if (open >= limits_.connections + kToldSo) {
    ++counters_.connections_refused;
    return std::nullopt;
  }
  return Connection(this, sender, ++open > limits_.connections);
}

void Senders::Disconnect(std::uint64_t sender) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(sender);
  if (found != connections_.end() && --found->second == 0) connections_.erase(found);
}

// Each proxy appends whom it got the request from; what stands left of the last one that is not trusted was written by
// whoever liked to.
std::optional<std::uint64_t> Senders::SenderOf(const std::optional<IpAddress>& peer,
                                               std::string_view forwarded_for) const {
  if (!peer) return std::nullopt;
  if (!IsTrusted(*peer)) return peer->Sender();
  while (!forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const auto hop = IpAddress::Parse(Trim(forwarded_for.substr(begin)));
    if (!hop) return std::nullopt;
    if (!IsTrusted(*hop)) return hop->Sender();
    forwarded_for = forwarded_for.substr(0, begin == 0 ? 0 : comma);
  }
  return std::nullopt;
}

void Senders::Refill(Tokens& tokens, Clock::time_point now) const {
  const auto rate = static_cast<double>(limits_.failures_per_minute);
  const double minutes = std::chrono::duration<double, std::ratio<60>>(now - tokens.at).count();
  tokens.left = std::min(rate, tokens.left + std::max(minutes, 0.0) * rate);
  tokens.at = now;
}

bool Senders::MayTry(std::uint64_t sender, Clock::time_point now) {
  if (limits_.failures_per_minute == 0) return true;
  const std::lock_guard lock(mutex_);
  const Tokens* const found = failures_.Find(sender);
  if (found == nullptr) return true;
  Tokens tokens = *found;
  Refill(tokens, now);
  if (tokens.left >= 1) return true;
  const Clock::time_point* const authentic = authentic_.Find(sender);
  if (authentic != nullptr && now - *authentic < kSpeaks) return true;
  ++counters_.requests_limited;
  return false;
}

void Senders::Tried(std::uint64_t sender, const Ack& ack, Clock::time_point now) noexcept {
  if (limits_.failures_per_minute == 0) return;
  const bool failed = ack.status == AckStatus::kUnsigned || ack.status == AckStatus::kHeld || ack.unverified;
  if (!failed && !IsAuthentic(ack.status)) return;
  try {
    const std::lock_guard lock(mutex_);
    if (!failed) {
      authentic_.Touch(sender, now) = now;
      return;
    }
    const auto rate = static_cast<double>(limits_.failures_per_minute);
    Tokens& tokens = failures_.Touch(sender, {rate, now});
    Refill(tokens, now);
    tokens.left = std::max(tokens.left - 1, -kDeepest * rate);
  } catch (...) {
    // No memory to remember it in.
  }
}

void Senders::CountRefused() {
  const std::lock_guard lock(mutex_);
  ++counters_.connections_refused;
}

void Senders::CountShed() {
  const std::lock_guard lock(mutex_);
  ++counters_.connections_shed;
}

Senders::Counters Senders::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace crmsink::http
