#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.h"
#include "cli/schema_text.h"
#include "command_case.h"
#include "signature/signing.h"

namespace crmsink {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using CommandTest = CommandCase;

TEST_F(CommandTest, HelpOnEachSaysUsageAndExitCodes) {
  EXPECT_EQ(Call({"--help"}), kDone);
  const std::string overview = out_;
  for (const Command& command : AllCommands()) {
    const std::string name(command.name);
    EXPECT_THAT(overview, HasSubstr("\n  " + name + " "));
    std::vector<Arguments> ways = {{name}};
    for (const Subcommand& subcommand : command.subcommands) ways.push_back({name, std::string(subcommand.name)});
    for (Arguments& way : ways) {
      const std::string words = way.size() == 1 ? name : name + " " + way[1];
      Arguments asked = way;
      asked.push_back("--help");
      EXPECT_EQ(Call(asked), kDone) << words;
      EXPECT_THAT(out_, HasSubstr("Usage: crmsink " + words)) << words;
      EXPECT_THAT(out_, HasSubstr("Exit codes: 0 ")) << words;
      EXPECT_THAT(err_, IsEmpty());
      const std::string help = out_;
      way.insert(way.begin(), "help");
      EXPECT_EQ(Call(way), kDone) << words;
      EXPECT_EQ(out_, help) << words;
    }
  }
}

TEST_F(CommandTest, ASubcommandMustBeNamed) {
  EXPECT_EQ(Call({"events"}), kWrongUse);
  EXPECT_THAT(err_, HasSubstr("Usage: crmsink events SUBCOMMAND"));
  EXPECT_EQ(Call({"quarantine", "rety"}), kWrongUse);
  EXPECT_EQ(err_, "crmsink: unknown subcommand \"rety\"; the nearest known one is retry (crmsink quarantine --help)\n");
}

TEST_F(CommandTest, HelpOfServeNamesEverySettingInItsThreeSpellings) {
  ASSERT_EQ(Call({"serve", "--help"}), kDone);
  std::string flat;
  std::istringstream words(out_);
  for (std::string word; words >> word;) flat += word + " ";
  for (const char* text : {"--signature-key FILE", "CRMSINK_SIGNATURE_KEY,", "[signature] keys)", "--listen HOST:PORT",
                           "Default: 127.0.0.1:8080", "--signature-mode required|off", "1KiB to 256MiB"}) {
    EXPECT_THAT(flat, HasSubstr(text));
  }
  EXPECT_THAT(flat, ::testing::Not(HasSubstr("builtin-keys")));
}

TEST_F(CommandTest, WithoutACommandItHelpsAndComplains) {
  EXPECT_EQ(Call({}), kWrongUse);
  EXPECT_THAT(out_, IsEmpty());
  EXPECT_THAT(err_, HasSubstr("Usage: crmsink COMMAND"));
}

TEST_F(CommandTest, UnknownCommandNamesTheNearest) {
  EXPECT_EQ(Call({"sevre"}), kWrongUse);
  EXPECT_EQ(err_, "crmsink: unknown command \"sevre\"; the nearest known one is serve (crmsink --help)\n");
}

TEST_F(CommandTest, UnknownOptionNamesTheNearest) {
  EXPECT_EQ(Call({"serve", "--lisen=127.0.0.1:1"}), kWrongUse);
  EXPECT_EQ(err_, "crmsink: unknown option --lisen; the nearest known one is --listen (crmsink serve --help)\n");
}

TEST_F(CommandTest, WrongUseIsTwo) {
  for (const Arguments& arguments : std::vector<Arguments>{{"query"},
                                                           {"query", "SELECT 1", "more"},
                                                           {"query", "SELECT 1", "--format", "xml"},
                                                           {"query", "SELECT 1", "--timeout", "60"},
                                                           {"query", "SELECT 1", "--file", "x.sql"},
                                                           {"query", "--file", "/nowhere/x.sql"},
                                                           {"query", "SELECT 1", "--database", "mysql://x"},
                                                           {"replay", "--into", "x.db"},
                                                           {"serve", "--signature-mode", "none"},
                                                           {"serve", "--config", "/nowhere/crmsink.toml"},
                                                           {"schema", "--format", "csv"},
                                                           {"version", "extra"},
                                                           {"events", "show"},
                                                           {"events", "list", "--limit", "-1"},
                                                           {"quarantine", "show"},
                                                           {"urls"},
                                                           {"urls", "--base", "crm.example.com"},
                                                           {"completion"},
                                                           {"completion", "fish"},
                                                           {"replay", "--entity", "contcats"},
                                                           {"replay", "--entity", "contacts", "notes"},
                                                           {"replay", "--entity", "x", "--into", "sqlite:x.db"},
                                                           {"replay", "--from", "x.db"},
                                                           {"replay", "--from", "sqlite:x.db", "--entity", "notes"},
                                                           {"replay", "--from", "sqlite:x", "--into", "sqlite:y"},
                                                           {"replay", "--from", "postgresql://u:secret@h/d"},
                                                           {"replay", "--into", "postgresql:///d?password=secret"},
                                                           {"dump", "--database", "postgresql://u:secret@h/d"},
                                                           {"dump", "--database", "postgre://u:secret@h/d"},
                                                           {"query", "SELECT 1", "--schema", "a-b"},
                                                           {"migrate", "--reader-role", "r"},
                                                           {"migrate", "--writer-role", "w"},
                                                           {"migrate", "--status", "--writer-role", "w"},
                                                           {"dump", "--listen", "127.0.0.1:1"}}) {
    EXPECT_EQ(Call(arguments), kWrongUse) << arguments.front();
    EXPECT_THAT(err_, StartsWith("crmsink: "));
    EXPECT_THAT(err_, ::testing::Not(HasSubstr("secret")));
    EXPECT_THAT(out_, IsEmpty());
  }
}

TEST_F(CommandTest, PrintsItsVersion) {
  EXPECT_EQ(Call({"version"}), kDone);
  EXPECT_THAT(out_, ::testing::MatchesRegex("crmsink [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const std::string version = out_;
  EXPECT_EQ(Call({"--version"}), kDone);
  EXPECT_EQ(out_, version);
}

TEST_F(CommandTest, SchemaPrintsEachForm) {
  EXPECT_EQ(Call({"schema"}), kDone);
  EXPECT_EQ(out_, SchemaMarkdown());
  EXPECT_EQ(Call({"schema", "--format", "json"}), kDone);
  EXPECT_EQ(out_, SchemaJson());
  EXPECT_EQ(Call({"schema", "--format", "sql"}), kDone);
  EXPECT_EQ(out_, SchemaSql(Dialect::kSqlite));
}

TEST_F(CommandTest, ReadersSayWhereThereIsNoDatabase) {
  const std::string where = "crmsink: no database at " + folder_.File("none.db");
  for (const Arguments& arguments : std::vector<Arguments>{{"query", "SELECT 1"},
                                                           {"status"},
                                                           {"verify"},
                                                           {"dump"},
                                                           {"migrate", "--status"},
                                                           {"events", "list"},
                                                           {"events", "show", "1"},
                                                           {"events", "tail"},
                                                           {"quarantine", "list"},
                                                           {"quarantine", "show", "1"},
                                                           {"quarantine", "retry"},
                                                           {"unverified", "list"},
                                                           {"unverified", "retry"}}) {
    EXPECT_EQ(CallOn("none.db", arguments), kFailed) << arguments.front();
    EXPECT_EQ(err_, where + "; no configuration file was read\n") << arguments.front();
    EXPECT_THAT(out_, IsEmpty()) << arguments.front();
    EXPECT_FALSE(std::filesystem::exists(folder_.File("none.db"))) << arguments.front();
  }
  const std::string config = Write("crmsink.toml", "[storage]\ndatabase = 'sqlite:" + folder_.File("none.db") + "'\n");
  search_ = {config};
  EXPECT_EQ(Call({"status"}), kFailed);
  EXPECT_EQ(err_, where + "; the configuration read was " + config + "\n");
}

TEST_F(CommandTest, MigrateMakesADatabaseAndSaysWhatItDid) {
  EXPECT_EQ(CallOn("new.db", {"migrate"}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("applied "));
  EXPECT_EQ(CallOn("new.db", {"migrate"}), kDone);
  EXPECT_EQ(out_, "nothing to do: the schema is up to date\n");
  EXPECT_EQ(CallOn("new.db", {"migrate", "--status", "--format", "csv"}), kDone);
  EXPECT_THAT(out_, StartsWith("version,name,applied_at\r\n1,"));
}

TEST_F(CommandTest, ReplayFromIsReplayIntoSeenFromTheOtherSide) {
  Deliver("from.db", {Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"w1"})"), Post("no json")});
  EXPECT_EQ(CallOn("to.db", {"replay", "--from", "sqlite:" + folder_.File("from.db")}), kDone) << err_;
  EXPECT_EQ(out_, "1 events copied, 0 were there already; 1 deliveries that are no events copied\n");
  EXPECT_EQ(CallOn("from.db", {"replay", "--into", "sqlite:" + folder_.File("to.db")}), kDone) << err_;
  EXPECT_EQ(out_, "0 events copied, 1 were there already; 0 deliveries that are no events copied\n");
  EXPECT_EQ(CallOn("to.db", {"query", "SELECT id FROM contacts"}), kDone);
  EXPECT_EQ(out_, "id\r\nc1\r\n");
  EXPECT_EQ(CallOn("to.db", {"replay", "--from", "sqlite:" + folder_.File("none.db")}), kFailed);
  EXPECT_THAT(err_, StartsWith("crmsink: no database at " + folder_.File("none.db")));
  EXPECT_EQ(CallOn("to.db", {"replay", "--from", "sqlite:" + folder_.File("to.db")}), kFailed);
  EXPECT_THAT(err_, HasSubstr("copy into another database"));
}

TEST_F(CommandTest, QueryPrintsRows) {
  ASSERT_EQ(CallOn("q.db", {"migrate"}), kDone) << err_;
  EXPECT_EQ(CallOn("q.db", {"query", "SELECT 1 AS a, 'x' AS b"}), kDone) << err_;
  EXPECT_EQ(out_, "a,b\r\n1,x\r\n");
  EXPECT_EQ(CallOn("q.db", {"query", "-", "--format", "json"}, "SELECT 2 AS a"), kDone);
  EXPECT_EQ(out_, "[\n{\"a\":2}\n]\n");
  EXPECT_EQ(CallOn("q.db", {"query", "--file", Write("q.sql", "SELECT 3 AS a\n;\n"), "--format=ndjson"}), kDone);
  EXPECT_EQ(out_, "{\"a\":3}\n");
  EXPECT_EQ(CallOn("q.db", {"query", "--file", "-", "--format=ndjson"}, "SELECT 4 AS a"), kDone);
  EXPECT_EQ(out_, "{\"a\":4}\n");
  EXPECT_EQ(CallOn("q.db", {"query", "SELECT id FROM contacts", "--format", "table"}), kDone);
  EXPECT_EQ(out_, " id\n----\n(0 rows)\n");
}

TEST_F(CommandTest, AFlagTakesOneValueAndLeavesTheStatementBehindIt) {
  ASSERT_EQ(CallOn("q.db", {"migrate"}), kDone) << err_;
  EXPECT_EQ(Call({"query", "--database", "sqlite:" + folder_.File("q.db"), "--format", "ndjson", "SELECT 1 AS one"}),
            kDone);
  EXPECT_EQ(out_, "{\"one\":1}\n");
  EXPECT_EQ(Call({"query", "--database", "sqlite:" + folder_.File("q.db"), "SELECT 1 AS one"}), kDone) << err_;
}

TEST_F(CommandTest, QueryFailsOnWhatIsWrongOrWrites) {
  ASSERT_EQ(CallOn("q.db", {"migrate"}), kDone) << err_;
  EXPECT_EQ(CallOn("q.db", {"query", "SELECT nothing"}), kFailed);
  EXPECT_THAT(err_, HasSubstr("nothing"));
  for (const char* sql : {"DELETE FROM contacts_all", "DROP VIEW contacts", "PRAGMA journal_mode=DELETE",
                          "ATTACH ':memory:' AS x", "CREATE TEMP TABLE t(a)", "SELECT 1; DELETE FROM contacts_all"}) {
    EXPECT_EQ(CallOn("q.db", {"query", sql}), kFailed) << sql;
    EXPECT_THAT(out_, IsEmpty()) << sql;
  }
}

TEST_F(CommandTest, QueryIsEndedByItsTimeout) {
  ASSERT_EQ(CallOn("q.db", {"migrate"}), kDone) << err_;
  EXPECT_EQ(CallOn("q.db", {"query", "--timeout", "50ms",
                            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"}),
            kFailed);
  EXPECT_THAT(err_, HasSubstr("took longer"));
}

TEST_F(CommandTest, EmptyDatabaseVerifiesReplaysAndDumps) {
  ASSERT_EQ(CallOn("e.db", {"migrate"}), kDone) << err_;
  EXPECT_EQ(CallOn("e.db", {"verify"}), kDone);
  EXPECT_EQ(out_, "table,id,what,in_database,from_log\r\n");
  EXPECT_THAT(err_, HasSubstr("0 events, 0 entities: the tables say what the log says"));
  EXPECT_EQ(CallOn("e.db", {"replay"}), kDone) << err_;
  EXPECT_EQ(CallOn("e.db", {"dump"}), kDone) << err_;
  EXPECT_THAT(out_, IsEmpty());
  EXPECT_EQ(CallOn("e.db", {"status"}), kDone) << err_ << out_;
}

TEST_F(CommandTest, VerifyOfASampleSaysThatItIsOne) {
  std::vector<Arrival> arrivals;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "contact-" + std::to_string(i);
    arrivals.push_back(Post(R"({"type":"ContactCreate","timestamp":"2026-03-01T10:00:00Z","webhookId":"w)" + id +
                            R"(","id":")" + id + R"(","firstName":"Ada"})"));
  }
  ASSERT_NO_FATAL_FAILURE(Deliver("v.db", arrivals));
  EXPECT_EQ(CallOn("v.db", {"verify", "--sample", "20"}), kDone) << out_ << err_;
  EXPECT_THAT(err_, StartsWith("20 events, 20 entities: no difference in this sample; "));

  SQLite::Database(folder_.File("v.db"), SQLite::OPEN_READWRITE).exec("UPDATE contacts_all SET first_name = 'Eve'");
  EXPECT_EQ(CallOn("v.db", {"verify", "--sample", "20"}), kFinding);
  EXPECT_THAT(out_, HasSubstr(",first_name,Eve,Ada\r\n"));
  EXPECT_THAT(err_, HasSubstr("20 events, 20 entities: 20 differences; "));
  EXPECT_EQ(CallOn("v.db", {"verify", "--sample", "some"}), kWrongUse);
}

TEST_F(CommandTest, StatusBeginsWithAVerdictAndItsFindings) {
  ASSERT_EQ(CallOn("s.db", {"migrate"}), kDone) << err_;
  EXPECT_EQ(CallOn("s.db", {"status", "--format", "table"}), kDone);
  EXPECT_THAT(out_, StartsWith("all is well\n\n level "));
  EXPECT_EQ(CallOn("s.db", {"status", "--check", "--format", "csv"}), kDone);
  EXPECT_THAT(out_, StartsWith("level,section,name,value,remedy\r\nverdict,status,all is well,"));
  EXPECT_THAT(out_, HasSubstr("info,database,check,ok,"));

  auto sink = Sink::Open({.database = "sqlite:" + folder_.File("s.db"), .signature_required = false});
  ASSERT_TRUE(sink) << sink.error().message;
  EXPECT_EQ((*sink)->Accept({"/webhooks", "no json", {}, {}}).status, AckStatus::kQuarantined);
  sink->reset();
  EXPECT_EQ(CallOn("s.db", {"status", "--format", "table"}), kFinding);
  EXPECT_THAT(out_, StartsWith("1 finding\n\n"));
  EXPECT_EQ(CallOn("s.db", {"status", "--format", "ndjson"}), kFinding);
  EXPECT_THAT(out_, StartsWith(R"({"level":"verdict","section":"status","name":"1 finding",)"));
  EXPECT_THAT(out_, HasSubstr("\n{\"level\":\"finding\",\"section\":\"quarantine\","));
  EXPECT_LT(out_.find("\"finding\""), out_.find("\"info\"")) << "what is to be done comes first";
}

TEST_F(CommandTest, KeyFilesAreNamedWithTheirFault) {
  const std::string secret = Write("secret.pem", testing::Ed25519Signer().PrivatePem());
  EXPECT_EQ(Call({"serve", "--signature-key", secret}), kWrongUse);
  EXPECT_THAT(err_, StartsWith("crmsink: --signature-key: " + secret + " holds a private key"));
  EXPECT_THAT(err_, ::testing::Not(HasSubstr("BEGIN")));
  const std::string config = Write("crmsink.toml", "[signature]\nkeys = ['/nowhere/key.pem']\n");
  EXPECT_EQ(Call({"serve", "--config", config}), kWrongUse);
  EXPECT_EQ(err_, "crmsink: " + config + ":2: /nowhere/key.pem is no file that can be read\n");
  EXPECT_EQ(Call({"verify", "--signature-key", folder_.path().string()}), kWrongUse);
  EXPECT_THAT(err_, EndsWith("is no file that can be read\n"));
}

TEST_F(CommandTest, SlipsInVariablesAreWarnedOf) {
  ASSERT_EQ(CallOn("w.db", {"migrate"}), kDone);
  environment_["CRMSINK_LISTN"] = "x";
  EXPECT_EQ(CallOn("w.db", {"dump"}), kDone);
  EXPECT_EQ(err_, "crmsink: warning: CRMSINK_LISTN is not read; CRMSINK_LISTEN is\n");
}

TEST_F(CommandTest, SaysWhenStandardOutputIsFull) {
  std::istringstream in;
  std::ostringstream err;
  std::ofstream full("/dev/full");
  Terminal terminal{in, full, err, false, {}, {}};
  EXPECT_EQ(crmsink::Run({"schema"}, terminal), kFailed);
  EXPECT_EQ(err.str(), "crmsink: standard output could not take everything\n");
}

}  // namespace
}  // namespace crmsink
