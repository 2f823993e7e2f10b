#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/backend.h"
#include "http/exchange.h"
#include "http/senders.h"

namespace crmsink::http {

// What the edge is doing, and what it has seen.
struct EdgeFigures {
  std::size_t open_connections = 0;
  std::size_t parked = 0;
  std::size_t parked_bytes = 0;
  Senders::Counters senders;
  std::uint64_t tls_handshakes_failed = 0;
  std::uint64_t tls_reloads = 0, tls_reload_failures = 0;
  std::optional<Millis> certificate_expires_at = {};  // of the one in use; nothing without TLS
};

// What the program around the server has to say.
struct ProgramFigures {
  std::uint64_t log_lines_dropped = 0;
  std::uint64_t reloads_done = 0, reloads_failed = 0;
};

// What /metrics answers: Prometheus text. docs/metrics.md says what each one means.
[[nodiscard]] std::string MetricsText(Backend& backend, const Routes& public_routes, const EdgeFigures& edge,
                                      const ProgramFigures& program);

}  // namespace crmsink::http
