#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/backend.h"
#include "http/limits.h"
#include "http/metrics.h"

namespace crmsink::http {

// The HTTP side of the program: the public listener with the webhooks, and the admin listener.
//
// Thread-safety: url() and admin_url() from any thread; Stop from one.
class Server {
 public:
  struct Options {
    // HOST:PORT; port 0 takes a free one.
    std::string listen = "127.0.0.1:8080";
    // Empty: none.
    std::string admin_listen = "127.0.0.1:8081";
    // 0: one for each core.
    std::size_t io_threads = 0;
    Limits limits;
    // Answer GET /healthz on the public listener too.
    bool healthz = true;
    // For benchmarks only: POST /noop is answered 200 at once, as the measure of what the edge itself costs.
    bool noop = false;
    // What /metrics says of the program, called from any thread; empty: nothing.
    std::function<ProgramFigures()> program = {};
  };

  // Accepts requests from its return on. The sink must outlive the server, and be closed after Stop. kInvalid: an
  // address that is none; kUnavailable: one that cannot be had; the message names it.
  [[nodiscard]] static Result<std::unique_ptr<Server>> Start(const Options& options, Sink& sink);

  // The same on something else than a Sink.
  [[nodiscard]] static Result<std::unique_ptr<Server>> Start(const Options& options, std::unique_ptr<Backend> backend);

  // Stops as Stop does.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // For example http://127.0.0.1:8080, with the port that it has got. Empty: no such listener.
  std::string url() const;
  std::string admin_url() const;

  // Stops accepting, finishes what was taken (at most limits.stop_grace) and closes every connection. Idempotent.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink::http
