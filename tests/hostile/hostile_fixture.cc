#include "hostile/hostile_fixture.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "replay/verify.h"

namespace crmsink::hostile {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::chrono::seconds kHonestPatience{15};
#else
constexpr std::chrono::seconds kHonestPatience{1};
#endif

}  // namespace

HostileTest::HostileTest() {
  options_.database = "sqlite:" + file_;
  options_.builtin_keys = false;
  options_.extra_keys = {signer_.Pem()};
  options_.clock = [this] { return now_.load(); };
}

HostileTest::~HostileTest() {
  if (server_ != nullptr) server_->Stop();
  if (sink_ != nullptr) sink_->Close();
}

void HostileTest::Serve() {
  auto sink = Sink::Open(options_);
  ASSERT_TRUE(sink) << sink.error().message;
  sink_ = *std::move(sink);
  http::Server::Options server_options;
  server_options.listen = "127.0.0.1:0";
  server_options.admin_listen = "";
  server_options.io_threads = 2;
  auto server = http::Server::Start(server_options, *sink_);
  ASSERT_TRUE(server) << server.error().message;
  server_ = *std::move(server);
}

std::string HostileTest::Request(std::string_view body, const std::string& path, const std::string& fields) const {
  return RequestSigned(body, "X-GHL-Signature: " + signer_.Sign(body) + "\r\n", path, fields);
}

std::string HostileTest::RequestSigned(std::string_view body, const std::string& signatures, const std::string& path,
                                       const std::string& fields) const {
  std::string request = "POST " + path + " HTTP/1.1\r\nHost: crm.example.com\r\n" + signatures + fields +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return request.append(body);
}

http::RawAnswer HostileTest::Ask(const std::string& request) const {
  http::RawClient client = Connect();
  client.Send(request);
  return client.Receive(std::chrono::seconds(60));
}

void HostileTest::Deliver(const std::string& request, const std::string& body, Kept kept, int status) {
  const http::RawAnswer answer = Ask(request);
  EXPECT_EQ(answer.status, status) << answer.body;
  if (kept == Kept::kLog) {
    EXPECT_TRUE(answer.body.starts_with(R"({"status":"stored")")) << answer.body;
  }
  if (kept == Kept::kDuplicate) {
    EXPECT_TRUE(answer.body.starts_with(R"({"status":"duplicate")")) << answer.body;
  }
  if (kept == Kept::kQuarantine) {
    EXPECT_EQ(answer.body, R"({"status":"quarantined","event_id":null})");
  }
  ExpectPlace(body, kept);
}

int HostileTest::Count(const std::string& table, const std::string& body, const std::string& more) const {
  SQLite::Database db(file_);
  SQLite::Statement count(db, "SELECT count(*) FROM " + table + " WHERE CAST(payload AS BLOB) = ?" + more);
  count.bind(1, body.data() == nullptr ? "" : body.data(), static_cast<int>(body.size()));
  count.executeStep();
  return count.getColumn(0).getInt();
}

void HostileTest::ExpectPlace(const std::string& body, Kept kept) const {
  EXPECT_EQ(Count("events", body), kept == Kept::kLog || kept == Kept::kDuplicate ? 1 : 0) << "in the log";
  EXPECT_EQ(Count("quarantine", body, " AND length(reason) > 10"), kept == Kept::kQuarantine ? 1 : 0)
      << "in the quarantine";
  EXPECT_EQ(Count("unverified", body, " AND length(reason) > 10"), kept == Kept::kUnverified ? 1 : 0)
      << "in unverified";
}

std::string HostileTest::Cell(const std::string& sql) const {
  SQLite::Database db(file_);
  SQLite::Statement select(db, sql);
  if (!select.executeStep()) return "no row";
  const SQLite::Column value = select.getColumn(0);
  return value.isNull() ? "NULL" : value.getString();
}

void HostileTest::ExpectCells(const std::vector<Check>& checks) const {
  for (const Check& check : checks) EXPECT_EQ(Cell(check.sql), check.expected) << check.sql;
}

void HostileTest::ExpectServes() {
  const std::string id = "honest-" + std::to_string(honest_++);
  const std::string body =
      R"({"type":"ContactCreate","timestamp":"2025-10-30T08:00:00Z","id":")" + id + R"(","webhookId":")" + id + "\"}";
  http::RawClient client = Connect();
  client.Send(Request(body));
  EXPECT_EQ(client.Receive(kHonestPatience).status, 200) << "the next good request";
  ExpectPlace(body, Kept::kLog);
  EXPECT_EQ(Cell("SELECT count(*) FROM contacts WHERE id = '" + id + "'"), "1");
  ExpectVerified();
}

void HostileTest::ExpectVerified() const {
  VerifyOptions options;
  options.on_difference = [](const Difference& difference) {
    ADD_FAILURE() << difference.table << " " << difference.id << " " << difference.what << ": "
                  << difference.in_database << ", by the log " << difference.from_log;
  };
  const auto report = Verify("sqlite:" + file_, options);
  EXPECT_TRUE(report) << report.error().message;
}

TEST_P(BadInputTest, EndsWhereItBelongs) {
  Serve();
  for (const Step& step : GetParam().steps) {
    const std::string body = step.body();
    Deliver(Request(body, step.path), body, step.kept, 200);
  }
  ExpectCells(GetParam().checks);
  ExpectServes();
}

Step Text(std::string body, Kept kept, std::string path) {
  return {[body = std::move(body)] { return body; }, kept, std::move(path)};
}

std::string Contact(const std::string& members, const std::string& webhook_id, const std::string& type,
                    const std::string& time) {
  return R"({"type":")" + type + R"(","webhookId":")" + webhook_id + R"(","timestamp":")" + time + R"(","id":"c1")" +
         members + "}";
}

std::string Opportunity(const std::string& members, const std::string& webhook_id) {
  return R"({"type":"OpportunityCreate","webhookId":")" + webhook_id +
         R"(","timestamp":"2025-10-01T10:00:00Z","id":"o1")" + members + "}";
}

std::string Repeat(std::string_view text, std::size_t times) {
  std::string all;
  all.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace crmsink::hostile
