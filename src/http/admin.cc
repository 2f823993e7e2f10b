#include "http/admin.h"

#include <httplib.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "http/answers.h"

namespace crmsink::http {
namespace {

enum Route : int { kHealth, kReady, kMetrics, kOtherMethod, kNowhere };

// A list of metric families as prometheus-cpp wants it; the numbers are kept elsewhere and read at each scrape.
class Scrape {
 public:
  void Counter(const std::string& name, const std::string& help) { Begin(name, help, prometheus::MetricType::Counter); }
  void Gauge(const std::string& name, const std::string& help) { Begin(name, help, prometheus::MetricType::Gauge); }

  void Value(std::uint64_t value, const std::string& label = "", const std::string& label_value = "") {
    prometheus::ClientMetric metric;
    if (!label.empty()) metric.label.push_back({label, label_value});
    metric.counter.value = metric.gauge.value = static_cast<double>(value);
    families_.back().metric.push_back(std::move(metric));
  }

  std::string Text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  void Begin(const std::string& name, const std::string& help, prometheus::MetricType type) {
    families_.push_back({name, help, type, {}});
  }

  std::vector<prometheus::MetricFamily> families_;
};

void AddSpool(const Sink::Counters& now, Scrape& scrape) {
  const Millis oldest = now.spool_oldest_received_at ? SystemNow() - *now.spool_oldest_received_at : 0;
  scrape.Gauge("crmsink_database_away", "1 while deliveries go to the spool, since the database is away");
  scrape.Value(now.away ? 1 : 0);
  scrape.Gauge("crmsink_spool_deliveries", "Deliveries in the spool");
  scrape.Value(now.spool_deliveries);
  scrape.Gauge("crmsink_spool_bytes", "What they count for, of the spool's limit");
  scrape.Value(now.spool_bytes);
  scrape.Gauge("crmsink_spool_oldest_seconds", "Age of the oldest one; 0 when there is none");
  scrape.Value(static_cast<std::uint64_t>(std::max(oldest, Millis{0}) / 1000));
  scrape.Counter("crmsink_spool_drained_total", "Deliveries brought from the spool into the database");
  scrape.Value(now.drained);
}

void AddBackend(const Backend& backend, Scrape& scrape) {
  const Sink::Counters now = backend.counters();
  scrape.Counter("crmsink_deliveries_total", "Deliveries by outcome");
  scrape.Value(now.stored, "outcome", "stored");
  scrape.Value(now.duplicate, "outcome", "duplicate");
  scrape.Value(now.quarantined, "outcome", "quarantined");
  scrape.Value(now.unsigned_, "outcome", "unsigned");
  scrape.Value(now.held, "outcome", "held");
  scrape.Value(now.busy, "outcome", "busy");
  scrape.Value(now.spooled, "outcome", "spooled");
  scrape.Counter("crmsink_commits_total", "Group commits");
  scrape.Value(now.commits);
  scrape.Counter("crmsink_commit_failures_total", "Group commits that failed");
  scrape.Value(now.commit_failures);
  scrape.Counter("crmsink_folds_total", "Entities folded again from the log");
  scrape.Value(now.folds);
  scrape.Gauge("crmsink_queue_deliveries", "Deliveries that wait for a commit");
  scrape.Value(now.queue_deliveries);
  scrape.Gauge("crmsink_queue_bytes", "Bytes of their bodies");
  scrape.Value(now.queue_bytes);
  scrape.Gauge("crmsink_ready", "1 while a commit can be expected to succeed, or the spool has room");
  scrape.Value(backend.Ready() ? 1 : 0);
  AddSpool(now, scrape);
}

void AddEdge(const AnswerCounts& answers, const AdminRoutes::Traffic& traffic, Scrape& scrape) {
  scrape.Counter("crmsink_http_answers_total", "Answers of the public listener by status");
  for (int status = 100; status < 600; ++status) {
    if (answers.Of(status) > 0) scrape.Value(answers.Of(status), "code", std::to_string(status));
  }
  scrape.Gauge("crmsink_http_connections", "Open connections of all listeners");
  scrape.Value(traffic.open_connections);
  scrape.Gauge("crmsink_http_parked", "Requests that wait for their outcome");
  scrape.Value(traffic.parked);
  scrape.Gauge("crmsink_http_parked_bytes", "Bytes of their bodies");
  scrape.Value(traffic.parked_bytes);
}

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
  Scrape scrape;
  AddBackend(backend_, scrape);
  AddEdge(public_routes_.answers(), traffic_(), scrape);
  return scrape.Text();
}

// The operator's own mistakes are no refusals of deliveries.
void AdminRoutes::CountRefusal(int, std::string_view) {}

}  // namespace crmsink::http
