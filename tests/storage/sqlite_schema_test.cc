#include "storage/schema.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "entities/catalog.h"
#include "sink.h"
#include "sqlite_schema_faults.h"
#include "store_case.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class SqliteSchemaTest : public SqliteCase {
 protected:
  std::vector<std::string> Faults() {
    SQLite::Database db(DatabaseUrl::Parse(url_)->file, SQLite::OPEN_READONLY);
    return SchemaFaults(db);
  }
};

// What a failure prints is the DDL that a new migration needs.
TEST_F(SqliteSchemaTest, TheMigratedDatabaseIsWhatTheEntitiesDeclare) { EXPECT_THAT(Faults(), IsEmpty()); }

TEST_F(SqliteSchemaTest, ADisagreementIsSeenWithTheDdlThatMendsIt) {
  Exec("ALTER TABLE contact_dnd_settings DROP COLUMN message");
  EXPECT_THAT(Faults(), ElementsAre("ALTER TABLE contact_dnd_settings ADD COLUMN message TEXT;"));
  Exec(Faults()[0]);
  EXPECT_THAT(Faults(), IsEmpty());
  Exec("DROP TABLE contact_tags; CREATE TABLE x (y)");
  const auto faults = Faults();
  ASSERT_EQ(faults.size(), 2u);
  EXPECT_EQ(faults[0],
            "CREATE TABLE contact_tags (\n  contact_id TEXT NOT NULL,\n  position INTEGER,\n  tag TEXT NOT NULL,\n"
            "  PRIMARY KEY (contact_id, tag)\n) WITHOUT ROWID;");
  Exec(faults[0] + "DROP TABLE x");
  EXPECT_THAT(Faults(), IsEmpty());
}

TEST_F(SqliteSchemaTest, TypesKeysIndexesAndViewsAreSeen) {
  Exec("ALTER TABLE contact_tags ADD COLUMN color TEXT");
  EXPECT_THAT(Faults(), ElementsAre("ALTER TABLE contact_tags DROP COLUMN color;"));
  Exec(
      "DROP TABLE contact_tags; CREATE TABLE contact_tags (contact_id TEXT NOT NULL, position TEXT, tag TEXT, "
      "PRIMARY KEY (tag, contact_id))");
  EXPECT_THAT(
      Faults(),
      ElementsAre("-- contact_tags.contact_id: its place in the key differs",
                  "-- contact_tags.position is TEXT, not INTEGER", "-- contact_tags.tag: NOT NULL differs",
                  "-- contact_tags.tag: its place in the key differs", "-- contact_tags: WITHOUT ROWID differs"));
}

TEST_F(SqliteSchemaTest, IndexesAndViewsAreSeen) {
  Exec("DROP INDEX contacts_by_email; CREATE INDEX more ON contacts_all (name)");
  EXPECT_THAT(Faults(), ElementsAre("CREATE INDEX contacts_by_email ON contacts_all (email);", "DROP INDEX more;"));
  Exec("DROP INDEX more; CREATE INDEX contacts_by_email ON contacts_all (email); DROP VIEW contacts");
  ASSERT_EQ(Faults().size(), 1u);
  Exec(Faults()[0]);
  EXPECT_THAT(Faults(), IsEmpty());
  Exec("DROP VIEW contacts; CREATE VIEW contacts AS SELECT * FROM contacts_all WHERE deleted_at IS NULL");
  EXPECT_EQ(Faults().size(), 1u);
}

TEST(SqliteDdlTest, MakesTheTablesIndexesAndViewsOfAnEntity) {
  for (const Entity* entity : Entities()) {
    SQLite::Database db(":memory:", SQLite::OPEN_READWRITE);
    db.exec(Ddl(*entity, Dialect::kSqlite));
    for (const Table& table : TablesOf(*entity)) EXPECT_TRUE(db.tableExists(table.name)) << table.name;
  }
}

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Which storage class each type has in SQLite, and what else holds of every value.
const std::map<Type, std::pair<std::string, std::string>> kStored = {
    {Type::kText, {"text", "length({}) > 0"}},
    {Type::kJson, {"text", "json_valid({})"}},
    {Type::kInteger, {"integer", "1"}},
    {Type::kNumber, {"real", "1"}},
    {Type::kBoolean, {"integer", "{} IN (0, 1)"}},
    {Type::kTimestamp, {"text", "strftime('%Y-%m-%d %H:%M:%f', {}) = {}"}},
    {Type::kDate, {"text", "date({}) = {}"}},
};

std::string Fill(std::string pattern, const std::string& name) {
  for (auto at = pattern.find("{}"); at != std::string::npos; at = pattern.find("{}")) pattern.replace(at, 2, name);
  return pattern;
}

TEST(StoredTypesTest, EveryFixtureFitsTheDeclaredTypes) {
  TempFolder folder;
  const std::string file = folder.File("crmsink.db");
  Millis now = 0;
  auto sink = Sink::Open({.database = "sqlite:" + file, .signature_required = false, .clock = [&] { return now; }});
  ASSERT_TRUE(sink) << sink.error().message;
  std::size_t delivered = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SourceDir()) / "tests/fixtures")) {
    const std::string expected_file = entry.path().string();
    if (!expected_file.ends_with(".expected.json")) continue;
    const auto expected = json::Document::Parse(ReadFile(expected_file)).value();
    now = ParseTime(expected.root().Find("received_at")->text()).value();
    const std::string body = ReadFile(expected_file.substr(0, expected_file.size() - 14) + ".json");
    const Ack ack = (*sink)->Accept({std::string(expected.root().Find("path")->text()), body, {}, {}});
    EXPECT_TRUE(ack.status == AckStatus::kStored || ack.status == AckStatus::kDuplicate) << expected_file;
    ++delivered;
  }
  EXPECT_GT(delivered, 30u);
  (*sink)->Close();
  SQLite::Database db(file, SQLite::OPEN_READONLY);
  std::map<Type, std::int64_t> values;
  for (const Entity* entity : Entities()) {
    for (const Table& table : TablesOf(*entity)) {
      for (const Table::Field& field : table.fields) {
        const std::string name(field.name);
        const auto& [storage, holds] = kStored.at(field.type);
        SQLite::Statement odd(db, "SELECT count(" + name + "), count(*) FILTER (WHERE " + name +
                                      " IS NOT NULL AND NOT "
                                      "(typeof(" +
                                      name + ") = '" + storage + "' AND " + Fill(holds, name) + ")) FROM " +
                                      table.name);
        ASSERT_TRUE(odd.executeStep());
        values[field.type] += odd.getColumn(0).getInt64();
        EXPECT_EQ(odd.getColumn(1).getInt64(), 0) << table.name << "." << name;
      }
    }
  }
  for (const auto& [type, stored] : kStored) EXPECT_GT(values[type], 10) << static_cast<int>(type);
}

}  // namespace
}  // namespace crmsink
