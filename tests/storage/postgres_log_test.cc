// What the log itself refuses, whoever asks; and who may do what to the tables.
#include <unistd.h>

#include "sink.h"
#include "store_case.h"
#include "support/postgres_database.h"

namespace crmsink {
namespace {

class PostgresLogTest : public PostgresCase {
 protected:
  PostgresLogTest() {
    Commit({R"({"type":"ContactUpdate","webhookId":"w1","id":"c1"})", R"({"type":"LATER","webhookId":"w2"})"});
    before_ = Log();
  }

  std::string Log() { return Select("SELECT * FROM events ORDER BY seq"); }

  // Why a statement was refused; empty when it was not.
  std::string Refusal(const std::string& sql, const std::string& role = "postgres") {
    try {
      PostgresClient(UrlOf(role)).Execute(sql);
      return "";
    } catch (const std::exception& error) {
      return error.what();
    }
  }
  bool IsRefused(const std::string& sql, const std::string& role = "postgres") {
    return Refusal(sql, role).find(role == "postgres" ? "events are append-only" : "permission denied") !=
           std::string::npos;
  }

  std::string UrlOf(const std::string& role) const {
    std::string url = url_;
    return url.replace(url.find("postgres@"), 8, role);
  }

  std::string before_;
};

TEST_F(PostgresLogTest, NothingIsDeleted) {
  EXPECT_TRUE(IsRefused("DELETE FROM events"));
  EXPECT_TRUE(IsRefused("DELETE FROM events WHERE seq = 1"));
  EXPECT_TRUE(IsRefused("TRUNCATE events"));
  EXPECT_TRUE(IsRefused("TRUNCATE contacts_all, events CASCADE"));
  EXPECT_TRUE(IsRefused("MERGE INTO events USING (SELECT 1) AS one ON true WHEN MATCHED THEN DELETE"));
  EXPECT_EQ(Log(), before_);
}

TEST_F(PostgresLogTest, WhatArrivedIsNotChanged) {
  for (const char* column :
       {"event_id", "source", "path", "signature_scheme", "signature_key", "signature", "payload"}) {
    EXPECT_TRUE(IsRefused("UPDATE events SET " + std::string(column) + " = 'x'")) << column;
    EXPECT_TRUE(IsRefused("UPDATE events SET type = 'x', " + std::string(column) + " = 'x' WHERE seq = 2")) << column;
    EXPECT_TRUE(IsRefused("INSERT INTO events SELECT * FROM events ON CONFLICT (seq) DO UPDATE SET " +
                          std::string(column) + " = 'x'"))
        << column;
  }
  EXPECT_TRUE(IsRefused("UPDATE events SET received_at = now()"));
  EXPECT_TRUE(IsRefused("UPDATE events SET seq = 9 WHERE seq = 1"));
  EXPECT_EQ(Log(), before_);
}

TEST_F(PostgresLogTest, WhatWasDerivedMayBeWrittenAgain) {
  for (const char* column :
       {"type", "entity", "entity_id", "location_id", "agency_id", "app_id", "app_version_id", "trace_id"}) {
    EXPECT_EQ(Refusal("UPDATE events SET " + std::string(column) + " = 'x'"), "") << column;
    EXPECT_EQ(Select("SELECT DISTINCT " + std::string(column) + " FROM events"), "x");
  }
  EXPECT_EQ(Refusal("UPDATE events SET occurred_at = '2020-01-01', sent_at = NULL"), "");
  EXPECT_EQ(Refusal("UPDATE events SET log_key = '\\x00112233445566778899aabbccddeeff' WHERE seq = 1"), "");
}

TEST_F(PostgresLogTest, TwoEventsNeverHaveOnePlace) {
  EXPECT_NE(Refusal("UPDATE events SET log_key = (SELECT log_key FROM events WHERE seq = 1) WHERE seq = 2"), "");
  EXPECT_NE(Refusal("INSERT INTO events SELECT * FROM events"), "");
  EXPECT_EQ(Log(), before_);
}

TEST_F(PostgresLogTest, TheDoorOpensAndClosesInOneTransaction) {
  EXPECT_EQ(Refusal("BEGIN; INSERT INTO log_maintenance (reason, opened_at) VALUES ('erasure', now());"
                    "DELETE FROM events WHERE seq = 1; UPDATE events SET payload = '{}' WHERE seq = 2;"
                    "UPDATE log_maintenance SET closed_at = now(); COMMIT"),
            "");
  EXPECT_EQ(Select("SELECT seq, payload FROM events"), "2,{}");
  EXPECT_TRUE(IsRefused("DELETE FROM events"));
  EXPECT_TRUE(IsRefused("UPDATE events SET payload = 'x'"));
  EXPECT_EQ(Select("SELECT reason FROM log_maintenance WHERE closed_at IS NOT NULL"), "erasure");
}

// Roles belong to the server: each test's have names of their own.
class PostgresRoleTest : public PostgresLogTest {
 protected:
  PostgresRoleTest() {
    Exec("CREATE ROLE " + reader_ + " LOGIN; CREATE ROLE " + writer_ + " LOGIN");
    const auto granted = GrantRoles(url_, reader_, writer_);
    EXPECT_TRUE(granted) << granted.error().message;
  }
  ~PostgresRoleTest() override {
    const std::string both = reader_ + ", " + writer_;
    Exec("DROP OWNED BY " + both + " CASCADE; DROP ROLE " + both);
  }

  const std::string suffix_ = std::to_string(::getpid());
  const std::string reader_ = "reader_" + suffix_, writer_ = "writer_" + suffix_;
};

TEST_F(PostgresRoleTest, TheWriterServesAndCannotChangeTheLog) {
  {
    auto sink = Sink::Open({.database = UrlOf(writer_), .signature_required = false});
    ASSERT_TRUE(sink) << sink.error().message;
    const auto accept = [&](const std::string& body) { return (*sink)->Accept({"/webhooks", body, {}, {}}).status; };
    EXPECT_EQ(accept(R"({"type":"ContactUpdate","webhookId":"w3","id":"c1","tags":["a","b"]})"), AckStatus::kStored);
    EXPECT_EQ(accept(R"({"type":"ContactUpdate","webhookId":"w4","id":"c1","tags":["b"]})"), AckStatus::kStored);
    EXPECT_EQ(accept(R"({"type":"ContactDelete","webhookId":"w5","id":"c1"})"), AckStatus::kStored);
    EXPECT_EQ(accept(R"({"type":"ContactUpdate","webhookId":"w5","id":"c1"})"), AckStatus::kQuarantined);
    EXPECT_EQ(accept("no json"), AckStatus::kQuarantined);
    (*sink)->CountRefusal("404", "/x");
  }
  EXPECT_EQ(Select("SELECT count(*) FROM events"), "5");
  EXPECT_EQ(Select("SELECT count(*) FROM refusals"), "1");
  const std::string log = Log();
  for (const char* sql : {"DELETE FROM events", "UPDATE events SET payload = 'x'", "TRUNCATE events",
                          "INSERT INTO log_maintenance (reason, opened_at) VALUES ('x', now())",
                          "UPDATE schema_migrations SET name = 'x'", "SET session_replication_role = replica",
                          "CREATE TABLE x (y text)", "DELETE FROM event_counts"}) {
    EXPECT_TRUE(IsRefused(sql, writer_)) << sql << ": " << Refusal(sql, writer_);
  }
  for (const char* sql : {"ALTER TABLE events DISABLE TRIGGER ALL", "DROP TRIGGER events_refuse_delete ON events",
                          "DROP TABLE contacts_all CASCADE", "DROP TABLE events"}) {
    EXPECT_NE(Refusal(sql, writer_).find("must be owner"), std::string::npos) << sql << Refusal(sql, writer_);
  }
  EXPECT_EQ(Log(), log);
}

TEST_F(PostgresRoleTest, TheReaderReadsByPlainNamesAndInUtc) {
  Exec("CREATE TABLE later (x text)");
  PostgresClient client(UrlOf(reader_));
  client.Execute("RESET ALL");
  EXPECT_EQ(client.Select("SELECT id FROM contacts"), "c1");
  EXPECT_EQ(client.Select("SELECT count(*) FROM events"), "2");
  EXPECT_EQ(client.Select("SELECT count(*) FROM later"), "0");
  EXPECT_EQ(client.Select("SHOW TimeZone"), "UTC");
  for (const char* sql :
       {"DELETE FROM contacts_all", "INSERT INTO contact_tags VALUES ('c1', 0, 'x')", "UPDATE contacts SET name = 'x'",
        "DELETE FROM events", "CREATE TABLE x (y text)", "SELECT nextval('events_seq_seq')"}) {
    EXPECT_TRUE(IsRefused(sql, reader_)) << sql << ": " << Refusal(sql, reader_);
  }
}

TEST_F(PostgresRoleTest, GrantingAgainIsNoFailureAndAnUnknownRoleIs) {
  EXPECT_TRUE(GrantRoles(url_, reader_, ""));
  EXPECT_TRUE(GrantRoles(url_, "", writer_));
  const auto unknown = GrantRoles(url_, "nobody\"; DROP TABLE contacts_all; --", "");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("does not exist"), std::string::npos) << unknown.error().message;
  EXPECT_EQ(Select("SELECT id FROM contacts"), "c1");
}

}  // namespace
}  // namespace crmsink
