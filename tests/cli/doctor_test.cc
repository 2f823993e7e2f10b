// `crmsink doctor`: each check, on a thing that is right and on one that is wrong.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/doctor/checks.h"
#include "command_case.h"
#include "http/server.h"
#include "http/tls_pair.h"
#include "signature/signing.h"
#include "storage/database.h"
#include "support/postgres_cluster.h"
#include "support/postgres_database.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using doctor::Check;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DoctorTest : public CommandCase {
 protected:
  // The line of a check, as CSV; empty: there is none.
  std::string Line(const std::string& check) const {
    std::istringstream lines(out_);
    for (std::string line; std::getline(lines, line);) {
      if (line.find("," + check + ",") != std::string::npos) return line;
    }
    return "";
  }
  int Ask(Arguments more = {}, const std::string& url = "", const std::string& listen = "127.0.0.1:0") {
    Arguments arguments = {"doctor", "--listen", listen, "--admin-listen", "127.0.0.1:0", "--database"};
    arguments.push_back(url.empty() ? "sqlite:" + folder_.File("a.db") : url);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Call(std::move(arguments));
  }
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    return names;
  }
  static std::string OkOf(const std::string& check) { return "ok," + check + ","; }
};

TEST_F(DoctorTest, SaysALineForEachCheckAndLeavesNothing) {
  Ask();
  for (const char* check : {"configuration", "signatures", "tls", "user", "descriptors", "clock", "database folder",
                            "database disk", "database sync", "database", "listen", "admin-listen", "round trip"}) {
    EXPECT_THAT(Line(check), Not(IsEmpty())) << check << "\n" << out_;
  }
  EXPECT_THAT(Line("database"), HasSubstr("is not there: serve makes it"));
  EXPECT_THAT(Line("database sync"), HasSubstr("of 4 KiB"));
  EXPECT_THAT(Line("round trip"), HasSubstr(OkOf("round trip")));
  EXPECT_THAT(err_, IsEmpty());
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(DoctorTest, EndsWithThreeWhereThereIsAProblemAlone) {
  const int usual = Ask();
  EXPECT_EQ(usual, out_.find("problem,") == std::string::npos ? kDone : kFinding) << out_;
  EXPECT_EQ(Ask({"--signature-mode", "off"}), kFinding);
  EXPECT_THAT(Line("signatures"), HasSubstr("problem,signatures,are not checked"));
  EXPECT_EQ(Ask({"--no-such-option"}), kWrongUse);
}

TEST_F(DoctorTest, ReadsTheKeys) {
  Ask({"--signature-key", Write("key.pem", testing::Ed25519Signer().Pem())});
  EXPECT_THAT(Line("signatures"), HasSubstr("ok,signatures,HighLevel's own keys and 1 files"));
  EXPECT_EQ(Ask({"--signature-key", Write("bad.pem", "no key")}), kFinding);
  EXPECT_THAT(Line("signatures"), HasSubstr("problem,signatures,"));
  EXPECT_THAT(Line("signatures"), HasSubstr("bad.pem"));
  EXPECT_EQ(Ask({"--signature-key", folder_.File("none.pem")}), kFinding);
}

TEST_F(DoctorTest, ReadsTheCertificate) {
  Ask();
  EXPECT_THAT(Line("tls"), HasSubstr("ok,tls,off"));
  const auto ask = [&](long seconds, const std::string& key) {
    const auto pair = http::TlsPair::Make(folder_.File("tls.crt"), folder_.File("tls.key"), seconds);
    Ask({"--tls-certificate", pair.certificate, "--tls-key", key.empty() ? pair.key : key});
    return Line("tls");
  };
  EXPECT_THAT(ask(90 * 86'400L, ""), HasSubstr("ok,tls,"));
  EXPECT_THAT(ask(13 * 86'400L, ""), HasSubstr("warning,tls,"));
  EXPECT_THAT(ask(-60, ""), HasSubstr("problem,tls,"));
  const auto other = http::TlsPair::Make(folder_.File("other.crt"), folder_.File("other.key"));
  EXPECT_THAT(ask(90 * 86'400L, other.key), HasSubstr("problem,tls,"));
  EXPECT_THAT(ask(90 * 86'400L, folder_.File("none.key")), HasSubstr("problem,tls,"));
}

TEST_F(DoctorTest, AnAddressThatIsTakenIsAProblem) {
  const auto sink = Sink::Open({.database = "sqlite:" + folder_.File("other.db")});
  http::Server::Options options;
  options.listen = "127.0.0.1:0";
  options.admin_listen.clear();
  const auto server = http::Server::Start(options, **sink);
  const std::string address = (*server)->url().substr(std::string("http://").size());
  EXPECT_EQ(Ask({}, "", address), kFinding);
  EXPECT_THAT(Line("listen"), HasSubstr("problem,listen,"));
  EXPECT_THAT(Line("admin-listen"), HasSubstr("ok,admin-listen,"));
}

TEST_F(DoctorTest, AServerThatRunsIsSeenAndNotDisturbed) {
  const auto sink = Sink::Open({.database = "sqlite:" + folder_.File("a.db"), .signature_required = false});
  ASSERT_TRUE(sink);
  Ask();
  EXPECT_THAT(Line("other server"), HasSubstr("warning,other server,a server runs on "));
  EXPECT_THAT(Line("database"), HasSubstr("may be read, written and locked"));
  EXPECT_EQ((*sink)->Accept(Post(R"({"type":"ContactCreate","id":"c","locationId":"l"})")).status, AckStatus::kStored);
}

TEST_F(DoctorTest, LooksIntoTheDatabase) {
  Deliver("a.db", {Post(R"({"type":"ContactCreate","id":"c","locationId":"l"})")});
  Ask();
  EXPECT_THAT(Line("database"), HasSubstr("ok,database,"));
  EXPECT_THAT(Line("other server"), IsEmpty());
  EXPECT_EQ(Ask({}, "sqlite:" + Write("text.db", std::string(9000, 'x'))), kFinding);
  EXPECT_THAT(Line("database"), HasSubstr("problem,database,"));
  EXPECT_EQ(Ask({}, "sqlite:" + folder_.File("no/a.db")), kFinding);
  EXPECT_THAT(Line("database folder"), HasSubstr("problem,database folder,"));
}

TEST_F(DoctorTest, ALockThatSomebodyKeepsIsAProblem) {
  Deliver("a.db", {Post(R"({"type":"ContactCreate","id":"c","locationId":"l"})")});
  const auto store = OpenStore("sqlite:" + folder_.File("a.db"), {});
  ASSERT_TRUE(store);
  const auto writing = (*store)->Begin(Store::Mode::kWrite);
  ASSERT_TRUE(writing);
  EXPECT_EQ(Ask(), kFinding);
  EXPECT_THAT(Line("database"), HasSubstr("another program is writing"));
}

TEST_F(DoctorTest, APasswordThatEverybodyMayReadIsAProblem) {
  const std::string config = Write("c.toml", "[storage]\ndatabase = \"postgresql://u:secret@127.0.0.1:1/d\"\n");
  ::chmod(config.c_str(), 0644);
  EXPECT_EQ(Call({"doctor", "--config", config, "--spool-file", folder_.File("spool.db")}), kFinding);
  EXPECT_THAT(Line("configuration"), HasSubstr("problem,configuration,"));
  EXPECT_THAT(Line("server"), HasSubstr("problem,server,"));
  EXPECT_THAT(out_ + err_, Not(HasSubstr("secret")));
  ::chmod(config.c_str(), 0640);
  Call({"doctor", "--config", config, "--spool-file", folder_.File("spool.db")});
  EXPECT_THAT(Line("configuration"), HasSubstr("ok,configuration,"));
}

TEST_F(DoctorTest, AFolderInMemoryOrWithoutRoomIsAProblem) {
  doctor::Checks checks;
  if (fs::exists("/dev/shm")) {
    doctor::CheckFolder("database", "/dev/shm", 0, checks);
    ASSERT_FALSE(checks.empty());
    EXPECT_EQ(checks.front().level, Check::Level::kProblem);
    EXPECT_THAT(checks.front().found, HasSubstr("in memory"));
  }
  checks.clear();
  doctor::CheckFolder("database", folder_.path(), std::uint64_t{1} << 60, checks);
  const auto room = std::ranges::find(checks, "database disk", &Check::name);
  ASSERT_NE(room, checks.end());
  EXPECT_EQ(room->level, Check::Level::kProblem);
}

TEST_F(DoctorTest, LooksIntoAServerOfPostgres) {
  const PostgresDatabase database;
  const Arguments spool = {"--spool-file", folder_.File("spool.db")};
  Ask(spool, database.url());
  EXPECT_THAT(Line("server"), HasSubstr("ok,server,PostgreSQL "));
  EXPECT_THAT(Line("encoding"), HasSubstr("ok,encoding,UTF8"));
  EXPECT_THAT(Line("connections"), HasSubstr("ok,connections,"));
  EXPECT_THAT(Line("rights"), HasSubstr("warning,rights,\"postgres is a superuser"));
  EXPECT_THAT(Line("spool folder"), Not(IsEmpty()));
  EXPECT_THAT(Line("database folder"), IsEmpty());
  // The tests' server does not sync.
  EXPECT_THAT(Line("durability"), HasSubstr("problem,durability,"));
}

TEST_F(DoctorTest, SaysWhichRightsARoleOfPostgresLacks) {
  PostgresDatabase database;
  const std::string role = "doctor_" + database.name();
  database.Execute("CREATE ROLE " + role + " LOGIN");
  std::string url = database.url();
  url.replace(url.find("postgres@"), 8, role);
  Ask({"--spool-file", folder_.File("spool.db")}, url);
  EXPECT_THAT(Line("rights"), HasSubstr("problem,rights," + role + " may not write"));
  EXPECT_THAT(Line("rights"), HasSubstr("crmsink migrate --writer-role " + role));
  ASSERT_TRUE(GrantRoles(database.url(), "", role));
  Ask({"--spool-file", folder_.File("spool.db")}, url);
  EXPECT_THAT(Line("rights"), HasSubstr("ok,rights,"));
  database.Execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
}

}  // namespace
}  // namespace crmsink
