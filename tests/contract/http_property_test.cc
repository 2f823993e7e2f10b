// The property of property_test.cc over real connections: deliveries in any order, some of them several times, over 1
// to 16 keep-alive connections to the real edge, end in the rows of the naive store.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract_suite.h"
#include "http/raw_client.h"
#include "http/server.h"
#include "naive_json.h"
#include "property_fixture.h"
#include "sink_store.h"

namespace crmsink::contract {
namespace {

constexpr std::chrono::seconds kPatience{60};

class HttpPropertyTest : public PropertyTest, public testing::WithParamInterface<Backend> {};

// How often each answer was given: the body's `status`, or the code of an answer that is no 200.
using Answers = std::map<std::string, std::size_t>;

std::string InHex(std::size_t number) {
  std::string digits;
  do digits.insert(digits.begin(), "0123456789abcdef"[number % 16]);
  while ((number /= 16) != 0);
  return digits;
}

// With its length, or in chunks of at most 100 bytes.
std::string RequestOf(const Post& post, bool chunked) {
  std::string request = "POST " + post.path + " HTTP/1.1\r\nHost: crm.example.com\r\n";
  if (!chunked) return request + "Content-Length: " + std::to_string(post.body.size()) + "\r\n\r\n" + post.body;
  request += "Transfer-Encoding: chunked\r\n\r\n";
  for (std::size_t at = 0; at < post.body.size(); at += 100) {
    const std::string chunk = post.body.substr(at, 100);
    request += InHex(chunk.size()) + "\r\n" + chunk + "\r\n";
  }
  return request + "0\r\n\r\n";
}

std::string ReadAnswer(http::RawClient& client) {
  const http::RawAnswer answer = client.Receive(kPatience);
  const auto body = naive::ParseJson(answer.body);
  const naive::Json* status = body ? body->Find("status") : nullptr;
  return answer.status == 200 && status != nullptr ? status->text : std::to_string(answer.status);
}

// Sends the posts over one connection, up to three at once before it reads their answers.
Answers SendAll(const std::string& url, const std::vector<Post>& posts, std::mt19937_64 dice) {
  Answers answers;
  http::RawClient client(url);
  for (std::size_t sent = 0; sent < posts.size();) {
    const std::size_t together = std::min(posts.size() - sent, std::size_t{1} + dice() % 3);
    std::string bytes;
    for (std::size_t i = 0; i < together; ++i) bytes += RequestOf(posts[sent + i], dice() % 4 == 0);
    client.Send(bytes);
    for (std::size_t i = 0; i < together; ++i) ++answers[ReadAnswer(client)];
    sent += together;
  }
  return answers;
}

Answers SendOverConnections(const std::string& url, const std::vector<Post>& posts, std::size_t connections,
                            std::mt19937_64& dice) {
  const auto shares = PropertyTest::Deal(posts, connections);
  std::vector<Answers> answers(connections);
  {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < connections; ++i) {
      running.emplace_back([&, i, own = std::mt19937_64(dice())] { answers[i] = SendAll(url, shares[i], own); });
    }
  }
  Answers all;
  for (const Answers& some : answers) {
    for (const auto& [answer, count] : some) all[answer] += count;
  }
  return all;
}

http::Server::Options OnFreePorts() {
  http::Server::Options options;
  options.listen = "127.0.0.1:0";
  options.admin_listen = "";
  options.io_threads = 2;
  return options;
}

TEST_P(HttpPropertyTest, TheTablesAreThoseOfTheNaiveStoreOverAnyNumberOfConnections) {
  SinkStore store(GetParam());
  const bool holds = rc::check([&] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    const std::size_t connections = PickThreads();
    const auto naive = MakeNaiveStore();
    const std::vector<Ack> expected = naive->Accept(InOrder(stream));
    const std::vector<Post> posts = ShuffleAndRepeat(stream, dice);
    store.Restart();
    auto server = http::Server::Start(OnFreePorts(), store.SinkAt(kArrival));
    RC_ASSERT(server.has_value());
    Answers answers = SendOverConnections((*server)->url(), posts, connections, dice);
    (*server)->Stop();

    const auto stored = std::count_if(expected.begin(), expected.end(),
                                      [](const Ack& ack) { return ack.status == AckStatus::kStored; });
    RC_ASSERT(answers["stored"] == static_cast<std::size_t>(stored));
    RC_ASSERT(answers["stored"] + answers["duplicate"] + answers["quarantined"] == posts.size());
    const std::string tables = store.Dump();
    RC_ASSERT(Difference(naive->Dump(), tables) == "");
    RC_ASSERT(Difference(naive->DumpLog(), store.DumpLog()) == "");
    RC_ASSERT(store.QuarantineCount() == naive->QuarantineCount());
    RC_ASSERT(store.Differences() == "");
    RC_ASSERT(Difference(tables, store.DumpOfReplayInto(GetParam())) == "");
    store.Replay();
    RC_ASSERT(Difference(tables, store.Dump()) == "");
  });
  EXPECT_TRUE(holds);
  ExpectFeaturesWereMet();
}

CRMSINK_ON_EACH_BACKEND(HttpPropertyTest);

}  // namespace
}  // namespace crmsink::contract
