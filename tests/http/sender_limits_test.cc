#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "http_fixture.h"

// The limits per remote address, over sockets. Every address of 127.0.0.0/8 is this machine's, so that a test can come
// from several.

namespace crmsink::http {
namespace {

class SenderLimitsTest : public HttpTest {
 protected:
  static Server::Options Few() {
    Server::Options options = DefaultOptions();
    options.limits.per_sender.failures_per_minute = 5;
    options.limits.per_sender.connections = 4;
    return options;
  }
  static Server::Options BehindProxy() {
    Server::Options options = Few();
    options.limits.per_sender.trusted_proxies = *ParseNetworks("127.0.0.1");
    return options;
  }

  RawAnswer AskFrom(const std::string& address, const std::string& bytes) const {
    RawClient client(server_->url(), address);
    client.Send(bytes);
    return client.Receive();
  }
  static std::string ForwardedFor(const std::string& addresses, const std::string& signature) {
    return Post(signature, "{}", "X-Forwarded-For: " + addresses + "\r\n");
  }
};

TEST_F(SenderLimitsTest, ForgeriesAreRefusedBeforeTheyAreChecked) {
  Serve(Few());
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AskFrom("127.0.0.2", Post("forged")).status, 401);
  const RawAnswer limited = AskFrom("127.0.0.2", Post("forged"));
  EXPECT_EQ(limited.status, 429);
  EXPECT_EQ(limited.fields.at("retry-after"), "10");
  EXPECT_EQ(AskFrom("127.0.0.2", Post("good")).status, 429) << "it has not been looked at";
  EXPECT_EQ(record_.CountTaken(), 0U);
  EXPECT_EQ(AskFrom("127.0.0.3", Post("good")).status, 200);
  EXPECT_EQ(server_->edge_figures().senders.requests_limited, 2U);
}

TEST_F(SenderLimitsTest, UnsignedOnesCountOnAConnectionThatStays) {
  Serve(Few());
  RawClient client(server_->url(), "127.0.0.2");
  const std::string without = "POST /webhooks HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n";
  for (int i = 0; i < 7; ++i) {
    client.Send(without);
    EXPECT_EQ(client.Receive().status, i < 5 ? 401 : 429);
  }
  client.Send(Get("/healthz"));
  EXPECT_EQ(client.Receive().status, 200) << "the limit is one of deliveries";
}

TEST_F(SenderLimitsTest, AnHonestSenderIsNotLimitedForWhatComesFromHisAddress) {
  Serve(Few());
  EXPECT_EQ(AskFrom("127.0.0.2", Post("good")).status, 200);
  for (int i = 0; i < 30; ++i) EXPECT_EQ(AskFrom("127.0.0.2", Post("forged")).status, 401);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AskFrom("127.0.0.2", Post("good")).status, 200);
}

TEST_F(SenderLimitsTest, AuthenticDeliveriesAreNotLimited) {
  Serve(Few());
  for (int i = 0; i < 50; ++i) EXPECT_EQ(AskFrom("127.0.0.2", Post(i % 2 == 0 ? "good" : "duplicate")).status, 200);
}

TEST_F(SenderLimitsTest, BehindAProxyTheLimitIsTheClients) {
  Serve(BehindProxy());
  for (int i = 0; i < 9; ++i) EXPECT_EQ(Ask(ForwardedFor("9.9.9.9, 203.0.113.1", "forged")).status, i < 5 ? 401 : 429);
  EXPECT_EQ(Ask(ForwardedFor("203.0.113.1, 203.0.113.2", "good")).status, 200);
  EXPECT_EQ(Ask(ForwardedFor("203.0.113.2\r\nX-Forwarded-For: 203.0.113.1", "good")).status, 429)
      << "two fields are one list";
}

TEST_F(SenderLimitsTest, WhoIsNoProxyCannotPutItOnOthers) {
  Serve(BehindProxy());
  for (int i = 0; i < 9; ++i) {
    const std::string victim = "203.0.113." + std::to_string(i);
    EXPECT_EQ(AskFrom("127.0.0.2", ForwardedFor(victim, "forged")).status, i < 5 ? 401 : 429);
  }
  EXPECT_EQ(Ask(ForwardedFor("203.0.113.0", "good")).status, 200);
}

TEST_F(SenderLimitsTest, AProxyThatNamesNobodyIsNotLimited) {
  Serve(BehindProxy());
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Ask(Post("forged")).status, 401);
}

TEST_F(SenderLimitsTest, AnIdleConnectionGivesWayToANewOneOfItsAddress) {
  Server::Options options = Few();
  options.io_threads = 1;
  Serve(options);
  RawClient other(server_->url(), "127.0.0.3");
  std::vector<RawClient> idle;
  for (int i = 0; i < 4; ++i) {
    idle.emplace_back(server_->url(), "127.0.0.2");
    idle.back().Send(Post());
    EXPECT_EQ(idle.back().Receive().status, 200);
  }
  EXPECT_EQ(AskFrom("127.0.0.2", Post()).status, 200);
  EXPECT_TRUE(idle[0].AwaitEnd()) << "the one that has been idle for longest";
  idle[3].Send(Post());
  EXPECT_EQ(idle[3].Receive().status, 200);
  other.Send(Post());
  EXPECT_EQ(other.Receive().status, 200) << "older, and another's";
  EXPECT_EQ(server_->edge_figures().senders.connections_shed, 1U);
}

TEST_F(SenderLimitsTest, WhoKeepsAllHisConnectionsBusyIsToldToComeAgain) {
  Serve(Few());
  std::vector<RawClient> busy;
  for (int i = 0; i < 4; ++i) {
    busy.emplace_back(server_->url(), "127.0.0.2");
    busy.back().Send(Post().substr(0, 40));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(AskFrom("127.0.0.2", Post()).status, 429);
  EXPECT_EQ(AskFrom("127.0.0.3", Post()).status, 200);
  EXPECT_GE(server_->edge_figures().senders.connections_refused, 1U);
  busy.clear();
  for (int i = 0; i < 100 && AskFrom("127.0.0.2", Post()).status != 200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(AskFrom("127.0.0.2", Post()).status, 200);
}

}  // namespace
}  // namespace crmsink::http
