// kill -9 at random moments under load: what was answered 2xx is there afterwards, once.
//   CRMSINK_KILLS  how often (30)
//   CRMSINK_SEED   of the load and the moments; printed
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <thread>

#include "fault/evidence.h"
#include "fault/server_process.h"
#include "http/raw_client.h"
#include "signature/signing.h"
#include "support/sanitizer.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::IsEmpty;

constexpr std::uint64_t kKills = kIsSanitized ? 8 : 30;
constexpr milliseconds kLongestStart{kIsSanitized ? 15'000 : 2'000};
constexpr std::size_t kConnections = 16;

std::uint64_t NumberOf(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// HighLevel, as far as it matters: signs, sends, keeps account of the answers, and sends again what was not kept.
class Sender {
 public:
  explicit Sender(std::uint64_t seed) : seed_(seed) {}

  std::string Pem() const { return signer_.Pem(); }

  // Sends over many connections until the server is gone.
  void Run(const std::string& url, std::uint64_t round) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kConnections; ++i) {
      threads.emplace_back([this, url, round, i] { SendFrom(url, round, i); });
    }
    for (std::thread& thread : threads) thread.join();
  }

  // One delivery; the status.
  int Send(http::RawClient& client, const MadeEvent& event) {
    client.Send("POST " + event.path +
                " HTTP/1.1\r\nHost: crm.example.com\r\nX-GHL-Signature: " + signer_.Sign(event.body) +
                "\r\nContent-Length: " + std::to_string(event.body.size()) + "\r\n\r\n" + event.body);
    const http::RawAnswer answer = client.Receive(std::chrono::seconds(30));
    Note(event, answer);
    return answer.status;
  }

  const Promised& promised() const { return promised_; }
  const std::vector<std::string>& bad_answers() const { return bad_answers_; }
  std::size_t busy() const { return busy_; }
  std::size_t duplicates() const { return duplicates_; }
  std::size_t unanswered() const { return unanswered_; }

 private:
  void SendFrom(const std::string& url, std::uint64_t round, std::size_t connection) {
    Load load(seed_ + round * kConnections + connection, std::to_string(round) + "-" + std::to_string(connection));
    std::mt19937_64 random(seed_ ^ (round << 8) ^ connection);
    http::RawClient client(url);
    MadeEvent event;
    while (client.connected()) {
      if (!TakeAgain(event) && (event.body.empty() || random() % 20 != 0)) event = load.Next();
      if (Send(client, event) == 0) return;
    }
  }

  // Half of what was not kept is sent again from the next round on.
  bool TakeAgain(MadeEvent& event) {
    const std::lock_guard lock(mutex_);
    if (again_.empty()) return false;
    event = std::move(again_.front());
    again_.pop_front();
    return true;
  }

  void Note(const MadeEvent& event, const http::RawAnswer& answer) {
    const std::lock_guard lock(mutex_);
    const bool stored = answer.body.starts_with(R"({"status":"stored")");
    const bool duplicate = answer.body.starts_with(R"({"status":"duplicate")");
    if (answer.status == 200 && (stored || duplicate)) {
      promised_.events[event.event_id] = event;
      duplicates_ += duplicate;
    } else if (answer.status == 429) {
      ++busy_;
      again_.push_back(event);
    } else if (answer.status == 0) {
      ++unanswered_;
      if (unanswered_ % 2 == 0) again_.push_back(event);
    } else {
      bad_answers_.push_back(std::to_string(answer.status) + " " + answer.body);
    }
  }

  const std::uint64_t seed_;
  testing::Ed25519Signer signer_;
  std::mutex mutex_;
  std::deque<MadeEvent> again_;
  Promised promised_;
  std::vector<std::string> bad_answers_;
  std::size_t busy_ = 0, duplicates_ = 0, unanswered_ = 0;
};

class KillTest : public ::testing::Test {
 protected:
  KillTest() {
    std::cout << "CRMSINK_SEED=" << seed_ << std::endl;
    std::ofstream(folder_.File("key.pem")) << sender_.Pem();
  }

  std::vector<std::string> Arguments(const std::string& file) const {
    return {"serve",       "--database",      "sqlite:" + file,       "--listen",
            "127.0.0.1:0", "--admin-listen",  "127.0.0.1:0",          "--signature-mode",
            "required",    "--signature-key", folder_.File("key.pem")};
  }

  // A server that was built with a sanitizer says there what it found.
  void TearDown() override { EXPECT_EQ(Log().find("Sanitizer"), std::string::npos) << Log(); }

  std::string Log() const { return ReadFile(folder_.File("log")); }

  void ExpectKept(const std::string& file) {
    const auto verifier = Verifier::Create({.extra_pem = {sender_.Pem()}});
    ASSERT_TRUE(verifier);
    EXPECT_THAT(Broken(file, sender_.promised(), &*verifier), IsEmpty());
    EXPECT_THAT(sender_.bad_answers(), IsEmpty()) << Log();
  }

  TempFolder folder_;
  const std::uint64_t seed_ = NumberOf("CRMSINK_SEED", std::random_device()());
  std::mt19937_64 random_{seed_};
  Sender sender_{seed_};
};

TEST_F(KillTest, KeepsWhatWasAnsweredHoweverOftenItIsKilled) {
  const std::uint64_t kills = NumberOf("CRMSINK_KILLS", kKills);
  const std::string file = folder_.File("crmsink.db");
  milliseconds longest{0};
  for (std::uint64_t round = 0; round <= kills; ++round) {
    const auto start = steady_clock::now();
    ServerProcess server(Arguments(file), folder_.File("log"));
    const std::string url = server.AwaitUrl();
    ASSERT_NE(url, "") << "round " << round << "\n" << Log();
    {
      http::RawClient client(url);
      ASSERT_EQ(sender_.Send(client, Load(seed_ + round, "first-" + std::to_string(round)).Next()), 200) << Log();
    }
    longest = std::max(longest, std::chrono::duration_cast<milliseconds>(steady_clock::now() - start));
    if (round == kills) {
      EXPECT_EQ(server.Stop(), 0) << Log();
      break;
    }
    std::thread killer([&server, wait = milliseconds(random_() % 700)] {
      std::this_thread::sleep_for(wait);
      server.Kill();
    });
    sender_.Run(url, round);
    killer.join();
  }
  EXPECT_LT(longest, kLongestStart) << "from start to first 2xx";
  ExpectKept(file);
  EXPECT_GT(sender_.promised().events.size(), kills * 20) << "not much of a load";
  EXPECT_GT(sender_.duplicates(), 0U);
  std::cout << kills << " kills, " << sender_.promised().events.size() << " events kept, " << sender_.duplicates()
            << " duplicates, " << sender_.busy() << " times 429, " << sender_.unanswered()
            << " unanswered, slowest start " << longest.count() << " ms" << std::endl;
}

TEST_F(KillTest, StartsAgainHoweverEarlyItIsKilled) {
  for (std::uint64_t round = 0; round < std::min<std::uint64_t>(kKills, 15); ++round) {
    const std::string file = folder_.File("fresh-" + std::to_string(round) + ".db");
    for (int kill = 0; kill < 3; ++kill) {
      ServerProcess server(Arguments(file), folder_.File("log"));
      std::this_thread::sleep_for(std::chrono::microseconds(random_() % 120'000));
      server.Kill();
    }
    ServerProcess server(Arguments(file), folder_.File("log"));
    const std::string url = server.AwaitUrl();
    ASSERT_NE(url, "") << "round " << round << "\n" << Log();
    http::RawClient client(url);
    EXPECT_EQ(sender_.Send(client, Load(round, "early-" + std::to_string(round)).Next()), 200) << Log();
  }
}

}  // namespace
}  // namespace crmsink::fault
