#include "http/acceptor.h"

#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include "http/connection.h"

namespace crmsink::http {
namespace {

using Tcp = asio::ip::tcp;

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kPause{100};

// HOST:PORT, with brackets around a host that has colons.
Result<Tcp::endpoint> Resolve(asio::io_context& context, const std::string& address) {
  const auto invalid = [&](std::string_view why) {
    return Fail(ErrorCode::kInvalid, "cannot listen on '" + address + "': " + std::string(why));
  };
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return invalid("the address has the form HOST:PORT");
  std::string host = address.substr(0, colon);
  const std::string_view digits = std::string_view(address).substr(colon + 1);
  unsigned port = 0;
  const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (bad != std::errc() || end != digits.data() + digits.size() || port > 65535) {
    return invalid("the port is a number from 0 to 65535");
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  std::error_code error;
  const auto numeric = asio::ip::make_address(host, error);
  if (!error) return Tcp::endpoint(numeric, static_cast<std::uint16_t>(port));
  const auto found = Tcp::resolver(context).resolve(host, std::string(digits), Tcp::resolver::passive, error);
  if (error || found.empty()) return invalid("the host is not known: " + error.message());
  return found.begin()->endpoint();
}

}  // namespace

Acceptor::Acceptor(std::vector<std::unique_ptr<Loop>>& loops, Routes& routes, Budgets& budgets)
    : loops_(loops),
      routes_(routes),
      budgets_(budgets),
      acceptor_(loops.front()->context()),
      pause_(loops.front()->context()) {}

Result<std::unique_ptr<Acceptor>> Acceptor::Bind(const std::string& address, std::vector<std::unique_ptr<Loop>>& loops,
                                                 Routes& routes, Budgets& budgets) {
  const Result<Tcp::endpoint> endpoint = Resolve(loops.front()->context(), address);
  if (!endpoint) return tl::unexpected(endpoint.error());
  std::unique_ptr<Acceptor> made(new Acceptor(loops, routes, budgets));
  Tcp::acceptor& acceptor = made->acceptor_;
  std::error_code error;
  acceptor.open(endpoint->protocol(), error);
  // Not SO_REUSEPORT, which would let two processes share the port unnoticed.
  if (!error) acceptor.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(kBacklog, error);
  if (!error) acceptor.non_blocking(true, error);
  if (!error) made->local_ = acceptor.local_endpoint(error);
  if (error) {
    std::string message = "cannot listen on '" + address + "': " + error.message();
    if (error == asio::error::address_in_use) message += "; another process, perhaps this program, listens there";
    return Fail(ErrorCode::kUnavailable, std::move(message));
  }
  return made;
}

std::string Acceptor::url() const {
  const std::string host = local_.address().to_string();
  return "http://" + (local_.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(local_.port());
}

void Acceptor::Start() { Accept(); }

void Acceptor::Stop() {
  pause_.cancel();
  std::error_code error;
  for (int i = 0; i < kBacklog && acceptor_.is_open(); ++i) {
    Loop& loop = NextLoop();
    Tcp::socket socket = acceptor_.accept(loop.context(), error);
    if (error) break;
    Deal(loop, std::move(socket));
  }
  acceptor_.close(error);
}

Loop& Acceptor::NextLoop() { return *loops_[next_loop_++ % loops_.size()]; }

void Acceptor::Accept() {
  Loop& loop = NextLoop();
  acceptor_.async_accept(loop.context(), [this, &loop](const std::error_code& error, Tcp::socket socket) {
    OnAccepted(error, loop, std::move(socket));
  });
}

void Acceptor::OnAccepted(const std::error_code& error, Loop& loop, Tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  // A client that has gone already costs nothing; anything else is a lack of descriptors or memory, which lasts.
  if (error && error != asio::error::connection_aborted) return Pause();
  try {
    if (!error) Deal(loop, std::move(socket));
  } catch (...) {
    return Pause();
  }
  Accept();
}

void Acceptor::Deal(Loop& loop, Tcp::socket socket) {
  if (!budgets_.connections.TryTake(1)) return;
  const bool admitted = budgets_.connections.taken() <= budgets_.limits.connections;
  std::shared_ptr<Peer> peer;
  try {
    std::error_code ignored;
    socket.set_option(Tcp::no_delay(true), ignored);
    peer = std::make_shared<Connection<Tcp::socket>>(std::move(socket), loop, routes_, budgets_, admitted);
  } catch (...) {
    budgets_.connections.Return(1);
    throw;
  }
  asio::post(loop.context(), [peer] { peer->Start(); });
}

void Acceptor::Pause() {
  pause_.expires_after(kPause);
  pause_.async_wait([this](const std::error_code& error) {
    if (!error && acceptor_.is_open()) Accept();
  });
}

}  // namespace crmsink::http
