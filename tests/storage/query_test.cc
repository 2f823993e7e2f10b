#include "storage/query.h"

#include "query_case.h"

namespace crmsink {
namespace {

using QueryTest = QueryCase<StoreCase>;
CRMSINK_ON_EACH_BACKEND(QueryTest);

TEST_P(QueryTest, Reads) {
  EXPECT_EQ(Run("SELECT id, name FROM contacts ORDER BY id"), "c1,Ann c2,Bea");
  EXPECT_EQ(Run("  SELECT 1 ; \n ; "), "1");
  EXPECT_EQ(Run("SELECT 1 -- the end"), "1");
  EXPECT_EQ(Run("VALUES (1), (2)"), "1 2");
  EXPECT_EQ(Run("WITH c AS (SELECT name FROM contacts) SELECT count(*) FROM c"), "2");
  EXPECT_EQ(Run("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT sum(x) FROM n"),
            "15");
  EXPECT_EQ(Run("SELECT row_number() OVER (ORDER BY id DESC) FROM contacts"), "1 2");
  EXPECT_EQ(Run("SELECT name FROM contacts WHERE id = 'nobody'"), "");
}

TEST_P(QueryTest, GivesValuesInOneForm) {
  EXPECT_EQ(Run("SELECT NULL, 1.5, 'a', 9223372036854775807"), "NULL,1.500000,a,9223372036854775807");
  Commit(
      {R"({"type":"ContactUpdate","webhookId":"w3","id":"c3","timestamp":"2026-03-01T10:20:30.4Z","dnd":true,)"
       R"("dateOfBirth":"1980-01-05","z":[1.50,"\u00e4"]})",
       R"({"type":"InvoiceUpdate","webhookId":"w4","_id":"i1","total":12.5,"amountPaid":3,"discount":{"value":1e2}})"});
  EXPECT_EQ(Run("SELECT last_event_at, dnd, date_of_birth, extra FROM contacts WHERE id = 'c3'"),
            "2026-03-01 10:20:30.400,1,1980-01-05,{\"z\":[1.5,\"\u00e4\"]}");
  EXPECT_EQ(Run("SELECT received_at FROM events WHERE event_id = 'w3'"), "2026-03-02 00:00:00.000");
  EXPECT_EQ(Run("SELECT total FROM invoices"), "12.500000");
  EXPECT_EQ(Run("SELECT count(*), sum(events) FROM event_counts"), "2,4");
  EXPECT_EQ(Run("SELECT log_key FROM events WHERE event_id = 'w3'"), "blob 16");
  EXPECT_EQ(Run("SELECT payload FROM events WHERE event_id = 'w1'"),
            R"({"type":"ContactUpdate","webhookId":"w1","id":"c1","name":"Ann"})");
}

TEST_P(QueryTest, TakesParameters) {
  const QueryValue parameters[] = {std::string("c2"), std::int64_t{2}};
  EXPECT_EQ(Run("SELECT name FROM contacts WHERE id = $1 AND length(id) = $2", parameters), "Bea");
  const QueryValue since[] = {std::string("2026-03-01 23:59:59.999")};
  EXPECT_EQ(Run("SELECT count(*) FROM events WHERE received_at > $1", since), "2");
  const QueryValue key[] = {Blob{std::string(16, '\0')}};
  EXPECT_EQ(Run("SELECT count(*) FROM events WHERE log_key > $1", key), "2");
}

TEST_P(QueryTest, GivesColumnsAndStopsWhereItIsTold) {
  std::vector<std::string> columns;
  int rows = 0;
  const QuerySink sink{.on_columns = [&](const auto& names) { columns = names; },
                       .on_row =
                           [&](const auto&) {
                             ++rows;
                             return false;
                           }};
  EXPECT_TRUE(connection_.Run("SELECT id AS a, name FROM contacts", {}, sink));
  EXPECT_EQ(columns, (std::vector<std::string>{"a", "name"}));
  EXPECT_EQ(rows, 1);
  EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2");
}

TEST_P(QueryTest, OneStatementAtATime) {
  for (const char* sql : {"SELECT 1; SELECT 2", "SELECT 1; DELETE FROM contacts_all", "SELECT 1;;x", "", ";", " ",
                          "-- nothing", "SELECT * FROM nowhere", "SELECT 1 FROM contacts WHERE", "\xFF"}) {
    EXPECT_EQ(Run(sql).substr(0, 2), "0 ") << sql;
  }
}

TEST_P(QueryTest, ATrailingCommentIsNoStatement) { EXPECT_EQ(Run("SELECT 1; -- the end\n/* of it */"), "1"); }

TEST_P(QueryTest, EndsWhatTakesTooLong) {
  const std::string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Run(endless, {}, std::chrono::milliseconds(200)).substr(0, 2), "2 ");
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, std::chrono::milliseconds(200));
  EXPECT_LT(took, std::chrono::seconds(20));
  EXPECT_EQ(Run("SELECT count(*) FROM contacts", {}, std::chrono::seconds(60)), "2");
}

TEST_P(QueryTest, ReadsWhileAnotherWrites) {
  auto transaction = store_->Begin(Store::Mode::kWrite);
  ASSERT_TRUE(transaction);
  EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2");
}

TEST_P(QueryTest, NeedsADatabase) {
  EXPECT_EQ(QueryConnection::Open("x").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(QueryConnection::Open("").error().code, ErrorCode::kInvalid);
}

// A slice is a thousand rows.
TEST_P(QueryTest, GivesAnyNumberOfRows) {
  for (const int rows : {999, 1'000, 1'001, 5'000}) {
    int seen = 0;
    const std::string sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < " +
                            std::to_string(rows) + ") SELECT x FROM n";
    const auto done = connection_.Run(sql, {}, {.on_columns = {}, .on_row = [&](const auto&) { return ++seen > 0; }});
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(seen, rows);
  }
}

}  // namespace
}  // namespace crmsink
