// Queries in what is PostgreSQL's own.
#include <filesystem>

#include "query_case.h"
#include "support/postgres_database.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using PostgresQueryTest = QueryCase<PostgresCase>;

TEST_F(PostgresQueryTest, ReadsWhatIsPostgresqls) {
  EXPECT_EQ(Run("TABLE contacts").substr(0, 2), "c1");
  EXPECT_EQ(Run("SELECT '\\x00ff'::bytea, 12::smallint, 2.50::numeric, 1e20::float8, 'a'::varchar, true, false"),
            "blob 2,12,2.500000,100000000000000000000.000000,a,1,0");
  EXPECT_EQ(Run("SELECT payload::jsonb->>'name' FROM events ORDER BY 1"), "Ann Bea");
  EXPECT_EQ(Run("SELECT '2026-01-15 10:20:30+02'::timestamptz, '2026-01-15 10:20:30.1'::timestamp, '2026-01-15'::date"),
            "2026-01-15 08:20:30.000,2026-01-15 10:20:30.100,2026-01-15");
  EXPECT_EQ(Run(R"(SELECT '{"b": 1.50, "a": [null]}'::jsonb)"), R"({"a":[null],"b":1.5})");
  EXPECT_EQ(Run("SELECT obj_description('contacts_all'::regclass) IS NOT NULL"), "1");
}

TEST_F(PostgresQueryTest, NothingButReadingIsAllowed) {
  Exec(
      "CREATE FUNCTION writes() RETURNS integer LANGUAGE sql VOLATILE AS "
      "$$INSERT INTO contact_tags (contact_id, tag) VALUES ('x', 'y'); SELECT 1$$;"
      "CREATE FUNCTION pretends() RETURNS integer LANGUAGE plpgsql STABLE AS "
      "$$BEGIN PERFORM writes(); RETURN 1; END$$");
  const auto state = [this] {
    return Select("SELECT * FROM contacts_all") + Select("SELECT count(*) FROM contact_tags") +
           Select("SELECT count(*), sum(oid::bigint) FROM pg_class") + Select("SELECT last_value FROM events_seq_seq");
  };
  const std::string before = state();
  TempFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms::all);
  const std::string away = "'" + folder.File("away") + "'";
  const std::string statements[] = {
      "INSERT INTO contacts_all (id) VALUES ('x')",
      "INSERT INTO contact_tags (contact_id, tag) VALUES ('x', 'y') RETURNING tag",
      "UPDATE contacts_all SET name = 'x'",
      "UPDATE contacts_all SET name = 'x' RETURNING name",
      "DELETE FROM contacts_all",
      "DELETE FROM contacts_all RETURNING id",
      "MERGE INTO contacts_all USING contacts ON false WHEN MATCHED THEN DELETE",
      "WITH gone AS (DELETE FROM contacts_all RETURNING id) SELECT * FROM gone",
      "WITH put AS (INSERT INTO contact_tags (contact_id, tag) VALUES ('x', 'y') RETURNING tag) SELECT * FROM put",
      "TRUNCATE contacts_all",
      "SELECT writes()",
      "SELECT pretends()",
      "SELECT * FROM contacts_all FOR UPDATE",
      "SELECT nextval('events_seq_seq')",
      "SELECT setval('events_seq_seq', 99)",
      "SELECT * INTO x FROM contacts",
      "CREATE TABLE x AS SELECT 1",
      "CREATE TABLE x (y text)",
      "CREATE TEMP TABLE x (y text)",
      "DROP TABLE contacts_all",
      "ALTER TABLE contacts_all ADD COLUMN x text",
      "CREATE FUNCTION x() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
      "DO $$BEGIN DELETE FROM contacts_all; END$$",
      "CALL x()",
      "COPY contacts_all TO " + away,
      "COPY contacts_all TO PROGRAM 'touch " + folder.File("away") + "'",
      "COPY (SELECT 1) TO PROGRAM 'touch " + folder.File("away") + "'",
      "SELECT 1 FROM (COPY contacts_all TO STDOUT)",
      "SET search_path = public",
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
      "SET TRANSACTION READ WRITE",
      "RESET ALL",
      "SELECT set_config('transaction_read_only', 'off', true)",
      "WITH w AS MATERIALIZED (SELECT set_config('transaction_read_only', 'off', true)) SELECT writes() FROM w",
      "BEGIN",
      "COMMIT",
      "COMMIT; DELETE FROM contacts_all",
      "SELECT 1; COMMIT; DELETE FROM contacts_all",
      "SELECT 1; DELETE FROM contacts_all",
      "ROLLBACK; DROP TABLE contacts_all",
      "SAVEPOINT x",
      "PREPARE x AS DELETE FROM contacts_all",
      "EXECUTE x",
      "DECLARE x CURSOR FOR SELECT 1",
      "FETCH ALL FROM crmsink_query",
      "CLOSE crmsink_query",
      "LISTEN x",
      "NOTIFY x",
      "LOCK TABLE contacts_all",
      "VACUUM",
      "ANALYZE",
      "CHECKPOINT",
      "GRANT ALL ON contacts_all TO PUBLIC",
      "CREATE ROLE x",
      "ALTER SYSTEM SET fsync = off",
      "REFRESH MATERIALIZED VIEW x",
      "EXPLAIN ANALYZE DELETE FROM contacts_all",
  };
  for (const std::string& sql : statements) {
    const std::string outcome = Run(sql);
    EXPECT_EQ(outcome.substr(0, 2), "0 ") << sql << " gave " << outcome;
    EXPECT_EQ(state(), before) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists(folder.File("away")));
  // PostgreSQL 15 lets it pass; it is undone all the same.
  Run("SELECT lo_create(0)");
  EXPECT_EQ(Select("SELECT count(*) FROM pg_largeobject_metadata"), "0");
  EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2");
}

TEST_F(PostgresQueryTest, SaysWhatIsWrongWithoutWhatItAdds) {
  EXPECT_EQ(Run("DELETE FROM contacts_all"),
            "0 syntax error at or near \"DELETE\"; one statement that reads is meant: SELECT, VALUES, TABLE or WITH");
  EXPECT_EQ(Run("SELECT frist_name FROM contacts"),
            "0 column \"frist_name\" does not exist HINT: Perhaps you meant to reference the column "
            "\"contacts.first_name\".");
  EXPECT_EQ(Run("WITH gone AS (DELETE FROM contacts_all RETURNING id) SELECT * FROM gone"),
            "0 query only reads: this statement wants more");
}

// What one query sets is gone with it.
TEST_F(PostgresQueryTest, ForgetsWhatAQueryHasSet) {
  for (const char* sql : {"SELECT set_config('search_path', 'pg_catalog', false)",
                          "SELECT set_config('default_transaction_read_only', 'off', false)",
                          "SELECT set_config('TimeZone', 'Asia/Tokyo', false)"}) {
    Run(sql);
    EXPECT_EQ(Run("SELECT count(*) FROM contacts"), "2") << sql;
    EXPECT_EQ(Run("SELECT '2026-01-15 10:20:30+00'::timestamptz"), "2026-01-15 10:20:30.000") << sql;
  }
}

TEST_F(PostgresQueryTest, NeedsTheSchema) {
  const PostgresDatabase bare(PostgresDatabase::Content::kNothing);
  EXPECT_EQ(QueryConnection::Open(bare.url()).error().code, ErrorCode::kNotFound);
  const auto missing = QueryConnection::Open(TestServer::Read().Url("no_such_database"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound) << missing.error().message;
  EXPECT_EQ(QueryConnection::Open(url_ + "&schema=elsewhere").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace crmsink
