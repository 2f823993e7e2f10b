// What the log itself refuses, whoever asks.
#include "store_case.h"

namespace crmsink {
namespace {

class SqliteLogTest : public SqliteCase {
 protected:
  SqliteLogTest() {
    Commit({R"({"type":"ContactUpdate","webhookId":"w1","id":"c1"})", R"({"type":"LATER","webhookId":"w2"})"});
    before_ = Log();
  }

  std::string Log() { return Select("SELECT * FROM events ORDER BY seq"); }

  // Why a statement was refused; empty when it was not.
  std::string Refusal(const std::string& sql) {
    try {
      Exec(sql);
      return "";
    } catch (const std::exception& e) {
      return e.what();
    }
  }

  std::string before_;
};

constexpr const char* kRefused = "events are append-only";

TEST_F(SqliteLogTest, NothingIsDeleted) {
  EXPECT_EQ(Refusal("DELETE FROM events"), kRefused);
  EXPECT_EQ(Refusal("DELETE FROM events WHERE seq = 1"), kRefused);
  EXPECT_EQ(Log(), before_);
}

TEST_F(SqliteLogTest, WhatArrivedIsNotChanged) {
  for (const char* column :
       {"event_id", "source", "received_at", "path", "signature_scheme", "signature_key", "signature", "payload"}) {
    EXPECT_EQ(Refusal("UPDATE events SET " + std::string(column) + " = 'x'"), kRefused) << column;
    EXPECT_EQ(Refusal("UPDATE events SET type = 'x', " + std::string(column) + " = 'x' WHERE seq = 2"), kRefused);
    EXPECT_EQ(Refusal("UPDATE OR IGNORE events SET " + std::string(column) + " = 'x'"), kRefused) << column;
    EXPECT_EQ(Refusal("UPDATE OR REPLACE events SET " + std::string(column) + " = 'x'"), kRefused) << column;
  }
  EXPECT_EQ(Refusal("UPDATE events SET seq = 9 WHERE seq = 1"), kRefused);
  EXPECT_EQ(Refusal("UPDATE events SET rowid = 9 WHERE seq = 1"), kRefused);
  EXPECT_EQ(Log(), before_);
}

TEST_F(SqliteLogTest, WhatWasDerivedMayBeWrittenAgain) {
  for (const char* column : {"type", "entity", "entity_id", "location_id", "agency_id", "app_id", "app_version_id",
                             "trace_id", "occurred_at", "sent_at"}) {
    EXPECT_EQ(Refusal("UPDATE events SET " + std::string(column) + " = 'x'"), "") << column;
    EXPECT_EQ(Select("SELECT DISTINCT " + std::string(column) + " FROM events"), "x");
  }
  EXPECT_EQ(Refusal("UPDATE events SET log_key = X'00112233445566778899AABBCCDDEEFF' WHERE seq = 1"), "");
}

TEST_F(SqliteLogTest, ARowThatIsThereIsNotReplaced) {
  const std::string columns = "source, received_at, path, payload, type, occurred_at) ";
  const std::string values = "'x', 'x', 'x', 'x', 'x', 'x')";
  for (const char* verb : {"INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"}) {
    EXPECT_EQ(Refusal(std::string(verb) + " INTO events (seq, event_id, log_key, " + columns +
                      "VALUES (1, 'x', X'00', " + values),
              "");
    EXPECT_EQ(Refusal(std::string(verb) + " INTO events (event_id, log_key, " + columns +
                      "VALUES ('x', (SELECT log_key FROM events WHERE seq = 1), " + values),
              "");
    EXPECT_EQ(Log(), before_) << verb;
  }
}

TEST_F(SqliteLogTest, TheDerivedKeyDoesNotPushAnEventOut) {
  EXPECT_NE(Refusal("UPDATE events SET log_key = (SELECT log_key FROM events WHERE seq = 1) WHERE seq = 2"), "");
  Refusal("UPDATE OR REPLACE events SET log_key = (SELECT log_key FROM events WHERE seq = 1) WHERE seq = 2");
  EXPECT_EQ(Log(), before_);
}

TEST_F(SqliteLogTest, TheDoorOpensAndClosesInOneTransaction) {
  EXPECT_EQ(Refusal("BEGIN; INSERT INTO log_maintenance (reason, opened_at) VALUES ('erasure', '2026-01-01');"
                    "DELETE FROM events WHERE seq = 1; UPDATE events SET payload = '{}' WHERE seq = 2;"
                    "UPDATE log_maintenance SET closed_at = '2026-01-01'; COMMIT"),
            "");
  EXPECT_EQ(Select("SELECT seq, payload FROM events"), "2,{}");
  EXPECT_EQ(Refusal("DELETE FROM events"), kRefused);
  EXPECT_EQ(Refusal("UPDATE events SET payload = 'x'"), kRefused);
  EXPECT_EQ(Select("SELECT reason FROM log_maintenance WHERE closed_at IS NOT NULL"), "erasure");
}

}  // namespace
}  // namespace crmsink
