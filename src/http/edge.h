#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/exchange.h"
#include "http/limits.h"
#include "http/listener.h"

namespace crmsink::http {

// The program's side of the sockets: accepts connections, reads whole and unambiguous requests under deadlines and
// limits, and brings answers back. No thread waits for an outcome, and a slow or silent client costs a descriptor and a
// small buffer. One acceptor for each listener deals connections to the I/O threads in turn.
//
// Thread-safety: url() and the numbers from any thread; Stop from one, not an I/O thread.
class Edge {
 public:
  // Binds every address before it accepts anything. kInvalid: an address that is none; kUnavailable: one that cannot be
  // had, for example since another process listens there, or a descriptor that listens to none. The message names it.
  // Raises the process's own limit of descriptors as far as the connections need and the system lets it.
  [[nodiscard]] static Result<std::unique_ptr<Edge>> Start(const Limits& limits, std::size_t io_threads,
                                                           const std::vector<Listener>& listeners);

  // Stops as Stop does.
  ~Edge();
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  // Stops accepting, waits for the outcomes of what was taken and for its answers, at most limits.stop_grace, and
  // closes every connection. What is to bring the outcomes must be running still; one that comes too late is thrown
  // away. Idempotent.
  void Stop();

  // http://HOST:PORT of the n-th listener, with the port that it has got; https with TLS.
  std::string url(std::size_t listener) const;

  std::size_t open_connections() const;
  std::size_t parked() const;
  std::size_t parked_bytes() const;
  Senders::Counters senders() const;
  std::uint64_t handshakes_failed() const;

  // How often each I/O thread has come round since the last call of this; the first finds 0. One that is 0 although a
  // while has passed hangs. Wakes each of them once. From one thread.
  std::vector<std::uint64_t> Beats();

 private:
  struct Impl;
  explicit Edge(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink::http
