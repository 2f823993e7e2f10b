#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/backend.h"
#include "http/limits.h"
#include "http/metrics.h"

namespace crmsink::http {

// The HTTP side of the program: the public listener with the webhooks, and the admin listener.
//
// Thread-safety: all methods from any thread, but IsAlive and Stop each from one.
class Server {
 public:
  struct Options {
    // HOST:PORT; port 0 takes a free one.
    std::string listen = "127.0.0.1:8080";
    // Empty: none.
    std::string admin_listen = "127.0.0.1:8081";
    // 0: one for each core.
    std::size_t io_threads = 0;
    // Sockets that listen already, in place of the addresses; see Listener. -1: none.
    int listen_descriptor = -1;
    int admin_descriptor = -1;
    // Files in PEM with which `listen` speaks TLS; both or neither. `on_tls_reload` is called, from any thread, for
    // each time that they were read again: they are when they change, and by ReloadTls.
    std::string tls_certificate;
    std::string tls_key;
    std::function<void(const Result<Millis>& expires_at)> on_tls_reload;
    Limits limits;
    // Answer GET /healthz on the public listener too.
    bool healthz = true;
    // For benchmarks only: POST /noop is answered 200 at once, as the measure of what the edge itself costs.
    bool noop = false;
    // What /metrics says of the program, called from any thread; empty: nothing.
    std::function<ProgramFigures()> program = {};
  };

  // Accepts requests from its return on. The sink must outlive the server, and be closed after Stop. kInvalid: an
  // address that is none, or a certificate or key that cannot be used; kUnavailable: an address that cannot be had; the
  // message names it.
  [[nodiscard]] static Result<std::unique_ptr<Server>> Start(const Options& options, Sink& sink);

  // The same on something else than a Sink.
  [[nodiscard]] static Result<std::unique_ptr<Server>> Start(const Options& options, std::unique_ptr<Backend> backend);

  // Stops as Stop does.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // For example http://127.0.0.1:8080, https with TLS, with the port that it has got. Empty: no such listener.
  std::string url() const;
  std::string admin_url() const;

  EdgeFigures edge_figures() const;

  // When the certificate that is in use ends; nothing without TLS.
  std::optional<Millis> tls_expires_at() const;
  // Reads certificate and key again; without success those in use stay. Without TLS it does nothing.
  Result<void> ReloadTls();
  // The same where the files have changed.
  void CheckTls();

  // True unless an I/O thread has not come round since the last call, or a writer has done nothing with what waits for
  // it. To be called from one thread, at intervals in which either must get somewhere; the first says true.
  [[nodiscard]] bool IsAlive();

  // Stops accepting, finishes what was taken (at most limits.stop_grace) and closes every connection. Idempotent.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink::http
