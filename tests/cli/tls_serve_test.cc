// TLS as whoever runs the program meets it: by its settings, its log and SIGHUP.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/tls_client.h"
#include "http/tls_pair.h"
#include "process.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using http::TlsClient;
using http::TlsPair;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::Outcome;
using testing::Process;

constexpr long kDay = 86'400;

class TlsServeTest : public ::testing::Test {
 protected:
  std::unique_ptr<Process> Serve(const TlsPair& pair) {
    auto process = std::make_unique<Process>(Arguments({"--tls-certificate", pair.certificate, "--tls-key", pair.key}),
                                             folder_.path().string());
    const std::string line = process->FirstLine();
    EXPECT_TRUE(line.starts_with("listening https://127.0.0.1:")) << line << process->ErrSoFar();
    const std::string before = "listening ";
    url_ = line.substr(before.size(), line.find(' ', before.size()) - before.size());
    return process;
  }
  static std::vector<std::string> Arguments(const std::vector<std::string>& more) {
    std::vector<std::string> all = {"serve",       "--listen",         "127.0.0.1:0", "--admin-listen",
                                    "127.0.0.1:0", "--signature-mode", "off",         "--log-format",
                                    "text"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  TlsPair Pair(long seconds, const std::string& name = "crm.example.com") {
    return TlsPair::Make(folder_.File("cert.pem"), folder_.File("key.pem"), seconds, name);
  }
  static bool Says(const Process& server, const std::string& text) {
    for (int i = 0; i < 1000 && server.ErrSoFar().find(text) == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return server.ErrSoFar().find(text) != std::string::npos;
  }
  static Outcome Stop(Process& server) {
    server.Signal(SIGTERM);
    return server.Wait();
  }

  TempFolder folder_;
  std::string url_;
};

TEST_F(TlsServeTest, KeepsWhatComesByTlsAndHasNothingToSayOfAGoodCertificate) {
  const auto server = Serve(Pair(90 * kDay));
  TlsClient client(url_);
  const std::string body = R"({"type":"ContactCreate","id":"c1","webhookId":"w1"})";
  client.Send("POST /webhooks HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
              body);
  EXPECT_EQ(client.Receive().status, 200);
  const Outcome stopped = Stop(*server);
  EXPECT_THAT(stopped.err, HasSubstr("stored=1"));
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_THAT(stopped.err, Not(HasSubstr("TLS certificate")));
}

TEST_F(TlsServeTest, WarnsOfACertificateThatEndsSoon) {
  EXPECT_THAT(Stop(*Serve(Pair(15 * kDay))).err, Not(HasSubstr("TLS certificate")));
  const std::string soon = Stop(*Serve(Pair(13 * kDay + 3600))).err;
  EXPECT_THAT(soon, HasSubstr("warning the TLS certificate ends soon"));
  EXPECT_THAT(soon, HasSubstr("=13"));
  EXPECT_THAT(Stop(*Serve(Pair(-60))).err, HasSubstr("error   the TLS certificate has expired"));
}

TEST_F(TlsServeTest, ReadsTheCertificateAgainAtSighup) {
  const TlsPair pair = Pair(90 * kDay);
  const auto server = Serve(pair);
  EXPECT_EQ(TlsClient(url_).ServerName(), "crm.example.com");
  std::ofstream(pair.key) << "no key";
  server->Signal(SIGHUP);
  EXPECT_TRUE(Says(*server, "error   reading the TLS certificate again failed; the one in use stays"));
  EXPECT_THAT(server->ErrSoFar(), HasSubstr("has no private key in PEM"));
  EXPECT_EQ(TlsClient(url_).ServerName(), "crm.example.com");
  Pair(10 * kDay, "new.example.com");
  server->Signal(SIGHUP);
  EXPECT_TRUE(Says(*server, "info    TLS certificate read again"));
  EXPECT_TRUE(Says(*server, "warning the TLS certificate ends soon"));
  EXPECT_EQ(TlsClient(url_).ServerName(), "new.example.com");
}

TEST_F(TlsServeTest, DoesNotStartWithHalfAPairOrABrokenOne) {
  const TlsPair pair = Pair(90 * kDay);
  const auto complaint = [&](const std::vector<std::string>& more) {
    const Outcome outcome = testing::RunProgram(Arguments(more), folder_.path().string());
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(complaint({"--tls-certificate", pair.certificate}), HasSubstr("tls-key is missing"));
  EXPECT_THAT(complaint({"--tls-key", pair.key}), HasSubstr("tls-certificate is missing"));
  EXPECT_THAT(complaint({"--tls-certificate", "none.pem", "--tls-key", pair.key}),
              HasSubstr("tls-certificate: none.pem cannot be read: No such file or directory"));
}

}  // namespace
}  // namespace crmsink
