// The program itself, end to end: a delivery over HTTP becomes a row that another command prints.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "process.h"
#include "signature/signing.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::Outcome;
using testing::Process;

const std::string kBody =
    R"({"type":"ContactCreate","locationId":"loc1","id":"c1","firstName":"Ada","email":"ada@example.com",)"
    R"("webhookId":"w1","timestamp":"2025-01-28T14:35:00.000Z"})";

class ServeTest : public ::testing::Test {
 protected:
  ServeTest() { std::ofstream(folder_.File("key.pem")) << signer_.Pem(); }

  std::unique_ptr<Process> Serve(std::vector<std::string> more = {},
                                 const std::map<std::string, std::string>& environment = {}) {
    std::vector<std::string> arguments = {"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto process = std::make_unique<Process>(arguments, Folder(), environment);
    const std::string line = process->FirstLine();
    std::smatch parts;
    if (!std::regex_match(line, parts,
                          std::regex(R"(listening http://127\.0\.0\.1:(\d+) admin http://127\.0\.0\.1:(\d+))"))) {
      ADD_FAILURE() << "it said \"" << line << "\" and " << process->Wait().err;
      return nullptr;
    }
    port_ = std::stoi(parts[1]);
    admin_port_ = std::stoi(parts[2]);
    return process;
  }

  int Post(const std::string& body, const std::string& signature) {
    httplib::Client client("127.0.0.1", port_);
    client.set_tcp_nodelay(true);
    httplib::Headers headers;
    if (!signature.empty()) headers.emplace("X-GHL-Signature", signature);
    const httplib::Result answer = client.Post("/webhooks", headers, body, "application/json");
    return answer ? answer->status : 0;
  }
  int GetAdmin(const char* path) {
    const httplib::Result answer = httplib::Client("127.0.0.1", admin_port_).Get(path);
    return answer ? answer->status : 0;
  }
  Outcome Call(const std::vector<std::string>& arguments) { return testing::RunProgram(arguments, Folder()); }
  [[nodiscard]] std::string Folder() const { return folder_.path().string(); }

  static Outcome Stop(Process& process, int signal = SIGTERM) {
    process.Signal(signal);
    return process.Wait();
  }

  TempFolder folder_;
  testing::Ed25519Signer signer_;
  int port_ = 0, admin_port_ = 0;
};

TEST_F(ServeTest, ASignedDeliveryBecomesARow) {
  const auto server = Serve({"--signature-key", "key.pem"});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, signer_.Sign(kBody)), 200);
  const Outcome beside = Call({"query", "SELECT id, first_name FROM contacts"});
  EXPECT_EQ(beside.exit_code, 0) << beside.err;
  EXPECT_EQ(beside.out, "id,first_name\r\nc1,Ada\r\n");

  const Outcome stopped = Stop(*server);
  EXPECT_EQ(stopped.exit_code, 0);
  EXPECT_EQ(std::count(stopped.out.begin(), stopped.out.end(), '\n'), 1) << stopped.out;
  EXPECT_THAT(stopped.err,
              HasSubstr(R"("message":"first event of its type","type":"ContactCreate","path":"/webhooks"})"));
  EXPECT_THAT(stopped.err, HasSubstr(R"("message":"stopped","stored":1,)"));
  EXPECT_THAT(stopped.err, Not(HasSubstr("ada@example.com")));

  EXPECT_EQ(Call({"query", "SELECT signature_scheme FROM events", "--format", "ndjson"}).out,
            "{\"signature_scheme\":\"ed25519\"}\n");
  const Outcome verified = Call({"verify", "--signature-key", "key.pem"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  EXPECT_THAT(verified.err, HasSubstr("1 good, 0 that cannot be checked"));
  EXPECT_THAT(Call({"verify"}).err, HasSubstr("0 good, 1 that cannot be checked"));
}

TEST_F(ServeTest, WhatIsNotSignedGetsNowhere) {
  const auto server = Serve({"--signature-key", "key.pem"});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, ""), 401);
  EXPECT_EQ(Post(kBody, "N/A"), 401);
  EXPECT_EQ(Post(kBody, testing::Ed25519Signer().Sign(kBody)), 401);
  EXPECT_EQ(Post(kBody + " ", signer_.Sign(kBody)), 401);
  EXPECT_EQ(Post(kBody, signer_.Sign(kBody)), 200);
  EXPECT_EQ(Post(kBody, signer_.Sign(kBody)), 200);
  EXPECT_THAT(Stop(*server).err, HasSubstr(R"("stored":1,"duplicate":1,"quarantined":0,"unsigned":2,"held":2,)"));
  EXPECT_EQ(Call({"query", "SELECT (SELECT count(*) FROM events) AS e, (SELECT count(*) FROM unverified) AS u"}).out,
            "e,u\r\n1,2\r\n");
  EXPECT_EQ(Call({"status"}).exit_code, 3);
}

TEST_F(ServeTest, SaysLoudlyThatSignaturesAreOff) {
  const auto server = Serve({"--signature-mode", "off"});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, ""), 200);
  EXPECT_THAT(Stop(*server).err, HasSubstr(R"("level":"warning","message":"SIGNATURES ARE NOT CHECKED)"));
}

TEST_F(ServeTest, SaysNothingOfSignaturesWhereTheyAreChecked) {
  const auto server = Serve();
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, signer_.Sign(kBody)), 401);
  EXPECT_THAT(Stop(*server).err, Not(HasSubstr("SIGNATURES")));
}

TEST_F(ServeTest, AdminListenerAnswers) {
  const auto server = Serve();
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(GetAdmin("/healthz"), 200);
  EXPECT_EQ(GetAdmin("/readyz"), 200);
  EXPECT_EQ(GetAdmin("/metrics"), 200);
  EXPECT_EQ(Stop(*server).exit_code, 0);
}

TEST_F(ServeTest, StopsOnEachSignal) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto server = Serve();
    ASSERT_NE(server, nullptr);
    EXPECT_EQ(Stop(*server, signal).exit_code, 0) << signal;
  }
}

TEST_F(ServeTest, ReadsItsKeysAgainAndReleasesWhatWasHeld) {
  const testing::Ed25519Signer later;
  const auto server = Serve({"--signature-key", "key.pem"});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, later.Sign(kBody)), 401);
  std::ofstream(folder_.File("key.pem")) << "no key";
  server->Signal(SIGHUP);
  const auto says = [&](const char* text) {
    for (int i = 0; i < 1000 && server->ErrSoFar().find(text) == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return server->ErrSoFar().find(text) != std::string::npos;
  };
  EXPECT_TRUE(says("reading the configuration again failed, the old one stays"));
  const std::string other = R"({"type":"ContactCreate","id":"c2","webhookId":"w2"})";
  EXPECT_EQ(Post(other, signer_.Sign(other)), 200) << "a key that cannot be read leaves those that were";
  std::ofstream(folder_.File("key.pem")) << signer_.Pem() << later.Pem();
  server->Signal(SIGHUP);
  EXPECT_TRUE(says(R"("configuration read again","key_files":1})"));
  EXPECT_TRUE(says(R"("deliveries that were held fit a key now","released":1})"));
  EXPECT_EQ(Post(kBody, later.Sign(kBody)), 200);
  EXPECT_THAT(Stop(*server).err, HasSubstr(R"("stored":1,"duplicate":1,"quarantined":0,"unsigned":0,"held":1,)"));
  EXPECT_EQ(Call({"query", "SELECT first_name FROM contacts WHERE id = 'c1'"}).out, "first_name\r\nAda\r\n");
}

TEST_F(ServeTest, TakesItsSettingsFromEveryLayer) {
  std::ofstream(folder_.File("crmsink.toml")) << "[storage]\ndatabase = 'sqlite:from_file.db'\n[log]\nformat = 'text'\n"
                                                 "[signature]\nmode = 'required'\n";
  const auto server = Serve({"--signature-mode", "off"},
                            {{"CRMSINK_SIGNATURE_MODE", "required"}, {"CRMSINK_DATABASE", "sqlite:from_variable.db"}});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, ""), 200);
  EXPECT_THAT(Stop(*server).err, HasSubstr("info    stopped stored=1"));
  EXPECT_TRUE(std::filesystem::exists(folder_.File("from_variable.db")));
  EXPECT_FALSE(std::filesystem::exists(folder_.File("from_file.db")));
}

TEST_F(ServeTest, ASecondServerOnTheSameDatabaseGivesUp) {
  const auto server = Serve();
  ASSERT_NE(server, nullptr);
  const Outcome second = Call({"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.out, IsEmpty());
  EXPECT_THAT(second.err, HasSubstr("one server per database"));
  EXPECT_EQ(Post(kBody, "N/A"), 401);
}

TEST_F(ServeTest, AnAddressThatIsTakenIsNamed) {
  const auto server = Serve();
  ASSERT_NE(server, nullptr);
  const std::string taken = "127.0.0.1:" + std::to_string(port_);
  const Outcome second =
      Call({"serve", "--database", "sqlite:other.db", "--listen", taken, "--admin-listen", "127.0.0.1:0"});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr(taken));
}

TEST_F(ServeTest, RefusesBodiesOverTheLimit) {
  const auto server = Serve({"--signature-mode", "off", "--body-limit", "1KiB"});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Post(kBody, ""), 200);
  EXPECT_EQ(Post(R"({"pad":")" + std::string(2000, 'x') + "\"}", ""), 413);
}

TEST_F(ServeTest, DumpOfAReplayIsTheSame) {
  const auto server = Serve({"--signature-key", "key.pem"});
  ASSERT_NE(server, nullptr);
  for (int i = 0; i < 20; ++i) {
    const std::string body = R"({"type":"ContactUpdate","locationId":"loc1","id":"c)" + std::to_string(i % 5) +
                             R"(","firstName":"n)" + std::to_string(i) + R"(","webhookId":"u)" + std::to_string(i) +
                             R"(","timestamp":"2025-01-28T14:35:)" + std::to_string(59 - i) + R"(.000Z"})";
    ASSERT_EQ(Post(body, signer_.Sign(body)), 200);
  }
  EXPECT_EQ(Stop(*server).exit_code, 0);
  const Outcome live = Call({"dump"});
  EXPECT_EQ(std::count(live.out.begin(), live.out.end(), '\n'), 5) << live.err;
  EXPECT_EQ(Call({"replay", "--into", "sqlite:copy.db"}).exit_code, 0);
  EXPECT_EQ(Call({"dump", "--database", "sqlite:copy.db"}).out, live.out);
  EXPECT_EQ(Call({"replay"}).exit_code, 0);
  EXPECT_EQ(Call({"dump"}).out, live.out);
  EXPECT_EQ(Call({"dump", "--log"}).out, Call({"dump", "--log", "--database", "sqlite:copy.db"}).out);
}

TEST_F(ServeTest, StandardInputIsAStatement) {
  EXPECT_EQ(Call({"migrate"}).exit_code, 0);
  const Outcome outcome = testing::RunProgram({"query", "-"}, Folder(), {}, "SELECT 1 AS one;\n");
  EXPECT_EQ(outcome.out, "one\r\n1\r\n") << outcome.err;
}

}  // namespace
}  // namespace crmsink
