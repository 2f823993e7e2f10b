#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "http/backend.h"
#include "http/exchange.h"
#include "http/metrics.h"

namespace crmsink::http {

// What the operator's own machines can reach, on a listener of its own: GET /healthz (the program lives), /readyz (it
// can keep a delivery now: 200, also while it goes to the spool; else 503, the only 5xx that there is) and /metrics
// (Prometheus text).
class AdminRoutes final : public Routes {
 public:
  // The backend and the public routes outlive this one; the functions are called from any thread. An empty `program`:
  // there is none.
  AdminRoutes(Backend& backend, const Routes& public_routes, std::function<EdgeFigures()> edge,
              std::function<ProgramFigures()> program)
      : backend_(backend), public_routes_(public_routes), edge_(std::move(edge)), program_(std::move(program)) {}

  int Classify(const Request& request) override;
  bool IsWork(const Exchange& exchange) override;
  void Begin(Exchange& exchange, std::function<void(Ack)> done) override;
  void Render(const Exchange& exchange, httplib::Response& response) override;
  void CountRefusal(int status, std::string_view path) override;

 private:
  void RenderReady(httplib::Response& response) const;
  std::string Metrics() const;

  Backend& backend_;
  const Routes& public_routes_;
  const std::function<EdgeFigures()> edge_;
  const std::function<ProgramFigures()> program_;
};

}  // namespace crmsink::http
