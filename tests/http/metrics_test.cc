// /metrics of a server with a whole sink behind it, on each backend.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "http/server.h"
#include "raw_client.h"
#include "sink.h"
#include "support/temp_folder.h"
#include "support/test_database.h"

namespace crmsink::http {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class MetricsTest : public testing::TestWithParam<DatabaseUrl::Backend> {
 protected:
  void TearDown() override { Close(); }

  void Serve(bool signature_required = false) {
    Serve(Sink::Options{.database = database_->url(), .signature_required = signature_required});
  }

  void Serve(Sink::Options given) {
    auto sink = Sink::Open(std::move(given));
    ASSERT_TRUE(sink) << sink.error().message;
    sink_ = *std::move(sink);
    Server::Options options;
    options.listen = options.admin_listen = "127.0.0.1:0";
    options.io_threads = 2;
    options.program = [] { return ProgramFigures{.log_lines_dropped = 3, .reloads_done = 4, .reloads_failed = 5}; };
    auto server = Server::Start(options, *sink_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
  }

  void Close() {
    server_.reset();
    sink_.reset();
  }

  int Post(const std::string& body, const std::string& fields = "", const std::string& path = "/webhooks") {
    return Ask(server_->url(), "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + fields +
                                   "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body)
        .status;
  }

  std::string Metrics() { return Ask(server_->admin_url(), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").body; }

  // Once the figures of the database were looked up.
  std::string WholeMetrics() { return MetricsWith("\ncrmsink_figures_complete 1\n"); }

  // Once this stands in them, or after ten seconds.
  std::string MetricsWith(const std::string& line) {
    std::string text = Metrics();
    for (int i = 0; i < 1000 && text.find(line) == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      text = Metrics();
    }
    return text;
  }

  static RawAnswer Ask(const std::string& url, const std::string& request) {
    RawClient client(url);
    client.Send(request);
    return client.Receive();
  }

  static std::string Contact(const std::string& event, const std::string& members = "") {
    return R"({"type":"ContactUpdate","id":"c1","locationId":"loc1","webhookId":")" + event + "\"" + members + "}";
  }

  std::unique_ptr<TestDatabase> database_ = TestDatabase::Make(GetParam());
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<Server> server_;
};

TEST_P(MetricsTest, CountsDeliveriesByTypeAndOutcome) {
  Serve();
  EXPECT_EQ(Post(Contact("w1", R"(,"timestamp":"2026-01-02T00:00:00Z")")), 200);
  EXPECT_EQ(Post(Contact("w1", R"(,"timestamp":"2026-01-02T00:00:00Z")")), 200);
  EXPECT_EQ(Post(Contact("w2", R"(,"timestamp":"2026-01-01T00:00:00Z")")), 200);
  EXPECT_EQ(Post(R"({"type":"MoonLanding","webhookId":"w3"})"), 200);
  EXPECT_EQ(Post("no json"), 200);
  // An answer counts as written a moment after it has come.
  const std::string text = MetricsWith("crmsink_http_request_duration_seconds_count 5\n");
  for (const char* line :
       {"crmsink_deliveries_total{type=\"ContactUpdate\",outcome=\"stored\"} 2\n",
        "crmsink_deliveries_total{type=\"ContactUpdate\",outcome=\"duplicate\"} 1\n",
        "crmsink_deliveries_total{type=\"other\",outcome=\"stored\"} 1\n",
        "crmsink_deliveries_total{type=\"other\",outcome=\"quarantined\"} 1\n", "crmsink_commits_total 5\n",
        "crmsink_commit_duration_seconds_count 5\n", "crmsink_commit_duration_seconds_bucket{le=\"+Inf\"} 5\n",
        "crmsink_commit_deliveries_sum 5\n", "crmsink_commit_deliveries_bucket{le=\"1\"} 5\n",
        "crmsink_folds_total 1\n", "crmsink_http_answers_total{code=\"200\"} 5\n",
        "crmsink_http_answers_total{code=\"429\"} 0\n", "crmsink_http_request_duration_seconds_count 5\n",
        "crmsink_http_request_duration_seconds_bucket{le=\"0.001\"} "}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("MoonLanding")));
}

TEST_P(MetricsTest, ShowsWhatIsKeptAsideAndHowLargeItAllIs) {
  Serve();
  EXPECT_EQ(Post("no json"), 200);
  EXPECT_EQ(Post("none either"), 200);
  database_->Execute("INSERT INTO unverified (digest, reason, source, received_at, path, payload) VALUES (" +
                     database_->RandomBytes() + ", 'r', 'webhook', '2026-01-01 00:00:00.000', '/', " +
                     database_->BytesOf("x") + ")");
  const std::string text = WholeMetrics();
  EXPECT_THAT(text, HasSubstr("\ncrmsink_quarantine_rows 2\n"));
  EXPECT_THAT(text, HasSubstr("\ncrmsink_unverified_rows 1\n"));
  EXPECT_THAT(text, ContainsRegex("\ncrmsink_database_size_bytes [1-9][0-9]{4,}\n"));
  EXPECT_THAT(text, ContainsRegex("\ncrmsink_schema_version [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\ncrmsink_figures_age_seconds [0-9]"));
  const bool is_file = GetParam() == DatabaseUrl::Backend::kSqlite;
  EXPECT_EQ(text.find("\ncrmsink_wal_size_bytes ") != std::string::npos, is_file);
  EXPECT_EQ(text.find("\ncrmsink_disk_free_bytes{of=\"database\"} ") != std::string::npos, is_file);
}

TEST_P(MetricsTest, KnowsEachLocationsLastEventAlsoOfBefore) {
  Serve();
  EXPECT_EQ(Post(Contact("w1")), 200);
  EXPECT_THAT(Metrics(), ContainsRegex("\ncrmsink_location_last_event_age_seconds\\{location=\"loc1\"\\} [0-9]"));
  Close();
  const std::string day = FormatDay(DayOf(SystemNow()) - 2);
  database_->Execute(
      "INSERT INTO event_counts (day, source, location_id, type, writer, events, last_received_at) VALUES "
      "('" +
      day + "', 'webhook', 'before', 'ContactCreate', 'w', 3, '" + day + " 12:00:00.000')");
  Serve();
  const std::string text = WholeMetrics();
  EXPECT_THAT(text, ContainsRegex("\\{location=\"loc1\"\\} [0-9]"));
  EXPECT_THAT(text, ContainsRegex("\\{location=\"before\"\\} [0-9]{6}"));
}

TEST_P(MetricsTest, CountsSignatureFailuresByKind) {
  Serve(true);
  const std::string unknown(86, 'A');
  EXPECT_EQ(Post(Contact("w1")), 401);
  EXPECT_EQ(Post(Contact("w1"), "X-GHL-Signature: nonsense!\r\n"), 401);
  EXPECT_EQ(Post(Contact("w1"), "X-GHL-Signature: " + unknown + "==\r\n"), 401);
  EXPECT_EQ(Post(Contact("w1"), "X-GHL-Signature: " + unknown + "==\r\n"), 401);
  EXPECT_EQ(Post(Contact("w2"), "X-WH-Signature: " + std::string(342, 'A') + "==\r\n"), 401);
  const std::string text = Metrics();
  for (const char* line :
       {"{kind=\"missing\"} 1\n", "{kind=\"malformed\"} 1\n", "{kind=\"unknown_key\"} 2\n", "{kind=\"legacy_off\"} 1\n",
        "{type=\"other\",outcome=\"held\"} 3\n", "{type=\"other\",outcome=\"unsigned\"} 2\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST_P(MetricsTest, ShowsTheProgramAndTheProcess) {
  Serve();
  const std::string text = Metrics();
  for (const char* line : {"crmsink_log_lines_dropped_total 3\n", "crmsink_reloads_total{result=\"done\"} 4\n",
                           "crmsink_reloads_total{result=\"failed\"} 5\n", "crmsink_build_info{version=\"",
                           "# TYPE crmsink_tls_certificate_expiry_timestamp_seconds gauge\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("\ncrmsink_tls_certificate_expiry_timestamp_seconds ")));
  for (const char* name : {"cpu_seconds_total", "start_time_seconds", "resident_memory_bytes", "open_fds", "max_fds"}) {
    EXPECT_THAT(text, ContainsRegex(std::string("\nprocess_") + name + " [0-9.]*[1-9]"));
  }
}

TEST_P(MetricsTest, HoldsNobodysDataWhereverItCame) {
  const std::string who = "Wilhelmina";
  Serve();
  const std::string members = R"(,"firstName":"Wilhelmina","email":"Wilhelmina@example.org","tags":["Wilhelmina"])";
  EXPECT_EQ(Post(Contact("w1", members)), 200);
  EXPECT_EQ(Post(Contact("w1", members + " ")), 200);
  EXPECT_EQ(Post(Contact(who)), 200);
  EXPECT_EQ(Post(R"({"type":"Wilhelmina","id":"Wilhelmina","webhookId":"w2"})"), 200);
  EXPECT_EQ(Post(R"({"type":"ContactCreate","id":"c2","webhookId":"w3","locationId":"Wilhelmina@example.org"})"), 200);
  EXPECT_EQ(Post(R"({"type":"ContactCreate","id":"Wilhelmina","webhookId":"w4","companyId":"Wilhelmina"})"), 200);
  EXPECT_EQ(Post("{\"Wilhelmina\""), 200);
  EXPECT_EQ(Post(R"({"firstName":"Wilhelmina"})"), 200);
  EXPECT_EQ(Post(Contact("w5"), "X-Name: Wilhelmina\r\nX-GHL-Signature: Wilhelmina\r\n", "/Wilhelmina/webhooks"), 200);
  EXPECT_EQ(Post(Contact("w6"), "", "/webhooks/Wilhelmina?Wilhelmina"), 200);
  EXPECT_EQ(Post(Contact("w7"), "", "/Wilhelmina"), 404);
  const std::string text = WholeMetrics();
  EXPECT_THAT(text, Not(HasSubstr(who)));
  EXPECT_THAT(text, Not(HasSubstr("example.org")));
  EXPECT_THAT(text, HasSubstr("location=\"loc1\""));
}

TEST_P(MetricsTest, ADatabaseThatIsAwayLeavesTheRest) {
  if (GetParam() == DatabaseUrl::Backend::kSqlite) return;  // it is never away
  const TempFolder folder;
  Serve({.database = "postgresql://nobody@127.0.0.1:1/none",
         .signature_required = false,
         .spool_enabled = true,
         .spool_file = folder.File("spool.db")});
  EXPECT_EQ(Post(Contact("w1")), 200);
  const std::string text = MetricsWith("\ncrmsink_figures_complete 0\n");
  for (const char* line : {"crmsink_figures_complete 0\n", "crmsink_database_away 1\n", "crmsink_spool_deliveries 1\n",
                           "crmsink_spool_limit_bytes 1073741824\n", "{type=\"ContactUpdate\",outcome=\"spooled\"} 1\n",
                           "crmsink_ready 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, ContainsRegex("\ncrmsink_spool_file_size_bytes [1-9]"));
  EXPECT_THAT(text, ContainsRegex("\ncrmsink_disk_free_bytes\\{of=\"spool\"\\} [1-9]"));
  EXPECT_THAT(text, Not(HasSubstr("\ncrmsink_quarantine_rows ")));
}

CRMSINK_ON_EACH_BACKEND(MetricsTest);

}  // namespace
}  // namespace crmsink::http
