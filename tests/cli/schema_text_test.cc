#include "cli/schema_text.h"

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "entities/catalog.h"
#include "storage/schema.h"

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
  const std::string text = SchemaSql();
  for (const Entity* entity : Entities()) EXPECT_THAT(text, HasSubstr(SqliteDdl(*entity)));
}

}  // namespace
}  // namespace crmsink
