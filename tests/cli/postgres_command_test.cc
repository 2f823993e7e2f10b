// The commands on a server.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_case.h"
#include "support/test_database.h"

namespace crmsink {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class PostgresCommandTest : public CommandCase {
 protected:
  PostgresCommandTest() { environment_["CRMSINK_DATABASE"] = server_->url(); }

  void Fill() {
    Millis now = 1'772'409'600'000;
    auto sink =
        Sink::Open({.database = server_->url(), .signature_required = false, .clock = [&now] { return now += 1000; }});
    ASSERT_TRUE(sink) << sink.error().message;
    for (const char* body :
         {R"({"type":"ContactCreate","id":"c1","locationId":"L1","webhookId":"w1","firstName":"Ada","tags":["a","b"],)"
          R"("dateAdded":"2026-03-01T10:00:00Z","shoeSize":44,"timestamp":"2026-03-01T10:00:00Z"})",
          R"({"type":"ContactUpdate","id":"c2","webhookId":"w2","firstName":"Bo","timestamp":"2026-03-01T11:00:00Z"})",
          R"({"type":"MoonLanding","webhookId":"w3"})", "no json"}) {
      EXPECT_NE((*sink)->Accept(Post(body)).status, AckStatus::kBusy);
    }
  }

  std::unique_ptr<TestDatabase> server_ = TestDatabase::Make(DatabaseUrl::Backend::kPostgres);
};

TEST_F(PostgresCommandTest, EventsAreListedFilteredAndShown) {
  Fill();
  EXPECT_EQ(Call({"events", "list"}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("seq,received_at,type,"));
  EXPECT_THAT(out_, HasSubstr(",2026-03-02 00:00:01.000,ContactCreate,Contact,c1,L1,2026-03-01 10:00:00.000,w1\r\n"));
  for (const Arguments& filter : std::vector<Arguments>{{"--entity-id", "c1"},
                                                        {"--location", "L1"},
                                                        {"--type", "contactcreate"},
                                                        {"--until", "2026-03-02T00:00:01.500Z"}}) {
    Arguments arguments{"events", "list", "--since", "2026-03-02", "--format", "ndjson"};
    arguments.insert(arguments.end(), filter.begin(), filter.end());
    EXPECT_EQ(Call(arguments), kDone) << err_;
    EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 1) << out_;
    EXPECT_THAT(out_, HasSubstr("\"event_id\":\"w1\""));
  }
  EXPECT_EQ(Call({"events", "show", "w1", "--format", "csv"}), kDone) << err_;
  EXPECT_THAT(out_, AllOf(HasSubstr("says,contacts_all.first_name,Ada,Ada\r\n"),
                          HasSubstr("says,contacts_all.created_at,2026-03-01 10:00:00.000,2026-03-01 10:00:00.000\r\n"),
                          HasSubstr("says,contact_tags.rows,2,2\r\n"), HasSubstr("contacts_all.extra.shoeSize,44,")));
  EXPECT_EQ(Call({"events", "tail", "--limit", "1", "--format", "ndjson"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("MoonLanding"));
}

TEST_F(PostgresCommandTest, WhatIsKeptAsideIsListedAndShown) {
  Fill();
  EXPECT_EQ(Call({"quarantine", "list"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr(",2026-03-02 00:00:04.000,/webhooks,,7,"));
  EXPECT_EQ(Call({"quarantine", "show", "1", "--raw"}), kDone) << err_;
  EXPECT_EQ(out_, "no json");
  EXPECT_EQ(Call({"quarantine", "retry"}), kFinding) << err_;
  EXPECT_EQ(Call({"unverified", "list"}), kDone) << err_;
}

TEST_F(PostgresCommandTest, QueryReadsAndOnlyReads) {
  Fill();
  EXPECT_EQ(Call({"query", "SELECT id, extra, created_at, dnd, deleted_at FROM contacts_all ORDER BY id LIMIT 1"}),
            kDone)
      << err_;
  EXPECT_EQ(out_, "id,extra,created_at,dnd,deleted_at\r\nc1,\"{\"\"shoeSize\"\":44}\",2026-03-01 10:00:00.000,,\r\n");
  EXPECT_EQ(Call({"query", "SELECT true AS yes, 2.5::numeric AS number, date '2026-01-15' AS day"}), kDone) << err_;
  EXPECT_EQ(out_, "yes,number,day\r\n1,2.5,2026-01-15\r\n");
  for (const char* sql :
       {"DELETE FROM contacts_all", "SELECT 1; SELECT 2", "SELECT setval('crmsink.events_seq_seq', 9)",
        "WITH gone AS (DELETE FROM contacts_all RETURNING id) SELECT * FROM gone", "SELECT nothing"}) {
    EXPECT_EQ(Call({"query", sql}), kFailed) << sql;
  }
  EXPECT_EQ(Call({"query", "SELECT pg_sleep(20)", "--timeout", "100ms"}), kFailed);
  EXPECT_THAT(err_, HasSubstr("--timeout"));
}

TEST_F(PostgresCommandTest, VerifyReplayDumpAndStatusRun) {
  Fill();
  EXPECT_EQ(Call({"verify"}), kDone) << out_ << err_;
  EXPECT_EQ(Call({"dump"}), kDone) << err_;
  const std::string dump = out_;
  EXPECT_EQ(Call({"replay"}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("3 events, 2 entities: 0 rows changed"));
  EXPECT_EQ(Call({"replay", "--into", "sqlite:" + folder_.File("copy.db")}), kDone) << err_;
  EXPECT_EQ(CallOn("copy.db", {"dump"}), kDone) << err_;
  EXPECT_EQ(out_, dump);
  Call({"status", "--format", "csv"});
  EXPECT_THAT(out_, AllOf(HasSubstr("info,database,version,PostgreSQL "), HasSubstr("unmapped field,contacts.shoeSize"),
                          HasSubstr("unmapped event,MoonLanding")));
}

TEST_F(PostgresCommandTest, MigrateMakesASchemaOfAnyName) {
  EXPECT_EQ(Call({"migrate"}), kDone) << err_;
  EXPECT_EQ(out_, "nothing to do: the schema is up to date\n");
  EXPECT_EQ(Call({"events", "list", "--schema", "second"}), kFailed);
  EXPECT_THAT(err_, HasSubstr("run `crmsink migrate`"));
  EXPECT_EQ(Call({"migrate", "--schema", "second"}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("applied "));
  EXPECT_EQ(Call({"events", "list", "--schema", "second"}), kDone) << err_;
  EXPECT_EQ(Call({"migrate", "--status", "--schema", "second"}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("version,name,applied_at\r\n1,"));
}

TEST_F(PostgresCommandTest, MigrateLetsAReaderAndAWriterIn) {
  Fill();
  const std::string reader = "reader_of_" + folder_.path().filename().string();
  const std::string writer = "writer_of_" + folder_.path().filename().string();
  server_->Execute("CREATE ROLE \"" + reader + "\" LOGIN; CREATE ROLE \"" + writer + "\" LOGIN");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(Call({"migrate", "--reader-role", reader, "--writer-role", writer}), kDone) << err_;
  }
  EXPECT_THAT(out_, AllOf(HasSubstr("granted to " + reader), HasSubstr("granted to " + writer)));
  const auto may = [&](const std::string& role, const std::string& table, const std::string& right) {
    return server_->Select("SELECT has_table_privilege('" + role + "', 'crmsink." + table + "', '" + right +
                           "')::int") == "1";
  };
  EXPECT_TRUE(may(reader, "contacts", "SELECT"));
  EXPECT_TRUE(may(reader, "events", "SELECT"));
  EXPECT_FALSE(may(reader, "contacts_all", "INSERT, UPDATE, DELETE, TRUNCATE"));
  EXPECT_FALSE(may(reader, "events", "INSERT, UPDATE, DELETE, TRUNCATE"));
  EXPECT_TRUE(may(writer, "events", "INSERT"));
  EXPECT_FALSE(may(writer, "events", "UPDATE, DELETE, TRUNCATE"));
  EXPECT_TRUE(may(writer, "contact_tags", "DELETE"));
  EXPECT_FALSE(may(writer, "schema_migrations", "INSERT, UPDATE, DELETE"));
  EXPECT_EQ(server_->Select("SELECT array_to_string(rolconfig, ';') FROM pg_roles WHERE rolname = '" + reader + "'"),
            "search_path=crmsink, public;TimeZone=UTC");
  EXPECT_EQ(Call({"migrate", "--reader-role", "nobody"}), kFailed);
  EXPECT_THAT(err_, HasSubstr("\"nobody\" does not exist"));
  server_->Execute("DROP OWNED BY \"" + reader + "\", \"" + writer + "\"; DROP ROLE \"" + reader + "\", \"" + writer +
                   "\"");
}

TEST_F(PostgresCommandTest, NothingSaysThePassword) {
  environment_["CRMSINK_DATABASE"] = "postgresql://u:secret@127.0.0.1:1/d";
  for (const Arguments& arguments :
       std::vector<Arguments>{{"status"},
                              {"verify"},
                              {"dump"},
                              {"replay"},
                              {"migrate"},
                              {"events", "list"},
                              {"query", "SELECT 1"},
                              {"serve", "--spool-enabled", "off", "--listen", "127.0.0.1:0"},
                              {"quarantine", "retry"}}) {
    EXPECT_NE(Call(arguments), kDone) << arguments.front();
    EXPECT_THAT(out_ + err_, Not(HasSubstr("secret"))) << arguments.front();
    EXPECT_FALSE((out_ + err_).empty()) << arguments.front();
  }
}

}  // namespace
}  // namespace crmsink
