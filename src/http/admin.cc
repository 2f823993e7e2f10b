#include "http/admin.h"

#include <httplib.h>

#include "http/answers.h"

namespace crmsink::http {
namespace {

enum Route : int { kHealth, kReady, kMetrics, kOtherMethod, kNowhere };

}  // namespace

int AdminRoutes::Classify(const Request& request) {
  int route = kNowhere;
  if (request.path == "/healthz") route = kHealth;
  if (request.path == "/readyz") route = kReady;
  if (request.path == "/metrics") route = kMetrics;
  return route != kNowhere && !IsRead(request) ? kOtherMethod : route;
}

bool AdminRoutes::IsWork(const Exchange&) { return false; }

void AdminRoutes::Begin(Exchange&, std::function<void(Ack)> done) { done(Ack{}); }

void AdminRoutes::Render(const Exchange& exchange, httplib::Response& response) {
  switch (exchange.route) {
    case kHealth:
      return RenderStatus(200, "ok", response);
    case kReady:
      return RenderReady(response);
    case kMetrics:
      return response.set_content(Metrics(), "text/plain; version=0.0.4");
    case kOtherMethod:
      return RenderReadOnly(response);
    default:
      return RenderError(404, "nothing is here", response);
  }
}

void AdminRoutes::RenderReady(httplib::Response& response) const {
  if (!backend_.Ready()) return RenderStatus(503, "not ready", response);
  RenderStatus(200, backend_.counters().away ? "ready, spooling: the database is away" : "ready", response);
}

std::string AdminRoutes::Metrics() const {
  return MetricsText(backend_, public_routes_, edge_(), program_ ? program_() : ProgramFigures{});
}

// The operator's own mistakes are no refusals of deliveries.
void AdminRoutes::CountRefusal(int, std::string_view) {}

}  // namespace crmsink::http
