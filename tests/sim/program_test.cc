#include "sim/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "fault/server_process.h"
#include "replay/dump.h"
#include "signature/verifier.h"
#include "support/temp_folder.h"

namespace crmsink::sim {
namespace {

using ::testing::HasSubstr;

struct Result {
  int status;
  std::string out, err;
};

Result RunProgram(std::vector<std::string> arguments) {
  std::ostringstream out, err;
  const int status = Run(std::move(arguments), out, err);
  return {status, out.str(), err.str()};
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

Verifier VerifierOf(const std::string& pem) {
  auto verifier = Verifier::Create({.builtin_keys = false, .extra_pem = {pem}});
  if (!verifier) throw std::runtime_error(verifier.error().message);
  return *std::move(verifier);
}

bool IsAuthentic(const Verifier& verifier, std::string body, std::string signature) {
  const Arrival arrival{
      .path = "/webhooks", .body = std::move(body), .ghl_signatures = {std::move(signature)}, .wh_signatures = {}};
  return verifier.Check(arrival).kind == Verdict::Kind::kAuthentic;
}

// Answers posts as it is told, on a port of its own.
class Receiver {
 public:
  explicit Receiver(httplib::Server::Handler handler) {
    server_.set_tcp_nodelay(true);
    server_.Post(".*", std::move(handler));
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::jthread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~Receiver() { server_.stop(); }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::jthread thread_;
};

class ProgramTest : public ::testing::Test {
 protected:
  const TempFolder folder_;
};

TEST_F(ProgramTest, WritesTheSameBytesAgain) {
  const Result one = RunProgram({"--seed", "5", "--contacts", "10"});
  const Result other = RunProgram({"--seed", "5", "--contacts", "10"});
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_FALSE(one.out.empty());
  EXPECT_EQ(one.out, other.out);
}

TEST_F(ProgramTest, WritesLinesOfJsonWithTheExactBodyAndItsSignature) {
  const std::string pem = folder_.File("key.pem"), file = folder_.File("deliveries.ndjson");
  const Result result = RunProgram({"--contacts", "10", "--key-out", pem, "--out", file});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "");
  const Verifier verifier = VerifierOf(TextOf(pem));
  const auto lines = LinesOf(TextOf(file));
  ASSERT_GT(lines.size(), 100U);
  for (const std::string& line : lines) {
    const auto delivery = json::Document::Parse(line);
    ASSERT_TRUE(delivery) << line;
    const json::Value& root = delivery->root();
    EXPECT_TRUE(root.Find("path")->text().starts_with("/webhooks")) << line;
    const std::string body(root.Find("body")->text());
    EXPECT_TRUE(json::Document::Parse(body)) << body;
    EXPECT_TRUE(IsAuthentic(verifier, body, std::string(root.Find("signature")->text()))) << line;
    EXPECT_FALSE(IsAuthentic(verifier, body + " ", std::string(root.Find("signature")->text())));
  }
}

TEST_F(ProgramTest, KeepsItsKeyWhereNobodyElseReadsIt) {
  const std::string key = folder_.File("try.key"), pem = folder_.File("try.pem"), again = folder_.File("again.pem");
  ASSERT_EQ(RunProgram({"--keys-only", "--key", key, "--key-out", pem}).status, 0);
  struct stat status {};
  ASSERT_EQ(::stat(key.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600U);
  ASSERT_EQ(RunProgram({"--keys-only", "--key", key, "--key-out", again}).status, 0);
  EXPECT_EQ(TextOf(pem), TextOf(again));
  EXPECT_THAT(TextOf(pem), HasSubstr("-----BEGIN PUBLIC KEY-----"));
  EXPECT_TRUE(Verifier::Create({.builtin_keys = false, .extra_pem = {TextOf(pem)}}));
}

TEST_F(ProgramTest, WritesNothingButKeysWhereOnlyTheyAreAsked) {
  const Result result = RunProgram({"--keys-only", "--key-out", folder_.File("try.pem")});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "");
}

TEST_F(ProgramTest, RefusesAKeyFileWithoutAKey) {
  const std::string key = folder_.File("try.key");
  std::ofstream(key) << "no key\n";
  const Result result = RunProgram({"--keys-only", "--key", key});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr(key + " holds no private key"));
}

TEST_F(ProgramTest, FillsTheTablesOfAServerWithTheTruth) {
  const std::string key = folder_.File("try.key"), pem = folder_.File("try.pem"), truth = folder_.File("truth.ndjson");
  const std::string database = "sqlite:" + folder_.File("crmsink.db");
  ASSERT_EQ(RunProgram({"--keys-only", "--key", key, "--key-out", pem}).status, 0);
  fault::ServerProcess server({"serve", "--database", database, "--signature-key", pem, "--listen", "127.0.0.1:0",
                               "--admin-listen", "127.0.0.1:0"},
                              folder_.File("log"));
  const std::string url = server.AwaitUrl();
  ASSERT_NE(url, "") << TextOf(folder_.File("log"));
  const Result result = RunProgram({"--seed", "21", "--contacts", "15", "--key", key, "--post", url, "--connections",
                                    "16", "--shuffle", "--duplicate", "0.2", "--truth", truth});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(server.Stop(), 0);
  std::string tables;
  const auto dumped = Dump(database, false, [&](std::string_view line) { tables.append(line) += '\n'; });
  ASSERT_TRUE(dumped) << dumped.error().message;
  EXPECT_FALSE(tables.empty());
  EXPECT_EQ(tables, TextOf(truth));
}

TEST_F(ProgramTest, IsHeldByAServerThatDoesNotKnowItsKey) {
  fault::ServerProcess server({"serve", "--database", "sqlite:" + folder_.File("crmsink.db"), "--listen", "127.0.0.1:0",
                               "--admin-listen", "127.0.0.1:0"},
                              folder_.File("log"));
  const Result result = RunProgram({"--events", "20", "--post", server.AwaitUrl()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("401  20"));
  EXPECT_EQ(server.Stop(), 0);
}

TEST_F(ProgramTest, SendsAgainWhatTheServerHadNoRoomFor) {
  std::mutex mutex;
  std::set<std::string> refused;
  const Receiver receiver([&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex);
    const bool first = refused.empty() && refused.insert(request.body).second;
    response.status = first ? 429 : 200;
    if (first) response.set_header("Retry-After", "2");
  });
  const auto began = std::chrono::steady_clock::now();
  const Result result = RunProgram({"--events", "30", "--post", receiver.url(), "--connections", "2"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("1 sent again"));
  EXPECT_THAT(result.err, HasSubstr("200  30"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
}

TEST_F(ProgramTest, FailsWhereADeliveryIsNotKept) {
  std::atomic<int> requests = 0;
  const Receiver receiver(
      [&](const httplib::Request&, httplib::Response& response) { response.status = ++requests == 7 ? 500 : 200; });
  const Result result = RunProgram({"--events", "20", "--post", receiver.url()});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("500  1"));
  EXPECT_EQ(requests, 20);
}

TEST_F(ProgramTest, PostsToTheUrlOfEachEventAtTheAskedRate) {
  std::mutex mutex;
  std::set<std::string> paths;
  const Receiver receiver([&](const httplib::Request& request, httplib::Response& response) {
    const std::lock_guard lock(mutex);
    paths.insert(request.path);
    response.status = 200;
  });
  const auto began = std::chrono::steady_clock::now();
  const Result result = RunProgram({"--events", "60", "--post", receiver.url() + "/crm/", "--rate", "100"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(590));
  EXPECT_TRUE(paths.contains("/crm/webhooks/ProductCreate"));
}

TEST_F(ProgramTest, RefusesWrongArguments) {
  EXPECT_EQ(RunProgram({"--seed", "x"}).status, 2);
  EXPECT_EQ(RunProgram({"--post", "127.0.0.1:8080", "--contacts", "0"}).status, 2);
  EXPECT_EQ(RunProgram({"--start", "yesterday"}).status, 2);
  EXPECT_EQ(RunProgram({"--duplicate", "1.5"}).status, 2);
  EXPECT_EQ(RunProgram({"--rate", "5"}).status, 2);
}

TEST_F(ProgramTest, SaysWhenTheTruthCannotBeWritten) {
  const Result result = RunProgram({"--contacts", "0", "--truth", folder_.File("no/such/folder")});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("cannot write"));
}

TEST_F(ProgramTest, ExplainsItself) {
  const Result result = RunProgram({"--help"});
  EXPECT_EQ(result.status, 0);
  for (const char* word : {"--seed", "--post", "--truth", "--hold-back", "Exit status"}) {
    EXPECT_THAT(result.out, HasSubstr(word));
  }
}

}  // namespace
}  // namespace crmsink::sim
