// Commands beside a running server, and the ways in which `events tail --follow` ends.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <thread>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "process.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::Process;

class FollowTest : public ::testing::Test {
 protected:
  void SetUp() override {
    server_ = std::make_unique<Process>(std::vector<std::string>{"serve", "--listen", "127.0.0.1:0", "--admin-listen",
                                                                 "127.0.0.1:0", "--signature-mode", "off"},
                                        Folder());
    const std::string line = server_->FirstLine();
    std::smatch parts;
    ASSERT_TRUE(std::regex_search(line, parts, std::regex(R"(listening http://127\.0\.0\.1:(\d+) )"))) << line;
    port_ = std::stoi(parts[1]);
  }

  void PostContact(int n) {
    const std::string number = std::to_string(n);
    PostBody(R"({"type":"ContactUpdate","id":"c)" + number + R"(","webhookId":"w)" + number + R"("})");
  }
  void PostBody(const std::string& body) {
    const httplib::Result answer = httplib::Client("127.0.0.1", port_).Post("/webhooks", body, "application/json");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
  }
  [[nodiscard]] std::string Folder() const { return folder_.path().string(); }
  static void Pause() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

  TempFolder folder_;
  std::unique_ptr<Process> server_;
  int port_ = 0;
};

TEST_F(FollowTest, TailPrintsWhatComesUntilASignal) {
  PostContact(1);
  for (const int signal : {SIGINT, SIGTERM}) {
    Process tail({"events", "tail", "-f", "--format", "ndjson"}, Folder());
    EXPECT_THAT(tail.FirstLine(), HasSubstr("\"entity_id\":\"c1\""));
    PostContact(signal * 10);
    const std::string wanted = "\"entity_id\":\"c" + std::to_string(signal * 10) + "\"";
    std::string text;
    for (int i = 0; i < 500 && text.find(wanted) == std::string::npos; ++i) {
      Pause();
      text = tail.OutSoFar();
    }
    EXPECT_THAT(text, HasSubstr(wanted));
    tail.Signal(signal);
    const Outcome outcome = tail.Wait();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
  }
}

// As where another writer has the lower number and commits later.
TEST_F(FollowTest, TailSeesANumberThatComesLateAndPrintsEachOnce) {
  PostContact(1);
  PostContact(2);
  SQLite::Database database(folder_.File("crmsink.db"), SQLite::OPEN_READWRITE, 5000);
  const auto insert = [&](int seq) {
    database.exec(
        "INSERT INTO events (seq, event_id, source, received_at, path, payload, log_key, type, occurred_at) SELECT " +
        std::to_string(seq) +
        ", 'late', source, received_at, path, payload, randomblob(16), type, occurred_at FROM events WHERE seq = 1");
  };
  Process tail({"events", "tail", "-f", "--limit", "1", "--format", "ndjson"}, Folder());
  EXPECT_THAT(tail.FirstLine(), HasSubstr("\"seq\":2,"));
  std::string text;
  for (const int seq : {900, 500, 501}) {
    insert(seq);
    const std::string wanted = "\"seq\":" + std::to_string(seq) + ",";
    for (int i = 0; i < 500 && text.find(wanted) == std::string::npos; ++i) {
      Pause();
      text = tail.OutSoFar();
    }
    EXPECT_THAT(text, HasSubstr(wanted));
  }
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4) << text;
  tail.Signal(SIGTERM);
  EXPECT_EQ(tail.Wait().exit_code, 0);
}

TEST_F(FollowTest, TailEndsWhenNobodyReads) {
  PostContact(1);
  const std::string command = "cd '" + Folder() + "' && (timeout 20 '" + BinaryPath() +
                              "' events tail -f; echo \"code $?\" >code) | head -n 1 >/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream file(folder_.File("code"));
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "code 0\n");
}

TEST_F(FollowTest, RetryWorksBesideARunningServer) {
  PostContact(1);
  for (int i = 0; i < 20; ++i) PostBody("no json " + std::to_string(i));
  SQLite::Database(folder_.File("crmsink.db"), SQLite::OPEN_READWRITE, 5000)
      .exec("UPDATE quarantine SET payload = CAST('{\"type\":\"NoteCreate\",\"id\":\"n' || id || '\"}' AS BLOB)");
  std::atomic<bool> done{false};
  std::thread sender([&] {
    for (int n = 2; !done; ++n) PostContact(n);
  });
  const Outcome retried = testing::RunProgram({"quarantine", "retry"}, Folder());
  done = true;
  sender.join();
  EXPECT_EQ(retried.exit_code, 0) << retried.err;
  EXPECT_THAT(retried.err, HasSubstr("20 tried: 20 are in the log and the tables now"));
  EXPECT_EQ(testing::RunProgram({"query", "SELECT count(*) AS n FROM notes"}, Folder()).out, "n\r\n20\r\n");
  const Outcome verified = testing::RunProgram({"verify"}, Folder());
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
}

}  // namespace
}  // namespace crmsink
