// What happens to the program from outside: a clock that jumps, the end between
// a commit and its answer, a file that is none of ours.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "fault/evidence.h"
#include "fault/server_process.h"
#include "http/raw_client.h"
#include "support/sanitizer.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;
using ::testing::IsEmpty;

class ProcessFaultTest : public ::testing::Test {
 protected:
  // `shell` runs before the program, in its process: "ulimit -n 64".
  void Start(const std::string& shell = ":") {
    std::vector<std::string> arguments = {"-c",
                                          shell + "; exec \"$0\" \"$@\" < /dev/null",
                                          BinaryPath(),
                                          "serve",
                                          "--database",
                                          "sqlite:" + file_,
                                          "--listen",
                                          "127.0.0.1:0",
                                          "--admin-listen",
                                          "127.0.0.1:0",
                                          "--signature-mode",
                                          "off"};
    server_ = std::make_unique<ServerProcess>(arguments, folder_.File("log"), "/bin/sh");
    url_ = server_->AwaitUrl();
    ASSERT_NE(url_, "") << Log();
  }

  std::string Log() const {
    std::ifstream file(folder_.File("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static std::string RequestOf(const MadeEvent& event) {
    return "POST " + event.path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(event.body.size()) +
           "\r\n\r\n" + event.body;
  }

  // One event by a connection of its own; the status.
  int Deliver() {
    http::RawClient client(url_);
    return DeliverBy(client);
  }
  int DeliverBy(http::RawClient& client) {
    const MadeEvent event = load_.Next();
    client.Send(RequestOf(event));
    const int status = client.Receive(seconds(20)).status;
    if (status == 200) promised_.events[event.event_id] = event;
    return status;
  }

  void ExpectKept() {
    EXPECT_EQ(server_->Stop(), 0) << Log();
    EXPECT_THAT(Broken(file_, promised_), IsEmpty());
  }

  TempFolder folder_;
  const std::string file_ = folder_.File("crmsink.db");
  Load load_{11, "outside", 50};
  Promised promised_;
  std::unique_ptr<ServerProcess> server_;
  std::string url_;
};

// The system's clock is set; time as such goes on as before.
class ClockTest : public ProcessFaultTest {
 protected:
  void SetUp() override {
    for (const char* library : {"/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
                                "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"}) {
      if (std::filesystem::exists(library)) library_ = library;
    }
    if (library_.empty()) GTEST_SKIP() << "libfaketime is not installed";
    if (kIsSanitized) GTEST_SKIP() << "a sanitizer wants to be loaded first";
    Set("+0");
  }
  void Set(const std::string& offset) const {
    std::ofstream(folder_.File("new")) << offset << "\n";
    std::filesystem::rename(folder_.File("new"), folder_.File("offset"));
  }
  std::string Faked() const {
    return "export LD_PRELOAD=" + library_ + " FAKETIME_TIMESTAMP_FILE=" + folder_.File("offset") +
           " FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1";
  }
  std::string LastArrival() {
    return SQLite::Database(file_).execAndGet("SELECT max(received_at) FROM events").getString();
  }

  std::string library_;
};

TEST_F(ClockTest, AJumpEndsNoRequestAndNoConnection) {
  Start(Faked());
  http::RawClient idle(url_), slow(url_);
  ASSERT_EQ(DeliverBy(idle), 200);
  const std::string before = LastArrival();
  const MadeEvent event = load_.Next();
  const std::string request = RequestOf(event);
  slow.Send(request.substr(0, request.size() / 2));
  for (const char* jump : {"+400d", "-400d", "+10d"}) {
    Set(jump);
    std::this_thread::sleep_for(milliseconds(300));
    EXPECT_EQ(DeliverBy(idle), 200) << jump;
  }
  EXPECT_GT(LastArrival(), before) << "the clock has not been set";
  EXPECT_GT(LastArrival().substr(0, 4), before.substr(0, 4)) << "the clock has not been set";
  slow.Send(request.substr(request.size() / 2));
  EXPECT_EQ(slow.Receive(seconds(20)).status, 200);
  promised_.events[event.event_id] = event;
  ExpectKept();
}

TEST_F(ClockTest, AJumpFreezesNoRowThatHasTimesOfItsOwn) {
  Start(Faked());
  const auto update = [&](const std::string& name, const std::string& time) {
    http::RawClient client(url_);
    client.Send(RequestOf({"/webhooks",
                           R"({"type":"ContactUpdate","id":"c1","webhookId":")" + name + R"(","firstName":")" + name +
                               R"(","timestamp":")" + time + "\"}",
                           name, "contacts_all", "c1"}));
    return client.Receive(seconds(20)).status;
  };
  const auto shown = [&] {
    return SQLite::Database(file_).execAndGet("SELECT first_name FROM contacts WHERE id = 'c1'").getString();
  };
  EXPECT_EQ(update("one", "2026-01-01T10:00:00Z"), 200);
  Set("+3650d");
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(update("two", "2026-01-01T10:00:01Z"), 200);
  EXPECT_EQ(shown(), "two");
  Set("+0");
  std::this_thread::sleep_for(milliseconds(100));
  EXPECT_EQ(update("three", "2026-01-01T10:00:02Z"), 200);
  EXPECT_EQ(shown(), "three");
  ExpectKept();
}

// The commit is durable, and nobody is told.
TEST_F(ProcessFaultTest, TheEndBetweenACommitAndItsAnswerKeepsTheDelivery) {
  ServerProcess doomed(
      {"serve", "--step", "database-committed", "--n", "3", "--database", "sqlite:" + file_, "--writer", "main",
       "--spool-file", folder_.File("spool.db"), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"},
      folder_.File("log"), CRMSINK_STEP_RECEIVER);
  url_ = doomed.AwaitUrl();
  ASSERT_NE(url_, "") << Log();
  EXPECT_EQ(Deliver(), 200);
  EXPECT_EQ(Deliver(), 200);
  const MadeEvent last = load_.Next();
  http::RawClient unanswered(url_);
  unanswered.Send(RequestOf(last));
  EXPECT_EQ(unanswered.Receive(seconds(20)).status, 0);
  ASSERT_TRUE(doomed.AwaitEnd());
  promised_.events[last.event_id] = last;
  Start();
  http::RawClient again(url_);
  again.Send(RequestOf(last));
  EXPECT_THAT(again.Receive(seconds(20)).body, ::testing::StartsWith(R"({"status":"duplicate")"));
  ExpectKept();
}

TEST_F(ProcessFaultTest, AFileThatIsNoDatabaseEndsItWithOneAndIsLeftAlone) {
  std::ofstream(file_) << std::string(20'000, 'x');
  ServerProcess server(
      {"serve", "--database", "sqlite:" + file_, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"},
      folder_.File("log"));
  EXPECT_EQ(server.AwaitUrl(), "");
  EXPECT_TRUE(server.AwaitEnd());
  EXPECT_EQ(server.exit_code(), 1);
  EXPECT_THAT(Log(), ::testing::HasSubstr("no SQLite database"));
  EXPECT_EQ(std::filesystem::file_size(file_), 20'000U);
}

}  // namespace
}  // namespace crmsink::fault
