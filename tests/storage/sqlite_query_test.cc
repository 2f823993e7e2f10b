#include "storage/query.h"

#include <filesystem>

#include "store_case.h"

namespace crmsink {
namespace {

class QueryTest : public StoreCase {
 protected:
  QueryTest() {
    Commit({R"({"type":"ContactUpdate","webhookId":"w1","id":"c1","name":"Ann"})",
            R"({"type":"ContactUpdate","webhookId":"w2","id":"c2","name":"Bea"})"});
  }

  QueryConnection Connect() {
    auto connection = QueryConnection::Open(url_);
    EXPECT_TRUE(connection) << connection.error().message;
    return *std::move(connection);
  }

  // Rows by ' ', values by ','; "CODE message" where it failed.
  std::string Run(std::string_view sql, std::span<const QueryValue> parameters = {},
                  std::chrono::milliseconds timeout = {}) {
    std::string text;
    const auto on_row = [&](const std::vector<QueryValue>& row) {
      if (!text.empty()) text += ' ';
      for (const QueryValue& value : row) {
        if (&value != &row.front()) text += ',';
        if (const auto* integer = std::get_if<std::int64_t>(&value)) text += std::to_string(*integer);
        if (const auto* number = std::get_if<double>(&value)) text += std::to_string(*number);
        if (const auto* string = std::get_if<std::string>(&value)) text += *string;
        if (const auto* blob = std::get_if<Blob>(&value)) text += "blob " + std::to_string(blob->bytes.size());
        if (std::holds_alternative<std::monostate>(value)) text += "NULL";
      }
      return true;
    };
    const auto done = connection_.Run(sql, parameters, {.on_columns = {}, .on_row = on_row}, timeout);
    return done ? text : std::to_string(static_cast<int>(done.error().code)) + " " + done.error().message;
  }

  QueryConnection connection_ = Connect();
};

static_assert(static_cast<int>(ErrorCode::kInvalid) == 0 && static_cast<int>(ErrorCode::kUnavailable) == 2);

TEST_F(QueryTest, Reads) {
  EXPECT_EQ(Run("SELECT id, name FROM contacts ORDER BY id"), "c1,Ann c2,Bea");
  EXPECT_EQ(Run("  SELECT 1 ; \n ; "), "1");
  EXPECT_EQ(Run("SELECT 1 -- the end"), "1");
  EXPECT_EQ(Run("SELECT NULL, 1.5, 'a', X'0001', 9223372036854775807"), "NULL,1.500000,a,blob 2,9223372036854775807");
  EXPECT_EQ(Run("VALUES (1), (2)"), "1 2");
  EXPECT_EQ(Run("WITH c AS (SELECT name FROM contacts) SELECT count(*) FROM c"), "2");
  EXPECT_EQ(Run("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT sum(x) FROM n"),
            "15");
  EXPECT_EQ(Run("SELECT json_extract(payload, '$.name') FROM events ORDER BY 1"), "Ann Bea");
  EXPECT_EQ(Run("SELECT row_number() OVER (ORDER BY id DESC) FROM contacts"), "1 2");
  EXPECT_EQ(Run("SELECT name FROM sqlite_schema WHERE name = 'contacts'"), "contacts");
  EXPECT_EQ(Run("PRAGMA table_info(contact_tags)").substr(0, 20), "0,contact_id,TEXT,1,");
}

// `extra` and the json columns are of little use without them.
TEST_F(QueryTest, ReadsTheElementsOfJson) {
  EXPECT_EQ(Run("SELECT value FROM json_each('[1,2]')"), "1 2");
  EXPECT_EQ(Run("SELECT count(*) FROM events, json_tree(payload)"), "10");
}

TEST_F(QueryTest, TakesParameters) {
  const QueryValue parameters[] = {std::string("c2"), std::int64_t{5}, 0.5, Blob{std::string("\0x", 2)},
                                   std::monostate()};
  EXPECT_EQ(Run("SELECT name, ?2, ?3, ?4, ?5 FROM contacts WHERE id = ?1", parameters), "Bea,5,0.500000,blob 2,NULL");
  EXPECT_EQ(Run("SELECT ?, typeof(?)", std::span(parameters).last(2)), "blob 2,null");
}

TEST_F(QueryTest, GivesColumnsAndStopsWhereItIsTold) {
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

TEST_F(QueryTest, NothingButReadingIsAllowed) {
  const std::string before = Select("SELECT * FROM contacts_all") + Select("SELECT name FROM sqlite_schema");
  const std::string away = "'" + folder_.File("away.db") + "'";
  const std::string statements[] = {
      "INSERT INTO contacts_all (id) VALUES ('x')",
      "INSERT INTO contacts_all (id) VALUES ('x') RETURNING id",
      "REPLACE INTO contacts_all (id) VALUES ('x')",
      "UPDATE contacts_all SET name = 'x'",
      "UPDATE contacts_all SET name = 'x' RETURNING name",
      "DELETE FROM contacts_all",
      "DELETE FROM contacts_all RETURNING id",
      "WITH c AS (SELECT 1) DELETE FROM contacts_all",
      "WITH c AS (SELECT 1) INSERT INTO contacts_all (id) SELECT * FROM c",
      "DROP TABLE contacts_all",
      "UPDATE sqlite_master SET sql = ''",
      "UPDATE sqlite_schema SET name = 'x' RETURNING name",
      "DELETE FROM sqlite_master",
      "DROP VIEW contacts",
      "CREATE TABLE x (y)",
      "CREATE TEMP TABLE x (y)",
      "CREATE TEMP VIEW x AS SELECT 1",
      "CREATE VIRTUAL TABLE x USING fts5(y)",
      "CREATE INDEX x ON contacts_all (name)",
      "CREATE TRIGGER x AFTER INSERT ON events BEGIN SELECT 1; END",
      "ALTER TABLE contacts_all RENAME TO x",
      "ALTER TABLE contacts_all ADD COLUMN x",
      "ATTACH " + away + " AS x",
      "DETACH main",
      "VACUUM",
      "VACUUM INTO " + away,
      "REINDEX",
      "ANALYZE",
      "BEGIN",
      "BEGIN IMMEDIATE",
      "COMMIT",
      "ROLLBACK",
      "SAVEPOINT x",
      "RELEASE x",
      "PRAGMA journal_mode = DELETE",
      "PRAGMA journal_mode",
      "PRAGMA wal_checkpoint(TRUNCATE)",
      "PRAGMA user_version = 5",
      "PRAGMA writable_schema = ON",
      "PRAGMA query_only = OFF",
      "PRAGMA trusted_schema = ON",
      "PRAGMA optimize",
      "PRAGMA temp_store_directory = '/tmp'",
      "PRAGMA incremental_vacuum",
      "SELECT * FROM pragma_wal_checkpoint",
      "SELECT * FROM pragma_optimize",
      "SELECT load_extension('x')",
      "SELECT LOAD_EXTENSION('x')",
      "SELECT id FROM contacts WHERE Load_Extension('x') IS NULL",
      "EXPLAIN DELETE FROM contacts_all",
  };
  for (const std::string& sql : statements) {
    const std::string outcome = Run(sql);
    EXPECT_EQ(outcome.substr(0, 2), "0 ") << sql << " gave " << outcome;
  }
  EXPECT_EQ(Select("SELECT * FROM contacts_all") + Select("SELECT name FROM sqlite_schema"), before);
  EXPECT_FALSE(std::filesystem::exists(folder_.File("away.db")));
  EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2");
}

TEST_F(QueryTest, OneStatementAtATime) {
  for (const char* sql : {"SELECT 1; SELECT 2", "SELECT 1; DELETE FROM contacts_all", "SELECT 1;;x", "", ";", " ",
                          "-- nothing", "SELECT", "SELECT * FROM nowhere", "SELECT 1 FROM contacts WHERE", "\xFF"}) {
    EXPECT_EQ(Run(sql).substr(0, 2), "0 ") << sql;
  }
}

TEST_F(QueryTest, ATrailingCommentIsNoStatement) { EXPECT_EQ(Run("SELECT 1; -- the end\n/* of it */"), "1"); }

TEST_F(QueryTest, EndsWhatTakesTooLong) {
  const std::string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(Run(endless, {}, std::chrono::milliseconds(200)).substr(0, 2), "2 ");
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, std::chrono::milliseconds(200));
  EXPECT_LT(took, std::chrono::seconds(20));
  EXPECT_EQ(Run("SELECT count(*) FROM contacts", {}, std::chrono::seconds(60)), "2");
}

TEST_F(QueryTest, ReadsWhileAnotherWrites) {
  auto transaction = store_->Begin(Store::Mode::kWrite);
  ASSERT_TRUE(transaction);
  EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2");
}

TEST_F(QueryTest, NeedsADatabase) {
  const auto missing = QueryConnection::Open("sqlite:" + folder_.File("missing.db"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder_.File("missing.db")));
  EXPECT_EQ(QueryConnection::Open("x").error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace crmsink
