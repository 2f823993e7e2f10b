#include "storage/sqlite/tables.h"

#include <algorithm>

namespace crmsink::sqlite {
namespace {

using declaration::Count;
using declaration::Piece;

void Bind(SQLite::Statement& statement, int index, const Cell& cell, Type type) {
  if (IsNull(cell)) {
    statement.bind(index);
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    statement.bindNoCopy(index, *text);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    statement.bind(index, *number);
  } else if (const auto value = std::get<std::int64_t>(cell); type == Type::kTimestamp) {
    statement.bind(index, FormatSqlTime(value));
  } else if (type == Type::kDate) {
    statement.bind(index, FormatDay(value));
  } else {
    statement.bind(index, value);
  }
}

Cell Read(const SQLite::Column& column, Type type) {
  if (column.isNull()) return {};
  switch (type) {
    case Type::kText:
    case Type::kJson:
      return column.getString();
    case Type::kNumber:
      return column.getDouble();
    case Type::kTimestamp:
      return TimeOf(column);
    case Type::kDate:
      return ParseDay(column.getString()).value_or(0);
    case Type::kInteger:
    case Type::kBoolean:
      return column.getInt64();
  }
  return {};
}

bool LessByKey(const Row& a, const Row& b, const std::vector<std::size_t>& key) {
  for (const std::size_t k : key) {
    if (a[k] != b[k]) return a[k] < b[k];
  }
  return false;
}

template <class Use>
std::string Join(const Table& table, std::string_view separator, Use use) {
  std::string out;
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    const std::string piece = use(i);
    if (piece.empty()) continue;
    if (!out.empty()) out += separator;
    out += piece;
  }
  return out;
}

}  // namespace

Tables::Sql Tables::MakeSql(Table table) {
  Sql sql;
  for (const auto name : table.key) {
    for (std::size_t i = 0; i < table.fields.size(); ++i) {
      if (table.fields[i].name == name) sql.key.push_back(i);
    }
  }
  const auto is_indexed = [&](std::string_view name) {
    const std::string_view indexes = table.child == nullptr ? table.entity->indexes : std::string_view();
    for (std::size_t i = 0; i < Count(indexes, '|'); ++i) {
      for (std::size_t k = 0; k < Count(Piece(indexes, '|', i), ','); ++k) {
        if (Piece(Piece(indexes, '|', i), ',', k) == name) return true;
      }
    }
    return false;
  };
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    if (is_indexed(table.fields[i].name)) sql.indexed.push_back(i);
  }
  const auto name = [&](std::size_t i) { return std::string(table.fields[i].name); };
  const auto number = [](std::size_t i) { return "?" + std::to_string(i + 1); };
  const std::string columns = Join(table, ", ", name);
  const std::string parent = std::string(table.key[0]);
  const std::string into = "INTO " + table.name + " (" + columns + ") VALUES (" + Join(table, ", ", number) + ")";
  sql.select = "SELECT " + columns + " FROM " + table.name + " WHERE " + parent + " = ?";
  if (table.child != nullptr)
    sql.select += " ORDER BY " + Join(table, ", ", [&](std::size_t i) {
                    return i < sql.key.size() ? std::string(table.key[i]) : std::string();
                  });
  sql.insert = "INSERT " + into;
  sql.replace = "INSERT OR REPLACE " + into;
  const auto assign = [&](std::size_t i) { return i == 0 ? std::string() : name(i) + " = " + number(i); };
  const auto assign_unindexed = [&](std::size_t i) { return is_indexed(table.fields[i].name) ? "" : assign(i); };
  sql.update = "UPDATE " + table.name + " SET " + Join(table, ", ", assign) + " WHERE id = ?1";
  sql.update_unindexed = "UPDATE " + table.name + " SET " + Join(table, ", ", assign_unindexed) + " WHERE id = ?1";
  sql.remove = "DELETE FROM " + table.name + " WHERE " + Join(table, " AND ", [&](std::size_t i) {
                 return i < table.key.size() ? std::string(table.key[i]) + " = ?" : std::string();
               });
  sql.remove_all = "DELETE FROM " + table.name + " WHERE " + parent + " = ?";
  sql.table = std::move(table);
  return sql;
}

const std::vector<Tables::Sql>& Tables::SqlOf(const Entity& entity) {
  auto& sql = sql_[&entity];
  if (sql.empty()) {
    for (Table& table : TablesOf(entity)) sql.push_back(MakeSql(std::move(table)));
  }
  return sql;
}

std::vector<Row> Tables::LoadRows(const Sql& sql, std::string_view parent) {
  auto& select = connection_.Prepared(sql.select);
  select.bind(1, std::string(parent));
  std::vector<Row> rows;
  while (select.executeStep()) {
    Row& row = rows.emplace_back();
    row.reserve(sql.table.fields.size());
    for (std::size_t i = 0; i < sql.table.fields.size(); ++i) {
      row.push_back(Read(select.getColumn(static_cast<int>(i)), sql.table.fields[i].type));
    }
  }
  select.reset();
  return rows;
}

State Tables::Load(const Entity& entity, std::string_view id, const ChildMask& children) {
  const auto& sql = SqlOf(entity);
  auto& select = connection_.Prepared(sql[0].select);
  select.bind(1, std::string(id));
  if (!select.executeStep()) {
    select.reset();
    return Empty(entity);
  }
  State state;
  state.exists = true;
  int at = 0;
  state.row.reserve(entity.columns.size());
  for (const Column& column : entity.columns) state.row.push_back(Read(select.getColumn(at++), column.type));
  if (entity.kind == Kind::kMirror) {
    if (const auto deleted = select.getColumn(at++); !deleted.isNull()) state.deleted_at = TimeOf(deleted);
  }
  if (const auto extra = select.getColumn(at++); !extra.isNull()) state.extra = ExtraOf(extra.getString());
  if (entity.kind == Kind::kMirror) {
    state.last_event_at = TimeOf(select.getColumn(at++));
    state.last_event_id = TextOf(select.getColumn(at++));
    state.first_received_at = TimeOf(select.getColumn(at++));
    state.last_received_at = TimeOf(select.getColumn(at++));
  }
  select.reset();
  state.children.resize(entity.children.size());
  for (std::size_t i = 0; i < entity.children.size(); ++i) {
    if (i < children.size() && children[i]) state.children[i] = LoadRows(sql[i + 1], id);
  }
  return state;
}

void Tables::Put(const Sql& sql, const std::string& statement, const Row& row, const Row& own) {
  auto& put = connection_.Prepared(statement);
  const bool skips = &statement == &sql.update_unindexed;
  for (std::size_t i = 0; i < row.size() + own.size(); ++i) {
    if (skips && std::find(sql.indexed.begin(), sql.indexed.end(), i) != sql.indexed.end()) continue;
    Bind(put, static_cast<int>(i + 1), i < row.size() ? row[i] : own[i - row.size()], sql.table.fields[i].type);
  }
  put.exec();
}

void Tables::WriteRow(const Sql& sql, const State& before, const State& after) {
  const Entity& entity = *sql.table.entity;
  const Row own = OwnCells(entity, after);
  if (!before.exists) {
    Put(sql, sql.insert, after.row, own);
    return;
  }
  if (after.row == before.row && own == OwnCells(entity, before)) return;
  const bool indexed_same =
      std::all_of(sql.indexed.begin(), sql.indexed.end(), [&](std::size_t i) { return after.row[i] == before.row[i]; });
  // An index entry is written again whenever its column is set, changed or not.
  Put(sql, indexed_same ? sql.update_unindexed : sql.update, after.row, own);
}

void Tables::WriteRows(const Sql& sql, const std::vector<Row>& before, const std::vector<Row>& after) {
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && LessByKey(*old, *now, sql.key))) {
      auto& remove = connection_.Prepared(sql.remove);
      for (std::size_t i = 0; i < sql.key.size(); ++i) {
        Bind(remove, static_cast<int>(i + 1), (*old)[sql.key[i]], sql.table.fields[sql.key[i]].type);
      }
      remove.exec();
      ++old;
    } else if (old == before.end() || LessByKey(*now, *old, sql.key)) {
      Put(sql, sql.insert, *now++);
    } else {
      if (*old != *now) Put(sql, sql.replace, *now);
      ++old, ++now;
    }
  }
}

void Tables::Write(const Entity& entity, const State& before, const State& after) {
  const auto& sql = SqlOf(entity);
  WriteRow(sql[0], before, after);
  static const std::vector<Row> kNone;
  for (std::size_t i = 0; i < entity.children.size(); ++i) {
    if (after.deleted_at) {
      if (before.exists && !before.deleted_at) {
        auto& remove = connection_.Prepared(sql[i + 1].remove_all);
        remove.bind(1, std::get<std::string>(after.row[0]));
        remove.exec();
      }
    } else if (after.children[i] && before.children[i]) {
      WriteRows(sql[i + 1], before.deleted_at ? kNone : *before.children[i], *after.children[i]);
    }
  }
}

std::vector<std::string> Tables::IdsAfter(const Entity& entity, std::string_view after, std::size_t limit) {
  auto& select =
      connection_.Prepared("SELECT id FROM " + SqlOf(entity)[0].table.name + " WHERE id > ? ORDER BY id LIMIT ?");
  select.bind(1, std::string(after));
  select.bind(2, static_cast<std::int64_t>(limit));
  std::vector<std::string> ids;
  while (select.executeStep()) ids.push_back(select.getColumn(0).getString());
  select.reset();
  return ids;
}

std::vector<std::string> Tables::StrayParents(const Entity& entity, std::size_t limit) {
  const auto& sql = SqlOf(entity);
  std::vector<std::string> ids;
  for (std::size_t i = 1; i < sql.size() && ids.size() < limit; ++i) {
    const std::string parent(sql[i].table.key[0]);
    auto& select = connection_.Prepared("SELECT DISTINCT " + parent + " FROM " + sql[i].table.name +
                                        " WHERE NOT EXISTS (SELECT 1 FROM " + sql[0].table.name +
                                        " WHERE id = " + parent + ") LIMIT ?");
    select.bind(1, static_cast<std::int64_t>(limit - ids.size()));
    while (select.executeStep()) ids.push_back(select.getColumn(0).getString());
    select.reset();
  }
  return ids;
}

void Tables::Remove(const Entity& entity, std::string_view id) {
  for (const Sql& sql : SqlOf(entity)) {
    auto& remove = connection_.Prepared(sql.remove_all);
    remove.bind(1, std::string(id));
    remove.exec();
  }
}

}  // namespace crmsink::sqlite
