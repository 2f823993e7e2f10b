#include <gmock/gmock.h>

#include "http/webhook_route.h"
#include "http_fixture.h"

namespace crmsink::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(HookPathTest, EndsInWebhooksOrInOneSegmentAfterIt) {
  for (const char* path : {"/webhooks", "/webhooks/", "/webhooks/ContactCreate", "/webhooks/ContactCreate/",
                           "/crm/webhooks", "/a/b/webhooks/contactcreate", "/webhooks/webhooks", "/webhooks/%41"}) {
    EXPECT_TRUE(IsHookPath(path)) << path;
  }
  for (const char* path : {"/", "*", "", "/webhook", "/Webhooks", "/xwebhooks", "/webhooksx/a", "/webhooks/a/b",
                           "/webhooks//", "/webhooks/a//", "/healthz", "/hooks/a"}) {
    EXPECT_FALSE(IsHookPath(path)) << path;
  }
}

using WebhookRoutesTest = HttpTest;

TEST_F(WebhookRoutesTest, AnswersEachOutcomeByThePolicy) {
  Serve();
  const RawAnswer stored = Ask(Post("good"));
  EXPECT_EQ(stored.status, 200);
  EXPECT_EQ(stored.body, R"({"status":"stored","event_id":"event \"1\""})");
  EXPECT_EQ(stored.fields.at("content-type"), "application/json");
  const RawAnswer duplicate = Ask(Post("duplicate"));
  EXPECT_EQ(duplicate.status, 200);
  EXPECT_EQ(duplicate.body, R"({"status":"duplicate","event_id":"event \"1\""})");
  const RawAnswer quarantined = Ask(Post("quarantined"));
  EXPECT_EQ(quarantined.status, 200);
  EXPECT_EQ(quarantined.body, R"({"status":"quarantined","event_id":null})");
  const RawAnswer spooled = Ask(Post("spooled"));
  EXPECT_EQ(spooled.status, 200);
  EXPECT_EQ(spooled.body, R"({"status":"spooled","event_id":"event \"1\""})");
  EXPECT_EQ(Ask(Post("unknown key")).status, 401);
  const RawAnswer busy = Ask(Post("busy"));
  EXPECT_EQ(busy.status, 429);
  EXPECT_GT(std::stoi(busy.fields.at("retry-after")), 0);
  EXPECT_EQ(Ask("POST /webhooks HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}").status, 401);
}

TEST_F(WebhookRoutesTest, AnExceptionIsA429ThatDoesNotSayWhy) {
  Serve();
  const RawAnswer answer = Ask(Post("throw"));
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.fields.count("retry-after"), 1U);
  EXPECT_EQ(answer.fields.count("exception_what"), 0U);
  EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
  ExpectServes();
}

TEST_F(WebhookRoutesTest, ABrowserIsToldThatItRuns) {
  Serve();
  const RawAnswer answer = Ask(Get("/webhooks"));
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.fields.at("allow"), "POST");
  EXPECT_THAT(answer.body, HasSubstr("is running"));
  EXPECT_THAT(answer.body, HasSubstr("POST"));
}

TEST_F(WebhookRoutesTest, OtherMethodsAreToldWhatIsAllowed) {
  Serve();
  for (const char* method : {"DELETE", "OPTIONS", "TRACE", "PROPFIND"}) {
    const RawAnswer answer = Ask(Get("/webhooks/ContactCreate", method));
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.fields.at("allow"), "POST") << method;
  }
  EXPECT_EQ(Ask(Get("/healthz", "DELETE")).fields.at("allow"), "GET, HEAD");
}

TEST_F(WebhookRoutesTest, OtherPathsAreCounted) {
  Serve();
  EXPECT_EQ(Ask(Post("good", "{}", "", "/webhook/ContactCreate?key=secret")).status, 404);
  EXPECT_THAT(record_.Refusals("404"), ElementsAre("/webhook/ContactCreate"));
  EXPECT_EQ(record_.CountTaken(), 0U);
}

TEST_F(WebhookRoutesTest, RefusalsOfTheEdgeAreCountedWithoutTheQuery) {
  Serve();
  EXPECT_EQ(Ask("POST /webhooks?key=secret HTTP/1.1\r\n\r\n").status, 411);
  EXPECT_EQ(Ask("GET /a?key=secret" + std::string(2000, 'x')).status, 414);
  EXPECT_THAT(record_.Refusals("411"), ElementsAre("/webhooks"));
  EXPECT_THAT(record_.Refusals("414"), ElementsAre("/a"));
}

TEST_F(WebhookRoutesTest, HandsOverThePathWithoutQueryAndEverySignature) {
  Serve();
  const std::string fields = "x-ghl-signature: good too\r\nX-WH-Signature: \tlegacy \r\n";
  EXPECT_EQ(Ask(Post("good", "{}", fields, "/x/webhooks/NoteCreate/?a=b")).status, 200);
  const Arrival arrival = record_.Taken(0);
  EXPECT_EQ(arrival.path, "/x/webhooks/NoteCreate/");
  EXPECT_THAT(arrival.ghl_signatures, ElementsAre("good", "good too"));
  EXPECT_THAT(arrival.wh_signatures, ElementsAre("legacy"));
}

TEST_F(WebhookRoutesTest, HealthIsThereUnlessItIsSwitchedOff) {
  Serve();
  EXPECT_EQ(Ask(Get("/healthz")).status, 200);
  Server::Options options = DefaultOptions();
  options.healthz = false;
  FakeBackend::Record other;
  const auto without = Server::Start(options, std::make_unique<FakeBackend>(other));
  EXPECT_EQ(AskAt((*without)->url(), Get("/healthz")).status, 404);
  EXPECT_EQ(AskAt((*without)->admin_url(), Get("/healthz")).status, 200);
}

TEST_F(WebhookRoutesTest, TheNoopIsThereOnlyWhenItIsAskedFor) {
  Serve();
  const std::string noop = "POST /noop HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
  EXPECT_EQ(Ask(noop).status, 404);
  Server::Options options = DefaultOptions();
  options.noop = true;
  FakeBackend::Record other;
  const auto with = Server::Start(options, std::make_unique<FakeBackend>(other));
  EXPECT_EQ(AskAt((*with)->url(), noop).status, 200);
  EXPECT_EQ(other.CountTaken(), 0U);
}

using AdminRoutesTest = HttpTest;

TEST_F(AdminRoutesTest, SaysWhetherItLivesAndCanStore) {
  Serve();
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/healthz")).status, 200);
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/readyz")).status, 200);
  record_.SetReady(false);
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/readyz")).status, 503);
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/healthz")).status, 200);
}

TEST_F(AdminRoutesTest, IsReadyWhileItSpoolsAndSaysSo) {
  Serve();
  record_.SetAway(true);
  const RawAnswer ready = AskAt(server_->admin_url(), Get("/readyz"));
  EXPECT_EQ(ready.status, 200);
  EXPECT_EQ(ready.body, R"({"status":"ready, spooling: the database is away"})");
  const RawAnswer metrics = AskAt(server_->admin_url(), Get("/metrics"));
  for (const char* line : {"crmsink_deliveries_total{type=\"other\",outcome=\"spooled\"} 3\n",
                           "crmsink_database_away 1\n", "crmsink_spool_deliveries 3\n", "crmsink_spool_bytes 400\n",
                           "crmsink_spool_oldest_seconds 9", "crmsink_spool_drained_total 5\n"}) {
    EXPECT_THAT(metrics.body, HasSubstr(line));
  }
  record_.SetAway(false);
  record_.SetReady(false);
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/readyz")).status, 503);
}

TEST_F(AdminRoutesTest, ShowsMetricsOfThePublicListener) {
  Serve();
  ExpectServes();
  Ask(Get("/nowhere"));
  record_.Hold(true);
  RawClient parked = Connect();
  parked.Send(Post("good", std::string(5000, 'x')));
  EXPECT_TRUE(record_.AwaitTaken(2));
  const RawAnswer answer = AskAt(server_->admin_url(), Get("/metrics"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.fields.at("content-type"), HasSubstr("text/plain; version=0.0.4"));
  for (const char* line : {"crmsink_deliveries_total{type=\"ContactCreate\",outcome=\"stored\"} 2\n",
                           "crmsink_folds_total 7\n", "crmsink_http_answers_total{code=\"200\"} 1\n",
                           "crmsink_http_answers_total{code=\"404\"} 1\n", "crmsink_http_parked 1\n",
                           "crmsink_http_parked_bytes 5000\n", "crmsink_ready 1\n", "# TYPE crmsink_ready gauge\n"}) {
    EXPECT_THAT(answer.body, HasSubstr(line));
  }
  EXPECT_THAT(answer.body, HasSubstr("crmsink_http_connections"));
  record_.Hold(false);
  EXPECT_EQ(parked.Receive().status, 200);
}

TEST_F(AdminRoutesTest, TakesNoWebhooks) {
  Serve();
  EXPECT_EQ(AskAt(server_->admin_url(), Post()).status, 404);
  EXPECT_EQ(AskAt(server_->admin_url(), Get("/metrics", "DELETE")).status, 405);
  EXPECT_EQ(record_.CountTaken(), 0U);
}

TEST_F(AdminRoutesTest, CanBeLeftOut) {
  Server::Options options = DefaultOptions();
  options.admin_listen.clear();
  Serve(options);
  EXPECT_EQ(server_->admin_url(), "");
  ExpectServes();
}

}  // namespace
}  // namespace crmsink::http
