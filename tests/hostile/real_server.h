#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>

#include "fault/server_process.h"
#include "http/raw_client.h"
#include "signature/signing.h"
#include "support/paths.h"
#include "support/sanitizer.h"
#include "support/temp_folder.h"

namespace crmsink::hostile {

// What an honest delivery may take, whatever else is going on.
inline constexpr std::chrono::milliseconds kHonestDelay{kIsSanitized ? 15'000 : 1'000};
// Where everything takes several times as long, fewer of everything.
inline constexpr std::size_t kScale = kIsSanitized ? 10 : 1;
// What the process may ever have in memory.
inline constexpr long kMostMemoryKiB = 256 * 1024;

// The program itself with a key made for the test, and what an honest sender finds while others are not.
class RealServerTest : public ::testing::Test {
 protected:
  RealServerTest() {
    std::ofstream(folder_.File("key.pem")) << signer_.Pem();
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    ::signal(SIGPIPE, SIG_IGN);  // a client that speaks TLS writes without regard for it
  }

  // `shell` goes before it, for limits and variables: "ulimit -n 1024;".
  void Serve(const std::vector<std::string>& more = {}, const std::string& shell = "") {
    std::vector<std::string> words = {"-c", shell + " exec \"$0\" \"$@\"", BinaryPath(), "serve"};
    for (const std::string word : {"--database", "sqlite:", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
                                   "--signature-key", "key", "--builtin-keys", "off", "--log-format", "text"}) {
      words.push_back(word == "sqlite:" ? "sqlite:" + file_ : word == "key" ? folder_.File("key.pem") : word);
    }
    words.insert(words.end(), more.begin(), more.end());
    server_ = std::make_unique<fault::ServerProcess>(words, folder_.File("log"), "/bin/bash");
    url_ = server_->AwaitUrl();
    ASSERT_NE(url_, "") << Log();
  }

  std::string Honest(const std::string& id) const {
    const std::string body =
        R"({"type":"ContactCreate","timestamp":"2025-10-30T08:00:00Z","id":")" + id + R"(","webhookId":")" + id + "\"}";
    return Signed(body, signer_.Sign(body));
  }
  static std::string Signed(const std::string& body, const std::string& signature) {
    return "POST /webhooks HTTP/1.1\r\nHost: crm.example.com\r\nX-GHL-Signature: " + signature +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  // Connects and delivers, so many times with that pause; the longest that one took. Each must be answered 200.
  std::chrono::milliseconds DeliverHonestly(int times, std::chrono::milliseconds pause, const std::string& from = "") {
    std::chrono::milliseconds longest{0};
    for (int i = 0; i < times; ++i) {
      const std::string id = "honest-" + std::to_string(honest_++);
      const auto start = std::chrono::steady_clock::now();
      http::RawClient client(url_, from);
      client.Send(Honest(id));
      EXPECT_EQ(client.Receive(std::chrono::seconds(60)).status, 200) << id;
      const auto took = std::chrono::steady_clock::now() - start;
      longest = std::max(longest, std::chrono::duration_cast<std::chrono::milliseconds>(took));
      std::this_thread::sleep_for(pause);
    }
    return longest;
  }
  // Every honest delivery that was answered is there.
  void ExpectHonestRows() { EXPECT_EQ(Count("SELECT count(*) FROM contacts WHERE id LIKE 'honest-%'"), honest_); }
  int Count(const std::string& sql) const {
    SQLite::Database db(file_);
    db.setBusyTimeout(5000);
    return db.execAndGet(sql).getInt();
  }

  // Of the server, in KiB: the most that it has ever had.
  long PeakMemory() const {
    std::ifstream status("/proc/" + std::to_string(server_->process()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
    }
    return -1;
  }
  // Of the server, in milliseconds: the time it has had of a processor.
  long ProcessorTime() const {
    std::ifstream stat("/proc/" + std::to_string(server_->process()) + "/stat");
    std::string word;
    long ticks = 0;
    for (int i = 1; i <= 15 && stat >> word; ++i) ticks += i >= 14 ? std::atol(word.c_str()) : 0;
    return ticks * 1000 / ::sysconf(_SC_CLK_TCK);
  }
  bool IsRunning() { return !server_->AwaitEnd(std::chrono::milliseconds(0)); }
  std::string Log() const {
    std::ifstream file(folder_.File("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<http::RawClient> Connections(std::size_t count, const std::string& bytes = "",
                                           const std::string& from = "") const {
    std::vector<http::RawClient> clients;
    clients.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      clients.emplace_back(url_, from);
      if (!bytes.empty()) clients.back().Send(bytes);
    }
    return clients;
  }

  TempFolder folder_;
  testing::Ed25519Signer signer_;
  const std::string file_ = folder_.File("crmsink.db");
  std::unique_ptr<fault::ServerProcess> server_;
  std::string url_;
  int honest_ = 0;
};

// Does something to each of some connections once a second, until it is destroyed.
class Drip {
 public:
  Drip(std::vector<http::RawClient> clients, std::string bytes)
      : clients_(std::move(clients)), bytes_(std::move(bytes)), thread_([this] { Run(); }) {}
  ~Drip() {
    stopped_ = true;
    thread_.join();
  }
  Drip(const Drip&) = delete;
  Drip& operator=(const Drip&) = delete;

 private:
  void Run() {
    while (!stopped_) {
      for (http::RawClient& client : clients_) client.TrySend(bytes_);
      for (int i = 0; i < 20 && !stopped_; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }

  std::vector<http::RawClient> clients_;
  const std::string bytes_;
  std::atomic<bool> stopped_{false};
  std::thread thread_;
};

}  // namespace crmsink::hostile
