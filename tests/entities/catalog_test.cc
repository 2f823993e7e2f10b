#include "entities/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "projection/plan.h"
#include "storage/schema.h"
#include "support/paths.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < Count(text, separator); ++i) pieces.emplace_back(Piece(text, separator, i));
  return pieces;
}

std::string Lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

// An entity's own columns and those of its children.
std::vector<Column> AllColumns(const Entity& entity) {
  std::vector<Column> columns(entity.columns.begin(), entity.columns.end());
  for (const Child& child : entity.children) columns.insert(columns.end(), child.columns.begin(), child.columns.end());
  return columns;
}

TEST(CatalogTest, IsSortedByTable) {
  const auto entities = Entities();
  ASSERT_GE(entities.size(), 5u);
  for (std::size_t i = 1; i < entities.size(); ++i) EXPECT_LT(entities[i - 1]->table, entities[i]->table);
}

TEST(CatalogTest, FindsByNameAndByTable) {
  for (const Entity* entity : Entities()) {
    EXPECT_EQ(FindEntity(entity->name), entity);
    EXPECT_EQ(FindEntity(entity->table), entity);
  }
  for (const char* name : {"", "contact", "contacts_all", "contact_tags", "CONTACTS"}) {
    EXPECT_EQ(FindEntity(name), nullptr) << name;
  }
}

TEST(CatalogTest, TablesNamesAndViewsAreOfOneEach) {
  std::set<std::string> names = {"events",   "quarantine",      "unverified",       "event_counts",
                                 "refusals", "log_maintenance", "schema_migrations"};
  for (const Entity* entity : Entities()) {
    EXPECT_EQ(FindEntity(entity->name), entity) << "two of the name " << entity->name;
    if (entity->kind == Kind::kMirror) {
      EXPECT_TRUE(names.emplace(entity->table).second) << entity->table;
    }
    for (const Table& table : TablesOf(*entity)) EXPECT_TRUE(names.insert(table.name).second) << table.name;
  }
}

TEST(CatalogTest, EveryFileOfAnEntityIsInTheCatalogue) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(SourceDir()) / "src/entities")) {
    files += entry.path().extension() == ".cc" && entry.path().stem() != "catalog" && entry.path().stem() != "glossary";
  }
  EXPECT_EQ(files, Entities().size());
}

TEST(CatalogTest, EventNamesAndAliasesAreOfOneEachWhateverTheirCase) {
  std::set<std::string> names;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      EXPECT_TRUE(names.insert(Lowered(event.name)).second) << event.name;
      for (const std::string& alias : Split(event.aliases, '|'))
        EXPECT_TRUE(names.insert(Lowered(alias)).second) << alias;
    }
  }
}

TEST(CatalogTest, BodyTypesAreNoNames) {
  std::set<std::string> names;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      names.insert(Lowered(event.name));
      for (const std::string& alias : Split(event.aliases, '|')) names.insert(Lowered(alias));
    }
  }
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      for (const std::string& type : Split(event.body_types, '|')) EXPECT_FALSE(names.contains(Lowered(type))) << type;
      if (!event.body_types.empty()) {
        EXPECT_FALSE(entity->shape.empty()) << event.name << ": nothing tells it by";
      }
    }
  }
}

// Somebody who joins two tables finds the same thing in columns of the same name.
TEST(CatalogTest, AColumnOfOneNameHasOneType) {
  std::map<std::string, std::pair<Type, std::string>> types;
  for (const Entity* entity : Entities()) {
    for (const Table& table : TablesOf(*entity)) {
      for (const Table::Field& field : table.fields) {
        const auto [known, is_new] = types.try_emplace(std::string(field.name), field.type, table.name);
        EXPECT_EQ(known->second.first, field.type)
            << table.name << "." << field.name << " and " << known->second.second;
      }
    }
  }
}

TEST(CatalogTest, RanksFollowTheKindsOfEvents) {
  for (const Entity* entity : Entities()) {
    const EventType* general = nullptr;
    for (const EventType& event : entity->events) {
      EXPECT_FALSE(event.time.empty()) << event.name;
      if (event.op == Op::kCreate || event.op == Op::kFact) {
        EXPECT_EQ(event.rank, 0) << event.name;
      }
      if (event.op == Op::kDelete) {
        EXPECT_EQ(event.rank, 3) << event.name;
      }
      if (event.op == Op::kUpdate) {
        EXPECT_TRUE(event.rank == 1 || event.rank == 2) << event.name;
      }
      if (event.op != Op::kUpdate || event.rank != 1) continue;
      // A body known by its shape alone is taken for the first of them: so they have to do the same.
      if (general == nullptr) general = &event;
      EXPECT_EQ(event.time, general->time) << event.name;
      EXPECT_EQ(event.op_by, general->op_by) << event.name;
      EXPECT_EQ(event.tombstone_when, general->tombstone_when) << event.name;
      EXPECT_EQ(event.sets.size(), general->sets.size()) << event.name;
    }
  }
}

TEST(CatalogTest, TimesOfCreationAreVersionsForCreatesAlone) {
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      for (const std::string& path : Split(event.time, '|')) {
        if (path == "dateAdded" || path == "createdAt") {
          EXPECT_TRUE(event.op == Op::kCreate || event.op == Op::kFact) << event.name;
        }
      }
    }
  }
}

TEST(CatalogTest, SetsGoIntoColumnsThatTakeThem) {
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) {
      for (const Set& set : event.sets) {
        const Column& column = entity->columns[ColumnIndex(entity->columns, set.column)];
        if (set.value == "@occurred_at") {
          EXPECT_EQ(column.type, Type::kTimestamp) << event.name << " " << set.column;
        }
        if (set.value == "true" || set.value == "false") {
          EXPECT_EQ(column.type, Type::kBoolean) << event.name;
        }
      }
    }
  }
}

TEST(CatalogTest, PathsAreOfTheKnownForms) {
  const std::set<std::string> sources = {"@parent.id", "@index",    "@index:1",     "@index:2", "@key",
                                         "@source",    "@event_id", "@occurred_at", "@id_parts"};
  for (const Entity* entity : Entities()) {
    for (const Column& column : AllColumns(*entity)) {
      for (const std::string& path : Split(column.from, '|')) {
        EXPECT_NE(path, "") << entity->name << "." << column.name;
        if (path.starts_with('@')) {
          EXPECT_TRUE(sources.contains(path)) << path;
        }
        EXPECT_EQ(path.find_first_of("[]{} "), std::string::npos) << path;
      }
    }
  }
}

TEST(CatalogTest, EverySourceOfAMapIsAPathOfItsChild) {
  for (const Entity* entity : Entities()) {
    for (const Child& child : entity->children) {
      const bool has_source = std::any_of(child.columns.begin(), child.columns.end(),
                                          [](const Column& column) { return column.from == "@source"; });
      EXPECT_EQ(has_source, !child.source_map.empty()) << child.table;
      std::set<std::string> mapped;
      for (const std::string& pair : Split(child.source_map, ',')) mapped.insert(pair.substr(0, pair.find(':')));
      if (!has_source) continue;
      for (const std::string& path : Split(child.from, '|')) {
        EXPECT_TRUE(mapped.erase(path.substr(0, path.size() - 2))) << child.table << " " << path;
      }
      EXPECT_TRUE(mapped.empty()) << child.table;
    }
  }
}

TEST(CatalogTest, ReferencesThatAreThereNameAColumn) {
  for (const Entity* entity : Entities()) {
    for (const Column& column : AllColumns(*entity)) {
      if (column.references.empty()) continue;
      const auto dot = column.references.find('.');
      ASSERT_NE(dot, std::string_view::npos) << column.references;
      const Entity* other = FindEntity(column.references.substr(0, dot));
      if (other == nullptr) continue;  // of an entity that is not declared yet
      EXPECT_TRUE(declaration::Has(other->columns, column.references.substr(dot + 1))) << column.references;
    }
  }
}

}  // namespace
}  // namespace crmsink
