#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/asio.h"
#include "http/exchange.h"
#include "http/limits.h"
#include "http/loop.h"

namespace crmsink::http {

// Accepts connections on one address and deals them to the loops in turn. Where descriptors or memory run out it waits
// a little before it tries again; what is beyond the limit of connections is told 429, and beyond that simply closed.
//
// Start and Stop, and all that follows from them, run on the thread of the first loop.
class Acceptor {
 public:
  // Binds; errors as Edge::Start has them. The references outlive the acceptor.
  [[nodiscard]] static Result<std::unique_ptr<Acceptor>> Bind(const std::string& address,
                                                              std::vector<std::unique_ptr<Loop>>& loops, Routes& routes,
                                                              Budgets& budgets);

  void Start();

  // Takes what waits to be accepted, then closes.
  void Stop();

  std::string url() const;

 private:
  Acceptor(std::vector<std::unique_ptr<Loop>>& loops, Routes& routes, Budgets& budgets);

  Loop& NextLoop();
  void Accept();
  void OnAccepted(const std::error_code& error, Loop& loop, asio::ip::tcp::socket socket);
  void Deal(Loop& loop, asio::ip::tcp::socket socket);
  void Pause();

  std::vector<std::unique_ptr<Loop>>& loops_;
  Routes& routes_;
  Budgets& budgets_;
  asio::ip::tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  asio::ip::tcp::endpoint local_;
  std::size_t next_loop_ = 0;
};

}  // namespace crmsink::http
