#include <gmock/gmock.h>

#include "postgres_schema_faults.h"
#include "store_case.h"

namespace crmsink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PostgresSchemaTest : public PostgresCase {
 protected:
  std::vector<std::string> Faults() { return PostgresSchemaFaults(url_); }
};

// What a failure prints is the DDL that a new migration needs.
TEST_F(PostgresSchemaTest, TheMigratedDatabaseIsWhatTheEntitiesDeclare) { EXPECT_THAT(Faults(), IsEmpty()); }

TEST_F(PostgresSchemaTest, ADisagreementIsSeenWithTheDdlThatMendsIt) {
  Exec("ALTER TABLE contact_dnd_settings DROP COLUMN message");
  const auto column = Faults();
  ASSERT_FALSE(column.empty());
  EXPECT_EQ(column[0], "ALTER TABLE contact_dnd_settings ADD COLUMN message text COLLATE \"C\";");
  for (const std::string& ddl : column) Exec(ddl);
  EXPECT_THAT(Faults(), IsEmpty());
  Exec(
      "DROP TABLE contact_tags; DROP INDEX contacts_by_email; CREATE TABLE x (y text);"
      "CREATE INDEX more ON contacts_all (name)");
  const auto faults = Faults();
  for (const std::string& ddl : faults) Exec(ddl);
  EXPECT_THAT(Faults(), ElementsAre("-- x is in no declaration"));
}

TEST_F(PostgresSchemaTest, TypesKeysViewsAndCommentsAreSeen) {
  Exec(
      "ALTER TABLE contact_tags ALTER COLUMN position TYPE text, ALTER COLUMN tag TYPE text COLLATE \"default\","
      "DROP CONSTRAINT contact_tags_pkey, ADD PRIMARY KEY (tag, contact_id)");
  EXPECT_THAT(Faults(),
              ElementsAre("-- contact_tags.position is text, not bigint",
                          "-- contact_tags.tag is text NOT NULL, not text COLLATE \"C\" NOT NULL",
                          "-- contact_tags is PRIMARY KEY (tag, contact_id), not PRIMARY KEY (contact_id, tag)"));
}

TEST_F(PostgresSchemaTest, ViewsAndCommentsAreSeen) {
  Exec(
      "DROP VIEW contacts; CREATE VIEW contacts AS SELECT * FROM contacts_all WHERE deleted_at IS NULL;"
      "COMMENT ON TABLE contact_tags IS 'something else'; COMMENT ON COLUMN contacts_all.id IS NULL");
  const auto faults = Faults();
  EXPECT_EQ(faults.size(), 4u) << testing::PrintToString(faults);
  for (const std::string& ddl : faults) Exec(ddl);
  EXPECT_THAT(Faults(), testing::SizeIs(testing::Le(1u)));
  for (const std::string& ddl : Faults()) Exec(ddl);
  EXPECT_THAT(Faults(), IsEmpty());
}

}  // namespace
}  // namespace crmsink
