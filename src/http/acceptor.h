#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "base/result.h"
#include "http/asio.h"
#include "http/exchange.h"
#include "http/limits.h"
#include "http/listener.h"
#include "http/loop.h"

namespace crmsink::http {

// Accepts connections on one address and deals them to the loops in turn. Where descriptors or memory run out it waits
// a little before it tries again. Beyond the limit of connections, or that of one address, the longest idle one gives
// way; where there is none the new one is told 429, and beyond that simply closed.
//
// Start and Stop, and all that follows from them, run on the thread of the first loop.
class Acceptor {
 public:
  // Binds; errors as Edge::Start has them. The references outlive the acceptor.
  [[nodiscard]] static Result<std::unique_ptr<Acceptor>> Bind(const Listener& listener,
                                                              std::vector<std::unique_ptr<Loop>>& loops,
                                                              Budgets& budgets);

  void Start();

  // Goes on accepting where an exception has ended it.
  void Recover();

  // Takes what waits to be accepted, then closes. What waits at a socket that was given is left to whoever takes it
  // next.
  void Stop();

  std::string url() const;

 private:
  Acceptor(const Listener& listener, std::vector<std::unique_ptr<Loop>>& loops, Budgets& budgets);

  std::error_code Open(const asio::ip::tcp::endpoint& endpoint);
  std::error_code Take(int descriptor);
  Loop& NextLoop();
  void Accept();
  void OnAccepted(const std::error_code& error, Loop& loop, asio::ip::tcp::socket socket);
  void Deal(Loop& loop, asio::ip::tcp::socket socket);
  std::shared_ptr<Peer> MakePeer(Loop& loop, asio::ip::tcp::socket socket, const IpAddress& address,
                                 Senders::Connection counted);
  void Pause();

  const Listener listener_;
  std::vector<std::unique_ptr<Loop>>& loops_;
  Budgets& budgets_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::ip::tcp::endpoint local_;
  std::size_t next_loop_ = 0;
  bool waits_ = false;  // for a connection, or until the pause is over
};

}  // namespace crmsink::http
