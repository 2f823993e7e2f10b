// SIGHUP, sent to the program itself: what it can change is changed as a whole, or stays.
#include <chrono>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <regex>
#include <string>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/tls_pair.h"
#include "process.h"
#include "signature/signing.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Process;

class ReloadTest : public ::testing::Test {
 protected:
  ReloadTest() {
    WriteFile("old.pem", old_.Pem());
    WriteFile("new.pem", new_.Pem());
  }

  void WriteFile(const std::string& name, const std::string& text) const { std::ofstream(folder_.File(name)) << text; }
  std::string TextOf(const std::string& name) const {
    std::ifstream in(folder_.File(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }

  static std::string Config(const std::string& keys, const std::string& log = "") {
    return "[server]\nlisten = \"127.0.0.1:0\"\nadmin-listen = \"127.0.0.1:0\"\n[signature]\nkeys = [" + keys +
           "]\n[log]\n" + log;
  }

  void Serve(const std::string& config) {
    WriteFile("crmsink.toml", config);
    server_ = std::make_unique<Process>(std::vector<std::string>{"serve"}, folder_.path().string());
    const std::string line = server_->FirstLine();
    std::smatch ports;
    ASSERT_TRUE(std::regex_match(line, ports, std::regex("listening .*:(\\d+) admin .*:(\\d+)")))
        << line << server_->Wait().err;
    port_ = std::stoi(ports[1]);
    admin_port_ = std::stoi(ports[2]);
  }

  int Post(const testing::Ed25519Signer& signer, const std::string& id, const std::string& type = "ContactUpdate") {
    const std::string body = R"({"id":"c","type":")" + type + R"(","webhookId":")" + id + "\"}";
    httplib::Client client(scheme_ + "://127.0.0.1:" + std::to_string(port_));
    client.enable_server_certificate_verification(false);
    const auto answer = client.Post("/webhooks", {{"X-GHL-Signature", signer.Sign(body)}}, body, "application/json");
    return answer ? answer->status : 0;
  }

  int Reloads(const std::string& result) { return Metric("crmsink_reloads_total{result=\"" + result + "\"}"); }

  int Metric(const std::string& series) {
    const auto answer = httplib::Client("127.0.0.1", admin_port_).Get("/metrics");
    const std::string name = "\n" + series + " ";
    const auto at = answer ? answer->body.find(name) : std::string::npos;
    return at == std::string::npos ? -1 : std::atoi(answer->body.c_str() + at + name.size());
  }

  static bool Await(const std::function<bool()>& condition) {
    for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return condition();
  }

  // Sends SIGHUP and waits until it was heeded; true where the new configuration is in use.
  bool Reload() {
    const int done = Reloads("done"), failed = Reloads("failed");
    server_->Signal(SIGHUP);
    EXPECT_TRUE(Await([&] { return Reloads("done") + Reloads("failed") > done + failed; }));
    EXPECT_EQ(Reloads("done") + Reloads("failed"), done + failed + 1);
    return Reloads("done") > done;
  }

  TempFolder folder_;
  testing::Ed25519Signer old_, new_;
  std::unique_ptr<Process> server_;
  std::string scheme_ = "http";
  int port_ = 0, admin_port_ = 0;
};

TEST_F(ReloadTest, AConfigurationWrittenInALoopIsTakenWholeOrNotAtAll) {
  const std::string before = Config("\"old.pem\""), after = Config("\"new.pem\"", "level = \"warning\"\n");
  Serve(before);
  const std::string broken[] = {"[signature",
                                Config("\"no.pem\""),
                                Config("\"old.pem\"", "level = \"loud\"\n"),
                                Config("\"new.pem\"", "file = \"no/such/folder/log\"\n"),
                                "unknown = 1\n",
                                Config("\"new.pem\"", "level = \"warning\"\nwhat = 1\n")};
  bool is_new = false;
  int id = 0, done = 0, failed = 0;
  const auto expect_whole = [&] {
    EXPECT_EQ(Post(is_new ? new_ : old_, std::to_string(++id)), 200);
    EXPECT_EQ(Post(is_new ? old_ : new_, std::to_string(++id)), 401);
  };
  for (int round = 0; round < 6; ++round) {
    const std::string& good = is_new ? before : after;
    WriteFile("crmsink.toml", broken[round]);
    EXPECT_FALSE(Reload()) << broken[round];
    expect_whole();
    // Half written, within the line that names the keys: no value is whole there.
    WriteFile("crmsink.toml", good.substr(0, good.find(".pem") - static_cast<std::size_t>(round % 3)));
    EXPECT_FALSE(Reload());
    expect_whole();
    WriteFile("crmsink.toml", good);
    EXPECT_TRUE(Reload());
    is_new = !is_new;
    expect_whole();
    ++done;
    failed += 2;
  }
  EXPECT_EQ(Reloads("done"), done);
  EXPECT_EQ(Reloads("failed"), failed);
  server_->Signal(SIGTERM);
  const auto outcome = server_->Wait();
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("the old one stays\",\"reason\":\"crmsink.toml:1: "));
}

TEST_F(ReloadTest, TheLogFileIsOpenedAnew) {
  Serve(Config("", "file = \"crmsink.log\"\n"));
  EXPECT_TRUE(Await([&] { return TextOf("crmsink.log").find("\"starting\"") != std::string::npos; }));
  std::filesystem::rename(folder_.File("crmsink.log"), folder_.File("crmsink.log.1"));
  EXPECT_TRUE(Reload());
  EXPECT_THAT(TextOf("crmsink.log"), HasSubstr("\"configuration read again\""));
  EXPECT_THAT(TextOf("crmsink.log.1"), Not(HasSubstr("\"configuration read again\"")));
  WriteFile("crmsink.toml", Config("", "file = \"crmsink.log\"\nlevel = \"error\"\n"));
  EXPECT_TRUE(Reload());
  const std::string lines = TextOf("crmsink.log");
  EXPECT_TRUE(Reload());
  EXPECT_EQ(TextOf("crmsink.log"), lines) << "less than an error is left out now";
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait().err, "");
}

TEST_F(ReloadTest, SaysWhatWantsARestart) {
  Serve(Config(""));
  WriteFile("crmsink.toml", Config("") + "[queue]\ndeliveries = 17\n");
  EXPECT_TRUE(Reload());
  EXPECT_THAT(server_->ErrSoFar(), HasSubstr("want a restart\",\"settings\":\"queue-deliveries\""));
}

TEST_F(ReloadTest, ALogFileThatCannotBeWrittenIsSaidAtTheStart) {
  WriteFile("crmsink.toml", Config("", "file = \"no/such/folder/log\"\n"));
  const auto outcome = testing::RunProgram({"serve"}, folder_.path().string());
  EXPECT_NE(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write to no/such/folder/log"));
}

TEST_F(ReloadTest, ACertificateThatCannotBeUsedKeepsTheOldKeysToo) {
  const std::string certificate = folder_.File("certificate.pem"), key = folder_.File("tls-key.pem");
  http::TlsPair::Make(certificate, key);
  const std::string tls = "[tls]\ncertificate = \"certificate.pem\"\nkey = \"tls-key.pem\"\n";
  scheme_ = "https";
  Serve(Config("\"old.pem\"") + tls);
  EXPECT_EQ(Post(old_, "1"), 200);
  const int expiry = Metric("crmsink_tls_certificate_expiry_timestamp_seconds");
  EXPECT_NEAR(expiry, static_cast<double>(std::time(nullptr) + 90 * 86'400L), 600);
  WriteFile("certificate.pem", "no certificate");
  WriteFile("crmsink.toml", Config("\"new.pem\"") + tls);
  EXPECT_FALSE(Reload());
  EXPECT_EQ(Post(old_, "2"), 200);
  EXPECT_EQ(Post(new_, "3"), 401);
  http::TlsPair::Make(certificate, key, 10 * 86'400L);
  EXPECT_TRUE(Reload());
  EXPECT_EQ(Post(new_, "4"), 200);
  EXPECT_LT(Metric("crmsink_tls_certificate_expiry_timestamp_seconds"), expiry);
  const auto status = testing::RunProgram({"status"}, folder_.path().string());
  EXPECT_EQ(status.exit_code, 3) << status.err;
  EXPECT_THAT(status.out, HasSubstr("finding,certificate,certificate.pem,expires at "));
}

// What the log is written to takes nothing: the server goes on, and counts what is lost.
using LogOutputTest = ReloadTest;

TEST_F(LogOutputTest, AFullDiskCostsLinesAndNoDelivery) {
  Serve(Config("\"old.pem\"", "file = \"/dev/full\"\n"));
  const int before = Metric("crmsink_log_lines_dropped_total");
  EXPECT_GT(before, 0);
  EXPECT_EQ(Post(old_, "1"), 200);
  EXPECT_TRUE(Await([&] { return Metric("crmsink_log_lines_dropped_total") > before; }));
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait().exit_code, 0);
}

TEST_F(LogOutputTest, AReaderThatHasStoppedCostsLinesAndNoDelivery) {
  const std::string pipe = folder_.File("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(fcntl(reader, F_SETPIPE_SZ, 4096), 0);
  Serve(Config("\"old.pem\"", "file = \"pipe\"\n"));
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    EXPECT_EQ(Post(old_, n, "Later" + n), 200) << "each of them is a line: the first event of its type";
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  EXPECT_TRUE(Await([&] { return Metric("crmsink_log_lines_dropped_total") > 10; }));
  std::string text(65536, '\0');
  EXPECT_GT(read(reader, text.data(), text.size()), 0);
  EXPECT_EQ(Post(old_, "again", "Again"), 200);
  std::string after;
  EXPECT_TRUE(Await([&] {
    const ssize_t size = read(reader, text.data(), text.size());
    if (size > 0) after.append(text, 0, static_cast<std::size_t>(size));
    return after.find("\"type\":\"Again\"") != std::string::npos;
  })) << after;
  server_->Signal(SIGTERM);
  EXPECT_EQ(server_->Wait().exit_code, 0);
  close(reader);
}

}  // namespace
}  // namespace crmsink
