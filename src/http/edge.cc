#include "http/edge.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <latch>
#include <system_error>
#include <thread>
#include <utility>

#include "http/acceptor.h"
#include "http/loop.h"
#include "http/responder.h"

namespace crmsink::http {
namespace {

// What the rest of the program may have open: database, logs, standard streams, the loops themselves.
constexpr std::size_t kOtherDescriptors = 128;

// How many of the wanted connections the process may really have; asks the system for as many.
std::size_t FitDescriptors(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = wanted + Budgets::kTurnedAway + kOtherDescriptors;
  if (limit.rlim_cur < needed) {
    const rlim_t before = std::exchange(limit.rlim_cur, std::min<rlim_t>(needed, limit.rlim_max));
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  }
  if (limit.rlim_cur >= needed) return wanted;
  return std::max<std::size_t>(limit.rlim_cur, Budgets::kTurnedAway + kOtherDescriptors + 16) - Budgets::kTurnedAway -
         kOtherDescriptors;
}

Limits Fitted(Limits limits) {
  limits.connections = FitDescriptors(limits.connections);
  return limits;
}

}  // namespace

struct Edge::Impl {
  explicit Impl(const Limits& limits) : budgets(Fitted(limits)) {}

  // Acceptors and connections refer to what stands above them.
  Budgets budgets;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  bool stopped = false;

  ~Impl() {
    for (const auto& loop : loops) loop->Join();
  }
};

Edge::Edge(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Edge::~Edge() { Stop(); }

Result<std::unique_ptr<Edge>> Edge::Start(const Limits& limits, std::size_t io_threads,
                                          const std::vector<Listener>& listeners) {
  RefusalAnswer(429);  // made now, while there is memory
  auto impl = std::make_unique<Impl>(limits);
  const std::size_t threads = io_threads > 0 ? io_threads : std::max(1U, std::thread::hardware_concurrency());
  try {
    for (std::size_t i = 0; i < threads; ++i) impl->loops.push_back(std::make_unique<Loop>(impl->budgets));
    for (const Listener& listener : listeners) {
      auto acceptor = Acceptor::Bind(listener, impl->loops, impl->budgets);
      if (!acceptor) return tl::unexpected(acceptor.error());
      impl->acceptors.push_back(std::move(*acceptor));
    }
    impl->loops.front()->OnTrouble([&acceptors = impl->acceptors] {
      for (const auto& acceptor : acceptors) acceptor->Recover();
    });
    for (const auto& acceptor : impl->acceptors) {
      asio::post(impl->loops.front()->context(), [&to_start = *acceptor] { to_start.Start(); });
    }
    for (const auto& loop : impl->loops) loop->Run();
  } catch (const std::system_error& error) {
    return Fail(ErrorCode::kUnavailable, std::string("cannot start the I/O threads: ") + error.what());
  }
  return std::unique_ptr<Edge>(new Edge(std::move(impl)));
}

void Edge::Stop() {
  if (std::exchange(impl_->stopped, true)) return;
  // On the first loop's thread the connections that are still dealt out come before the word to stop, on every loop.
  std::latch accepted(1);
  asio::post(impl_->loops.front()->context(), [impl = impl_.get(), &accepted] {
    for (const auto& acceptor : impl->acceptors) acceptor->Stop();
    for (const auto& loop : impl->loops) {
      asio::post(loop->context(), [&to_stop = *loop] { to_stop.BeginStop(); });
    }
    accepted.count_down();
  });
  accepted.wait();
  const auto deadline = std::chrono::steady_clock::now() + impl_->budgets.limits.stop_grace;
  while (impl_->budgets.connections.taken() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  for (const auto& loop : impl_->loops) loop->Join();
}

std::string Edge::url(std::size_t listener) const { return impl_->acceptors.at(listener)->url(); }

std::size_t Edge::open_connections() const { return impl_->budgets.connections.taken(); }
std::size_t Edge::parked() const { return impl_->budgets.parked.taken(); }
std::size_t Edge::parked_bytes() const { return impl_->budgets.parked_bytes.taken(); }
Senders::Counters Edge::senders() const { return impl_->budgets.senders.counters(); }
std::uint64_t Edge::handshakes_failed() const { return impl_->budgets.handshakes_failed; }

std::vector<std::uint64_t> Edge::Beats() {
  std::vector<std::uint64_t> beats;
  for (const auto& loop : impl_->loops) beats.push_back(loop->TakeBeats());
  return beats;
}

}  // namespace crmsink::http
