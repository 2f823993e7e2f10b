#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/schema.h"
#include "storage/sqlite/connection.h"
#include "storage/store.h"

namespace crmsink::sqlite {

// The tables of entities: statements made from the declarations. Throws what SQLiteCpp throws. Belongs to the
// connection's thread.
class Tables {
 public:
  explicit Tables(Connection& connection) : connection_(connection) {}

  State Load(const Entity& entity, std::string_view id, const ChildMask& children);
  void Write(const Entity& entity, const State& before, const State& after);
  std::vector<std::string> IdsAfter(const Entity& entity, std::string_view after, std::size_t limit);
  std::vector<std::string> StrayParents(const Entity& entity, std::size_t limit);
  void Remove(const Entity& entity, std::string_view id);

 private:
  // A table with the texts of its statements, which are also the keys of the connection's prepared ones.
  struct Sql {
    Table table;
    std::vector<std::size_t> key;      // positions of the key's fields
    std::vector<std::size_t> indexed;  // positions of the fields that an index beside the primary key holds
    std::string select, insert, replace, update, update_unindexed, remove, remove_all;
  };

  const std::vector<Sql>& SqlOf(const Entity& entity);
  static Sql MakeSql(Table table);
  std::vector<Row> LoadRows(const Sql& sql, std::string_view parent);
  void WriteRow(const Sql& sql, const State& before, const State& after);
  void WriteRows(const Sql& sql, const std::vector<Row>& before, const std::vector<Row>& after);
  void Put(const Sql& sql, const std::string& statement, const Row& row, const Row& own = {});

  Connection& connection_;
  std::unordered_map<const Entity*, std::vector<Sql>> sql_;
};

}  // namespace crmsink::sqlite
