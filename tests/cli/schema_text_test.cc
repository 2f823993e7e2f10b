#include "cli/schema_text.h"

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "entities/catalog.h"
#include "storage/database.h"
#include "storage/schema.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;

TEST(SchemaTextTest, DocumentNamesEveryTableColumnAndEvent) {
  const std::string text = SchemaMarkdown();
  for (const Entity* entity : Entities()) {
    EXPECT_THAT(text, HasSubstr("\n## " + std::string(entity->table) + "\n"));
    for (const EventType& event : entity->events) EXPECT_THAT(text, HasSubstr("`" + std::string(event.name) + "` ("));
    for (const Table& table : TablesOf(*entity)) {
      EXPECT_THAT(text, HasSubstr("`" + table.name + "`"));
      for (const Table::Field& field : table.fields)
        EXPECT_THAT(text, HasSubstr("| `" + std::string(field.name) + "` |"));
    }
  }
}

TEST(SchemaTextTest, JsonNamesEveryTableAndColumn) {
  const auto document = json::Document::Parse(SchemaJson());
  ASSERT_TRUE(document) << document.error().message;
  ASSERT_EQ(document->root().elements().size(), Entities().size());
  std::multiset<std::string> said, declared;
  for (const json::Value& entity : document->root().elements()) {
    for (const json::Value& column : entity.Find("columns")->elements()) {
      said.insert(std::string(entity.Find("table")->text()) + "." + std::string(column.Find("name")->text()));
    }
    for (const json::Value& child : entity.Find("children")->elements()) {
      for (const json::Value& column : child.Find("columns")->elements()) {
        said.insert(std::string(child.Find("table")->text()) + "." + std::string(column.Find("name")->text()));
      }
    }
  }
  for (const Entity* entity : Entities()) {
    for (const Table& table : TablesOf(*entity)) {
      for (const Table::Field& field : table.fields) declared.insert(table.name + "." + std::string(field.name));
    }
  }
  EXPECT_EQ(said, declared);
}

TEST(SchemaTextTest, SqlIsTheDdlOfEveryEntity) {
  const std::string text = SchemaSql(Dialect::kSqlite);
  for (const Entity* entity : Entities()) EXPECT_THAT(text, HasSubstr(Ddl(*entity, Dialect::kSqlite)));
}

TEST(SchemaTextTest, DocumentIsCurrent) {
  std::ifstream file(SourceDir() + std::string("/docs/schema.md"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(text == SchemaMarkdown()) << "crmsink schema > docs/schema.md";
}

TEST(SchemaTextTest, DocumentSaysTheMeaningOfEachColumn) {
  std::istringstream lines(SchemaMarkdown());
  std::size_t columns = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    ++columns;
    const std::size_t type = line.find(" | "), meaning = line.find(" | ", type + 3);
    ASSERT_NE(meaning, std::string::npos) << line;
    EXPECT_FALSE(line.substr(meaning).starts_with(" |  |")) << "no meaning: a note in the declaration, or a line in "
                                                               "cli/column_meanings.cc: "
                                                            << line;
  }
  EXPECT_GT(columns, 700u);
}

TEST(SchemaTextTest, DocumentNamesTheEventsThatSetAColumn) {
  const std::string text = SchemaMarkdown();
  EXPECT_THAT(text,
              HasSubstr("| `paid_at` | timestamp | set by the event: time of InvoicePaid | set by `InvoicePaid` |"));
  EXPECT_THAT(text, HasSubstr("| `email` | text | e-mail address | `email` |"));
}

// The tables of the log stand in the document as a migrated database has them.
TEST(SchemaTextTest, DocumentHasTheTablesOfTheLog) {
  const TempFolder folder;
  const std::string file = folder.File("log.db");
  ASSERT_TRUE(OpenStore("sqlite:" + file, {.create = true, .migrate = true}));
  const std::string text = SchemaMarkdown();
  std::istringstream log(text.substr(text.find("# Tables of the log")));
  std::multiset<std::string> said, there;
  std::string table;
  for (std::string line; std::getline(log, line);) {
    if (line.starts_with("## ")) table = line.substr(3);
    if (line.starts_with("| `")) said.insert(table + "." + line.substr(3, line.find('`', 3) - 3));
  }
  std::set<std::string> declared;
  for (const Entity* entity : Entities()) {
    for (const Table& of_entity : TablesOf(*entity)) declared.insert(of_entity.name);
  }
  SQLite::Database db(file);
  SQLite::Statement columns(db,
                            "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c "
                            "WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'");
  while (columns.executeStep()) {
    const std::string name = columns.getColumn(0).getString();
    if (!declared.contains(name)) there.insert(name + "." + columns.getColumn(1).getString());
  }
  EXPECT_EQ(said, there);
}

}  // namespace
}  // namespace crmsink
