// Queries in what is SQLite's own.
#include <filesystem>

#include "query_case.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using SqliteQueryTest = QueryCase<SqliteCase>;

TEST_F(SqliteQueryTest, ReadsWhatIsSqlites) {
  EXPECT_EQ(Run("SELECT NULL, 1.5, 'a', X'0001', 9223372036854775807"), "NULL,1.500000,a,blob 2,9223372036854775807");
  EXPECT_EQ(Run("SELECT json_extract(payload, '$.name') FROM events ORDER BY 1"), "Ann Bea");
  EXPECT_EQ(Run("SELECT name FROM sqlite_schema WHERE name = 'contacts'"), "contacts");
  EXPECT_EQ(Run("PRAGMA table_info(contact_tags)").substr(0, 20), "0,contact_id,TEXT,1,");
}

// `extra` and the json columns are of little use without them.
TEST_F(SqliteQueryTest, ReadsTheElementsOfJson) {
  EXPECT_EQ(Run("SELECT value FROM json_each('[1,2]')"), "1 2");
  EXPECT_EQ(Run("SELECT count(*) FROM events, json_tree(payload)"), "10");
}

TEST_F(SqliteQueryTest, TakesParameters) {
  const QueryValue parameters[] = {std::string("c2"), std::int64_t{5}, 0.5, Blob{std::string("\0x", 2)},
                                   std::monostate()};
  EXPECT_EQ(Run("SELECT name, ?2, ?3, ?4, ?5 FROM contacts WHERE id = ?1", parameters), "Bea,5,0.500000,blob 2,NULL");
  EXPECT_EQ(Run("SELECT ?, typeof(?)", std::span(parameters).last(2)), "blob 2,null");
}

TEST_F(SqliteQueryTest, NothingButReadingIsAllowed) {
  const std::string before = Select("SELECT * FROM contacts_all") + Select("SELECT name FROM sqlite_schema");
  TempFolder folder;
  const std::string away = "'" + folder.File("away.db") + "'";
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
  EXPECT_FALSE(std::filesystem::exists(folder.File("away.db")));
  EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2");
}

TEST_F(SqliteQueryTest, NeedsADatabase) {
  TempFolder folder;
  const auto missing = QueryConnection::Open("sqlite:" + folder.File("missing.db"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder.File("missing.db")));
}

}  // namespace
}  // namespace crmsink
