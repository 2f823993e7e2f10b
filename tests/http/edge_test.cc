#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "http_fixture.h"

namespace crmsink::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds Since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

using EdgeTest = HttpTest;

TEST_F(EdgeTest, KeepsAConnectionForManyRequests) {
  Serve();
  RawClient client = Connect();
  for (int i = 0; i < 100; ++i) {
    client.Send(Post("good", "body " + std::to_string(i)));
    const RawAnswer answer = client.Receive();
    ASSERT_EQ(answer.status, 200);
    ASSERT_FALSE(answer.fields.contains("connection"));
  }
  ASSERT_EQ(record_.CountTaken(), 100U);
  for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(record_.Taken(i).body, "body " + std::to_string(i));
}

TEST_F(EdgeTest, AnswersPipelinedRequestsInTheirOrder) {
  Serve();
  RawClient client = Connect();
  std::string many;
  for (int i = 0; i < 50; ++i) many += Post() + Get("/healthz") + Post("duplicate", std::string(9000, 'b'));
  client.Send(many);
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(client.Receive().body, R"({"status":"stored","event_id":"event \"1\""})");
    ASSERT_EQ(client.Receive().body, R"({"status":"ok"})");
    ASSERT_EQ(client.Receive().body, R"({"status":"duplicate","event_id":"event \"1\""})");
  }
}

TEST_F(EdgeTest, TakesARequestByteByByte) {
  Serve();
  RawClient client = Connect();
  for (const char c : Post("good", "{\"a\":1}")) client.Send(std::string_view(&c, 1));
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_EQ(record_.Taken(0).body, "{\"a\":1}");
  EXPECT_EQ(record_.Taken(0).path, "/webhooks/ContactCreate");
  EXPECT_EQ(record_.Taken(0).ghl_signatures, std::vector<std::string>{"good"});
}

TEST_F(EdgeTest, TakesABodyOfExactlyTheLimit) {
  Serve();
  const std::string body(std::size_t{16} << 20, 'x');
  EXPECT_EQ(Ask(Post("good", body)).status, 200);
  EXPECT_EQ(record_.Taken(0).body, body);
}

TEST_F(EdgeTest, ClosesWhenTheClientAsksForIt) {
  Serve();
  RawClient client = Connect();
  client.Send(Post("good", "{}", "Connection: close\r\n"));
  const RawAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("connection"), "close");
  EXPECT_TRUE(client.AwaitEnd());
}

TEST_F(EdgeTest, ClosesForHttp10UnlessItAsksToStay) {
  Serve();
  RawClient closing = Connect();
  closing.Send("GET /healthz HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closing.Receive().status, 200);
  EXPECT_TRUE(closing.AwaitEnd());
  RawClient staying = Connect();
  for (int i = 0; i < 2; ++i) {
    staying.Send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(staying.Receive().fields.at("connection"), "keep-alive");
  }
}

TEST_F(EdgeTest, AnswersAClientThatHasFinishedSending) {
  Serve();
  RawClient client = Connect();
  client.Send(Post());
  client.ShutdownSend();
  EXPECT_EQ(client.Receive().status, 200);
  EXPECT_TRUE(client.AwaitEnd());
}

TEST_F(EdgeTest, GivesARequestOnlySoMuchTime) {
  Server::Options options = DefaultOptions();
  options.limits.request_deadline = milliseconds(200);
  Serve(options);
  RawClient client = Connect();
  const auto start = steady_clock::now();
  client.Send(Post("good", std::string(1000, 'x'), "", "/webhooks/Slow?key=secret").substr(0, 300));
  RawAnswer answer;
  for (int i = 0; answer.status == 0 && i < 500; ++i) {
    if (!client.Send("x")) break;
    answer = client.Receive(milliseconds(20));
  }
  EXPECT_EQ(answer.status, 408);
  EXPECT_GE(Since(start), milliseconds(190));
  EXPECT_LT(Since(start), milliseconds(2000));
  client.ShutdownSend();
  EXPECT_TRUE(client.AwaitEnd());
  EXPECT_EQ(record_.Refusals("408"), std::vector<std::string>{"/webhooks/Slow"});
  ExpectServes();
}

TEST_F(EdgeTest, ClosesIdleConnectionsWithoutAWord) {
  Server::Options options = DefaultOptions();
  options.limits.idle_deadline = milliseconds(150);
  Serve(options);
  RawClient silent = Connect(), used = Connect();
  used.Send(Post());
  EXPECT_EQ(used.Receive().status, 200);
  EXPECT_TRUE(silent.AwaitEnd(milliseconds(2000)));
  EXPECT_TRUE(used.AwaitEnd(milliseconds(2000)));
}

TEST_F(EdgeTest, AParkedRequestOutlastsEveryDeadline) {
  Server::Options options = DefaultOptions();
  options.limits.request_deadline = options.limits.idle_deadline = options.limits.answer_deadline = milliseconds(50);
  record_.hold = true;
  Serve(options);
  RawClient client = Connect();
  client.Send(Post());
  EXPECT_EQ(client.Receive(milliseconds(300)).status, 0);
  record_.Hold(false);
  EXPECT_EQ(client.Receive().status, 200);
}

TEST_F(EdgeTest, ClosesARefusedConnectionThatGoesOnSending) {
  Server::Options options = DefaultOptions();
  options.limits.linger = milliseconds(100);
  Serve(options);
  RawClient client = Connect();
  client.Send("nonsense\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 400);
  EXPECT_TRUE(client.AwaitEnd(milliseconds(50)));  // the server's half
  const auto start = steady_clock::now();
  while (client.Send("x") && Since(start) < milliseconds(3000)) std::this_thread::sleep_for(milliseconds(5));
  EXPECT_LT(Since(start), milliseconds(3000));
}

// Otherwise its system might throw the refusal away, unread.
TEST_F(EdgeTest, ARefusedClientMayFinishSending) {
  Serve();
  RawClient client = Connect();
  client.Send("POST /webhooks HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 413);
  std::this_thread::sleep_for(milliseconds(50));
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.Send(std::string(50'000, 'x')));
}

TEST_F(EdgeTest, TooManyWaitingRequestsAreToldToComeAgain) {
  Server::Options options = DefaultOptions();
  options.limits.parked = 2;
  record_.hold = true;
  Serve(options);
  RawClient first = Connect(), second = Connect();
  first.Send(Post());
  second.Send(Post());
  EXPECT_TRUE(record_.AwaitTaken(2));
  RawClient third = Connect();
  third.Send(Post());
  const RawAnswer answer = third.Receive();
  EXPECT_EQ(answer.status, 429);
  EXPECT_GT(std::stoi(answer.fields.at("retry-after")), 0);
  EXPECT_EQ(record_.Refusals("429").size(), 1U);
  record_.Hold(false);
  EXPECT_EQ(first.Receive().status, 200);
  EXPECT_EQ(second.Receive().status, 200);
  third.Send(Post());
  EXPECT_EQ(third.Receive().status, 200);
}

TEST_F(EdgeTest, TooManyWaitingBytesAreToldToComeAgain) {
  Server::Options options = DefaultOptions();
  options.limits.parked_bytes = 10'000;
  record_.hold = true;
  Serve(options);
  RawClient first = Connect();
  first.Send(Post("good", std::string(9'000, 'x')));
  EXPECT_TRUE(record_.AwaitTaken(1));
  EXPECT_EQ(Ask(Post("good", std::string(9'000, 'x'))).status, 429);
  record_.Hold(false);
  EXPECT_EQ(first.Receive().status, 200);
  ExpectServes();
}

TEST_F(EdgeTest, LongBodiesUnderWayAreBoundedTogether) {
  Server::Options options = DefaultOptions();
  options.limits.reading_bytes = 1'000'000;
  Serve(options);
  RawClient slow = Connect();
  const std::string long_request = Post("good", std::string(900'000, 'x'));
  slow.Send(long_request.substr(0, long_request.size() - 1));
  std::this_thread::sleep_for(milliseconds(50));
  EXPECT_EQ(Ask(long_request).status, 429);
  ExpectServes();
  slow.Send("x");
  EXPECT_EQ(slow.Receive().status, 200);
  EXPECT_EQ(Ask(long_request).status, 200);
}

// Many that hold little each: what no single limit sees.
TEST_F(EdgeTest, HeadsAndShortBodiesUnderWayAreBoundedTogether) {
  Server::Options options = DefaultOptions();
  options.limits.reading_bytes = 100'000;
  Serve(options);
  const std::string body = Post("good", std::string(8'000, 'x'));
  const std::string head = "POST /webhooks HTTP/1.1\r\nX-GHL-Signature: " + std::string(8'000, 'A') + "\r\n";
  std::vector<RawClient> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(Connect());
    clients.back().Send(i % 2 == 0 ? body.substr(0, body.size() - 1) : head);
  }
  std::this_thread::sleep_for(milliseconds(100));
  int refused = 0;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(Connect());
    clients.back().Send(i % 2 == 0 ? body.substr(0, body.size() - 1) : head);
  }
  for (std::size_t i = 6; i < clients.size(); ++i)
    refused += clients[i].Receive(milliseconds(300)).status == 429 ? 1 : 0;
  EXPECT_GE(refused, 4);
  clients.clear();
  ExpectServes();
}

TEST_F(EdgeTest, TooManyConnectionsAreToldToComeAgain) {
  Server::Options options = DefaultOptions();
  options.limits.connections = 3;
  record_.hold = true;
  Serve(options);
  std::vector<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(Connect());
    clients.back().Send(Post());
  }
  EXPECT_TRUE(record_.AwaitTaken(3));
  EXPECT_EQ(Ask(Post()).status, 429);
  record_.Hold(false);
  clients.clear();
  for (int i = 0; i < 100 && Ask(Post()).status != 200; ++i) std::this_thread::sleep_for(milliseconds(20));
  ExpectServes();
}

TEST_F(EdgeTest, IdleConnectionsMakeRoomForNewOnes) {
  Server::Options options = DefaultOptions();
  options.limits.connections = 4;
  options.io_threads = 1;
  Serve(options);
  std::vector<RawClient> idle;
  for (int i = 0; i < 4; ++i) idle.push_back(Connect());
  for (int i = 0; i < 20; ++i) ExpectServes();
  EXPECT_TRUE(idle[0].AwaitEnd());
}

TEST_F(EdgeTest, SilentConnectionsDelayNobody) {
  Serve();
  std::vector<RawClient> silent, dripping;
  for (int i = 0; i < 40; ++i) {
    silent.push_back(Connect());
    dripping.push_back(Connect());
    dripping.back().Send(Post("good", std::string(100, 'x')).substr(0, 150));
  }
  const auto start = steady_clock::now();
  for (int i = 0; i < 10; ++i) ExpectServes();
  EXPECT_LT(Since(start), milliseconds(1000));
  EXPECT_EQ(record_.CountTaken(), 10U);
}

TEST_F(EdgeTest, SurvivesTheLackOfDescriptors) {
  Serve();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  const int next = ::dup(0);
  ::close(next);
  few.rlim_cur = static_cast<rlim_t>(next) + 20;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  {
    std::vector<RawClient> clients;  // each takes two descriptors here: its own and the server's
    for (int i = 0; i < 15; ++i) clients.push_back(Connect());
    std::this_thread::sleep_for(milliseconds(150));
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    const auto cpu_before = used.tv_sec * 1000 + used.tv_nsec / 1'000'000;
    std::this_thread::sleep_for(milliseconds(300));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    EXPECT_LT(used.tv_sec * 1000 + used.tv_nsec / 1'000'000 - cpu_before, 100) << "accepting must not spin";
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  std::this_thread::sleep_for(milliseconds(300));
  ExpectServes();
}

TEST_F(EdgeTest, StopFinishesWhatWasTaken) {
  record_.hold = true;
  Serve();
  std::vector<RawClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(Connect());
    clients.back().Send(Post());
  }
  RawClient idle = Connect();
  EXPECT_TRUE(record_.AwaitTaken(20));
  std::thread release([this] {
    std::this_thread::sleep_for(milliseconds(300));
    record_.Hold(false);
  });
  const auto start = steady_clock::now();
  server_->Stop();
  EXPECT_GE(Since(start), milliseconds(250));
  EXPECT_LT(Since(start), milliseconds(5000));
  for (RawClient& client : clients) {
    RawAnswer answer = client.Receive();
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fields["connection"], "close");
    EXPECT_TRUE(client.AwaitEnd());
  }
  EXPECT_TRUE(idle.AwaitEnd());
  EXPECT_FALSE(Connect().connected());
  release.join();
}

TEST_F(EdgeTest, StopGivesUpAfterItsGrace) {
  Server::Options options = DefaultOptions();
  options.limits.stop_grace = milliseconds(200);
  record_.hold = true;
  Serve(options);
  RawClient client = Connect();
  client.Send(Post());
  EXPECT_TRUE(record_.AwaitTaken(1));
  const auto start = steady_clock::now();
  server_->Stop();
  EXPECT_LT(Since(start), milliseconds(3000));
  EXPECT_EQ(client.Receive().status, 0);
  record_.Hold(false);  // the outcome comes too late, and hurts nobody
  server_.reset();
}

TEST_F(EdgeTest, StopIsNotHeldUpByASlowRequest) {
  Serve();
  RawClient slow = Connect();
  slow.Send(Post().substr(0, 40));
  std::this_thread::sleep_for(milliseconds(50));
  const auto start = steady_clock::now();
  server_->Stop();
  EXPECT_LT(Since(start), milliseconds(4000));
  EXPECT_EQ(slow.Receive().status, 408);
}

// A client that keeps sending while the server stops gets an answer to each request that it was promised one for.
TEST_F(EdgeTest, StopUnderLoadLosesNoAnswer) {
  Serve();
  std::atomic<std::size_t> answered{0}, wrong{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      RawClient client = Connect();
      for (;;) {
        if (!client.Send(Post())) return;
        const RawAnswer answer = client.Receive();
        if (answer.status == 200) ++answered;
        if (answer.status != 200 && answer.status != 0) ++wrong;
        if (answer.status != 200 || answer.fields.contains("connection")) return;
      }
    });
  }
  std::this_thread::sleep_for(milliseconds(200));
  server_->Stop();
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0U);
  EXPECT_EQ(record_.CountTaken(), answered);
}

TEST_F(EdgeTest, ASecondServerOnTheAddressIsToldSo) {
  Serve();
  Server::Options options = DefaultOptions();
  options.listen = server_->url().substr(7);
  FakeBackend::Record other;
  const auto second = Server::Start(options, std::make_unique<FakeBackend>(other));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(second.error().message.find(options.listen), std::string::npos) << second.error().message;
}

TEST_F(EdgeTest, AnAddressThatIsNoneIsToldSo) {
  for (const char* address : {"nonsense", "127.0.0.1:99999", "127.0.0.1:", "127.0.0.1:80x", "[::1:80", ":"}) {
    Server::Options options = DefaultOptions();
    options.listen = address;
    FakeBackend::Record other;
    const auto server = Server::Start(options, std::make_unique<FakeBackend>(other));
    ASSERT_FALSE(server) << address;
    EXPECT_EQ(server.error().code, ErrorCode::kInvalid);
    EXPECT_NE(server.error().message.find(address), std::string::npos);
  }
}

// Seeded: whole and broken requests, mixed and cut at random. No answer is ever a 5xx, and the server lives.
TEST_F(EdgeTest, AnswersRandomBytesWithoutA5xx) {
  Serve();
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (std::size_t n = below(3) + 1; n > 0; --n) bytes += Post(below(2) == 0 ? "good" : "bad", "{\"a\":1}");
    for (std::size_t n = below(4); n > 0; --n) bytes[below(bytes.size())] = static_cast<char>(below(256));
    RawClient client = Connect();
    for (std::size_t at = 0; at < bytes.size();) {
      const std::size_t piece = below(bytes.size()) + 1;
      if (!client.Send(std::string_view(bytes).substr(at, piece))) break;
      at += piece;
    }
    client.ShutdownSend();
    for (RawAnswer answer = client.Receive(); answer.status != 0; answer = client.Receive()) {
      ASSERT_LT(answer.status, 500);
    }
  }
  ExpectServes();
}

}  // namespace
}  // namespace crmsink::http
