#include "http/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "base/process.h"
#include "base/time.h"

namespace crmsink::http {
namespace {

using Type = prometheus::MetricType;

double Seconds(Millis millis) { return static_cast<double>(millis) / 1000; }

double Age(Millis at, Millis now) { return Seconds(std::max(now - at, Millis{0})); }

std::string_view NameOf(AckStatus outcome) {
  switch (outcome) {
    case AckStatus::kStored:
      return "stored";
    case AckStatus::kDuplicate:
      return "duplicate";
    case AckStatus::kQuarantined:
      return "quarantined";
    case AckStatus::kUnsigned:
      return "unsigned";
    case AckStatus::kHeld:
      return "held";
    case AckStatus::kBusy:
      return "busy";
    case AckStatus::kSpooled:
      break;
  }
  return "spooled";
}

// A list of metric families as prometheus-cpp wants it; the numbers are kept elsewhere and read at each scrape. One
// without a value shows its help, so that whoever writes a rule finds its name.
class Scrape {
 public:
  using Labels = std::vector<prometheus::ClientMetric::Label>;

  void Counter(std::string name, std::string help) { Begin(std::move(name), std::move(help), Type::Counter); }
  void Gauge(std::string name, std::string help) { Begin(std::move(name), std::move(help), Type::Gauge); }

  template <class Number>
  void Value(Number value, Labels labels = {}) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = metric.gauge.value = static_cast<double>(value);
    families_.back().metric.push_back(std::move(metric));
  }
  template <class Number>
  void Value(const std::optional<Number>& value, Labels labels = {}) {
    if (value) Value(*value, std::move(labels));
  }

  // `unit` observed units are one of what is shown.
  void Histogram(std::string name, std::string help, const Histogram::Snapshot& values, double unit) {
    Begin(std::move(name), std::move(help), Type::Histogram);
    prometheus::ClientMetric metric;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < values.counts.size(); ++i) {
      count += values.counts[i];
      const bool is_last = i == values.bounds.size();
      metric.histogram.bucket.push_back(
          {count, is_last ? std::numeric_limits<double>::infinity() : static_cast<double>(values.bounds[i]) / unit});
    }
    metric.histogram.sample_count = count;
    metric.histogram.sample_sum = static_cast<double>(values.sum) / unit;
    families_.back().metric.push_back(std::move(metric));
  }

  std::string Text() const { return prometheus::TextSerializer().Serialize(families_); }

 private:
  void Begin(std::string name, std::string help, Type type) {
    families_.push_back({std::move(name), std::move(help), type, {}});
  }

  std::vector<prometheus::MetricFamily> families_;
};

void AddDeliveries(const Sink::Counters& now, Scrape& scrape) {
  scrape.Counter("crmsink_deliveries_total", "Deliveries by type of their event and by outcome");
  for (const auto& line : now.by_type) {
    scrape.Value(line.deliveries, {{"type", std::string(line.type)}, {"outcome", std::string(NameOf(line.outcome))}});
  }
  scrape.Counter("crmsink_signature_failures_total", "Deliveries that were not authentic, by why");
  scrape.Value(now.signature_missing, {{"kind", "missing"}});
  scrape.Value(now.signature_malformed, {{"kind", "malformed"}});
  scrape.Value(now.signature_unknown_key, {{"kind", "unknown_key"}});
  scrape.Value(now.signature_legacy_off, {{"kind", "legacy_off"}});
}

void AddCommits(const Sink::Counters& now, Scrape& scrape) {
  scrape.Counter("crmsink_commits_total", "Group commits");
  scrape.Value(now.commits);
  scrape.Counter("crmsink_commit_failures_total", "Group commits that failed");
  scrape.Value(now.commit_failures);
  scrape.Histogram("crmsink_commit_duration_seconds", "Time that a group commit of deliveries took", now.commit_micros,
                   1e6);
  scrape.Histogram("crmsink_commit_deliveries", "Deliveries of a group commit", now.group_deliveries, 1);
  scrape.Counter("crmsink_folds_total", "Entities folded again from the log, since an event came out of order");
  scrape.Value(now.folds);
  scrape.Gauge("crmsink_queue_deliveries", "Deliveries that wait for a commit");
  scrape.Value(now.queue_deliveries);
  scrape.Gauge("crmsink_queue_limit_deliveries", "How many may wait; one more is answered 429");
  scrape.Value(now.queue_limit);
  scrape.Gauge("crmsink_queue_bytes", "Bytes of the bodies that wait for a commit");
  scrape.Value(now.queue_bytes);
}

void AddSpool(const Sink::Counters& now, Scrape& scrape) {
  scrape.Gauge("crmsink_database_away", "1 while deliveries go to the spool, since the database is away");
  scrape.Value(now.away ? 1 : 0);
  scrape.Gauge("crmsink_spool_deliveries", "Deliveries in the spool");
  scrape.Value(now.spool_deliveries);
  scrape.Gauge("crmsink_spool_bytes", "What they count for, of the spool's limit");
  scrape.Value(now.spool_bytes);
  scrape.Gauge("crmsink_spool_limit_bytes", "The spool's limit; 0 where there is no spool");
  scrape.Value(now.spool_limit_bytes);
  scrape.Gauge("crmsink_spool_oldest_seconds", "Age of the oldest delivery in the spool; 0 when there is none");
  scrape.Value(now.spool_oldest_received_at ? Age(*now.spool_oldest_received_at, SystemNow()) : 0);
  scrape.Counter("crmsink_spool_drained_total", "Deliveries brought from the spool into the database");
  scrape.Value(now.drained);
}

void AddFigures(const Sink::Figures* taken, Scrape& scrape) {
  const Sink::Figures none;
  const Sink::Figures& figures = taken != nullptr ? *taken : none;
  const auto space = [&](const std::optional<Sink::Figures::Space>& disk, const char* of,
                         std::uint64_t Sink::Figures::Space::*member) {
    if (disk) scrape.Value((*disk).*member, {{"of", of}});
  };
  scrape.Gauge("crmsink_figures_age_seconds", "Age of the figures that are looked up in the database and on its disks");
  if (taken != nullptr) scrape.Value(Age(figures.taken_at, SystemNow()));
  scrape.Gauge("crmsink_figures_complete", "1 when all of them could be looked up");
  if (taken != nullptr) scrape.Value(figures.is_complete ? 1 : 0);
  scrape.Gauge("crmsink_quarantine_rows", "Deliveries in quarantine now; counted up to 100,000");
  scrape.Value(figures.quarantine_rows);
  scrape.Gauge("crmsink_unverified_rows", "Deliveries held as unverified now");
  scrape.Value(figures.unverified_rows);
  scrape.Gauge("crmsink_schema_version", "Number of the latest migration that was applied");
  scrape.Value(figures.schema_version);
  scrape.Gauge("crmsink_database_size_bytes", "Size of the database: the file, or the schema's tables and indexes");
  scrape.Value(figures.database_bytes);
  scrape.Gauge("crmsink_wal_size_bytes", "Size of SQLite's WAL");
  scrape.Value(figures.wal_bytes);
  scrape.Gauge("crmsink_spool_file_size_bytes", "Size of the spool's file and its WAL");
  scrape.Value(figures.spool_file_bytes);
  scrape.Gauge("crmsink_disk_free_bytes", "Room left in the file system of the database and of the spool");
  space(figures.database_disk, "database", &Sink::Figures::Space::free_bytes);
  space(figures.spool_disk, "spool", &Sink::Figures::Space::free_bytes);
  scrape.Gauge("crmsink_disk_size_bytes", "Size of that file system");
  space(figures.database_disk, "database", &Sink::Figures::Space::size_bytes);
  space(figures.spool_disk, "spool", &Sink::Figures::Space::size_bytes);
}

void AddLocations(const Backend& backend, Scrape& scrape) {
  const Millis now = SystemNow();
  scrape.Gauge("crmsink_location_last_event_age_seconds",
               "Time since the latest event of a location, of the 1,000 that were heard of last");
  for (const auto& [location, at] : backend.last_events()) scrape.Value(Age(at, now), {{"location", location}});
}

void AddEdge(const Routes& routes, const EdgeFigures& edge, Scrape& scrape) {
  scrape.Counter("crmsink_http_answers_total", "Answers of the public listener by status");
  for (int status = 100; status < 600; ++status) {
    const std::uint64_t answers = routes.answers().Of(status);
    if (answers > 0 || status == 200 || status == 429) scrape.Value(answers, {{"code", std::to_string(status)}});
  }
  scrape.Histogram("crmsink_http_request_duration_seconds",
                   "Time from a webhook's last byte to its written answer; refusals before that are not in it",
                   routes.work_micros().snapshot(), 1e6);
  scrape.Gauge("crmsink_http_connections", "Open connections of all listeners");
  scrape.Value(edge.open_connections);
  scrape.Gauge("crmsink_http_parked", "Requests that wait for their outcome");
  scrape.Value(edge.parked);
  scrape.Gauge("crmsink_http_parked_bytes", "Bytes of their bodies");
  scrape.Value(edge.parked_bytes);
  scrape.Counter("crmsink_http_connections_refused_total",
                 "Connections beyond a limit, where no idle one could give way");
  scrape.Value(edge.senders.connections_refused);
  scrape.Counter("crmsink_http_connections_shed_total", "Idle connections that gave way to others");
  scrape.Value(edge.senders.connections_shed);
  scrape.Counter("crmsink_http_requests_limited_total",
                 "Deliveries answered 429 unread, since too many signatures of their sender had failed");
  scrape.Value(edge.senders.requests_limited);
}

void AddTls(const EdgeFigures& edge, Scrape& scrape) {
  scrape.Counter("crmsink_tls_handshakes_failed_total", "TLS handshakes that came to nothing");
  scrape.Value(edge.tls_handshakes_failed);
  scrape.Counter("crmsink_tls_reloads_total", "Times that certificate and key were read again");
  scrape.Value(edge.tls_reloads, {{"result", "done"}});
  scrape.Value(edge.tls_reload_failures, {{"result", "failed"}});
  scrape.Gauge("crmsink_tls_certificate_expiry_timestamp_seconds", "When the certificate expires, where there is one");
  if (edge.certificate_expires_at) scrape.Value(Seconds(*edge.certificate_expires_at));
}

void AddProgram(const ProgramFigures& program, Scrape& scrape) {
  scrape.Counter("crmsink_log_lines_dropped_total", "Lines of the log that nobody took");
  scrape.Value(program.log_lines_dropped);
  scrape.Counter("crmsink_reloads_total", "Times that SIGHUP had the configuration read again");
  scrape.Value(program.reloads_done, {{"result", "done"}});
  scrape.Value(program.reloads_failed, {{"result", "failed"}});
  scrape.Gauge("crmsink_build_info", "1; the label says which version runs");
  scrape.Value(1, {{"version", CRMSINK_VERSION}});
}

void AddProcess(Scrape& scrape) {
  const ProcessFigures process = ThisProcess();
  scrape.Counter("process_cpu_seconds_total", "Processor time of the process");
  scrape.Value(process.cpu_seconds);
  scrape.Gauge("process_start_time_seconds", "When the process started, in seconds since 1970");
  scrape.Value(process.started_at);
  scrape.Gauge("process_resident_memory_bytes", "Memory that the process really has");
  scrape.Value(process.resident_bytes);
  scrape.Gauge("process_open_fds", "Open descriptors");
  scrape.Value(process.open_descriptors);
  scrape.Gauge("process_max_fds", "How many the process may open");
  scrape.Value(process.most_descriptors);
}

}  // namespace

std::string MetricsText(Backend& backend, const Routes& public_routes, const EdgeFigures& edge,
                        const ProgramFigures& program) {
  Scrape scrape;
  const Sink::Counters now = backend.counters();
  AddDeliveries(now, scrape);
  AddCommits(now, scrape);
  scrape.Gauge("crmsink_ready", "1 while a commit can be expected to succeed, or the spool has room");
  scrape.Value(backend.Ready() ? 1 : 0);
  AddSpool(now, scrape);
  AddFigures(backend.figures().get(), scrape);
  AddLocations(backend, scrape);
  AddEdge(public_routes, edge, scrape);
  AddTls(edge, scrape);
  AddProgram(program, scrape);
  AddProcess(scrape);
  return scrape.Text();
}

}  // namespace crmsink::http
