#include "http/acceptor.h"

#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "http/connection.h"
#include "http/tls_context.h"
#include "http/tls_stream.h"

namespace crmsink::http {
namespace {

using Tcp = asio::ip::tcp;

constexpr int kBacklog = 1024;
constexpr std::chrono::milliseconds kPause{100};

IpAddress AddressOf(const Tcp::endpoint& endpoint) {
  const asio::ip::address address = endpoint.address();
  return IpAddress(address.is_v6() ? address.to_v6().to_bytes()
                                   : asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes());
}

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

Acceptor::Acceptor(const Listener& listener, std::vector<std::unique_ptr<Loop>>& loops, Budgets& budgets)
    : listener_(listener),
      loops_(loops),
      budgets_(budgets),
      acceptor_(loops.front()->context()),
      pause_(loops.front()->context()) {}

std::error_code Acceptor::Open(const Tcp::endpoint& endpoint) {
  std::error_code error;
  acceptor_.open(endpoint.protocol(), error);
  // Not SO_REUSEPORT, which would let two processes share the port unnoticed.
  if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(kBacklog, error);
  return error;
}

std::error_code Acceptor::Take(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  int listens = 0;
  socklen_t listens_size = sizeof listens;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_size) != 0) {
    return {errno, std::system_category()};
  }
  if (listens == 0) return std::make_error_code(std::errc::invalid_argument);
  const bool is_v6 = address.ss_family == AF_INET6;
  if (!is_v6 && address.ss_family != AF_INET) return std::make_error_code(std::errc::address_family_not_supported);
  std::error_code error;
  acceptor_.assign(is_v6 ? Tcp::v6() : Tcp::v4(), descriptor, error);
  return error;
}

Result<std::unique_ptr<Acceptor>> Acceptor::Bind(const Listener& listener, std::vector<std::unique_ptr<Loop>>& loops,
                                                 Budgets& budgets) {
  std::unique_ptr<Acceptor> made(new Acceptor(listener, loops, budgets));
  std::error_code error;
  if (listener.descriptor >= 0) {
    error = made->Take(listener.descriptor);
  } else {
    const Result<Tcp::endpoint> endpoint = Resolve(loops.front()->context(), listener.address);
    if (!endpoint) return tl::unexpected(endpoint.error());
    error = made->Open(*endpoint);
  }
  if (!error) made->acceptor_.non_blocking(true, error);
  if (!error) made->local_ = made->acceptor_.local_endpoint(error);
  if (!error) return made;
  const std::string where =
      listener.descriptor >= 0 ? "descriptor " + std::to_string(listener.descriptor) : "'" + listener.address + "'";
  std::string message = "cannot listen on " + where + ": " + error.message();
  if (listener.descriptor >= 0) message += "; it must be a stream socket of IPv4 or IPv6 that listens";
  if (error == asio::error::address_in_use) message += "; another process, perhaps this program, listens there";
  return Fail(ErrorCode::kUnavailable, std::move(message));
}

std::string Acceptor::url() const {
  const std::string host = local_.address().to_string();
  return (listener_.tls == nullptr ? "http://" : "https://") + (local_.address().is_v6() ? "[" + host + "]" : host) +
         ":" + std::to_string(local_.port());
}

void Acceptor::Start() { Accept(); }

void Acceptor::Recover() {
  if (acceptor_.is_open() && !waits_) Accept();
}

void Acceptor::Stop() {
  pause_.cancel();
  std::error_code error;
  const int waiting = listener_.descriptor >= 0 ? 0 : kBacklog;
  for (int i = 0; i < waiting && acceptor_.is_open(); ++i) {
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
  waits_ = true;
}

void Acceptor::OnAccepted(const std::error_code& error, Loop& loop, Tcp::socket socket) {
  waits_ = false;
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
  std::error_code error;
  const Tcp::endpoint remote = socket.remote_endpoint(error);
  if (error) return;  // it has gone
  if (!budgets_.connections.TryTake(1)) return budgets_.senders.CountRefused();
  std::shared_ptr<Peer> peer;
  bool is_over = false;
  try {
    const IpAddress address = AddressOf(remote);
    auto counted = budgets_.senders.Connect(address);
    if (!counted) return budgets_.connections.Return(1);
    is_over = counted->is_over();
    socket.set_option(Tcp::no_delay(true), error);
    peer = MakePeer(loop, std::move(socket), address, *std::move(counted));
  } catch (...) {
    budgets_.connections.Return(1);
    throw;
  }
  const bool is_full = budgets_.connections.taken() > budgets_.limits.connections;
  asio::post(loop.context(), [peer, is_over, is_full, &loop, &senders = budgets_.senders] {
    if (!is_over && !is_full) return peer->Start(true);
    const bool gave_way = loop.GiveWay(is_over ? std::optional(peer->sender()) : std::nullopt);
    gave_way ? senders.CountShed() : senders.CountRefused();
    peer->Start(gave_way);
  });
}

std::shared_ptr<Peer> Acceptor::MakePeer(Loop& loop, Tcp::socket socket, const IpAddress& address,
                                         Senders::Connection counted) {
  Routes& routes = *listener_.routes;
  if (listener_.tls == nullptr) {
    return std::make_shared<Connection<Tcp::socket>>(std::move(socket), address, std::move(counted), loop, routes,
                                                     budgets_);
  }
  listener_.tls->CheckFiles();
  return std::make_shared<Connection<TlsStream>>(TlsStream(std::move(socket), listener_.tls->Current()), address,
                                                 std::move(counted), loop, routes, budgets_);
}

void Acceptor::Pause() {
  pause_.expires_after(kPause);
  pause_.async_wait([this](const std::error_code& error) {
    waits_ = false;
    if (!error && acceptor_.is_open()) Accept();
  });
  waits_ = true;
}

}  // namespace crmsink::http
