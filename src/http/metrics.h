#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "http/backend.h"
#include "http/exchange.h"

namespace crmsink::http {

// What the public listener is doing now.
struct Traffic {
  std::size_t open_connections = 0;
  std::size_t parked = 0;
  std::size_t parked_bytes = 0;
};

// What the program around the server has to say.
struct ProgramFigures {
  std::uint64_t log_lines_dropped = 0;
  std::uint64_t reloads_done = 0, reloads_failed = 0;
  std::optional<Millis> certificate_expires_at = {};
};

// What /metrics answers: Prometheus text. docs/metrics.md says what each one means.
[[nodiscard]] std::string MetricsText(Backend& backend, const Routes& public_routes, const Traffic& traffic,
                                      const ProgramFigures& program);

}  // namespace crmsink::http
