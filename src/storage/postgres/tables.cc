#include "storage/postgres/tables.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace crmsink::postgres {
namespace {

constexpr std::string_view kReading = "reading the tables";
constexpr std::string_view kWriting = "writing the tables";

Row WholeRow(const Entity& entity, const State& state) {
  Row row = state.row;
  std::ranges::move(OwnCells(entity, state), std::back_inserter(row));
  return row;
}

std::vector<Cell> KeyOf(const Row& row, const std::vector<std::size_t>& key) {
  std::vector<Cell> cells;
  for (const std::size_t k : key) cells.push_back(row[k]);
  return cells;
}

void Append(std::string& list, std::string_view separator, std::string_view piece) {
  if (!list.empty()) list += separator;
  list += piece;
}

}  // namespace

Tables::Sql Tables::MakeSql(Table table) const {
  Sql sql;
  sql.name = schema_ + table.name;
  for (const auto name : table.key) {
    Append(sql.key_names, ", ", name);
    for (std::size_t i = 0; i < table.fields.size(); ++i) {
      if (table.fields[i].name == name) sql.key.push_back(i);
    }
  }
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    const Table::Field& field = table.fields[i];
    const std::string name(field.name), given = "given." + name + std::string(WriteCast(field.type));
    sql.types.push_back(TypeIdOf(field.type));
    Append(sql.names, ", ", name);
    Append(sql.read, ", ", name + std::string(ReadCast(field.type)));
    Append(sql.written, ", ", given);
    if (std::ranges::find(sql.key, i) != sql.key.end()) continue;
    Append(sql.assign, ", ", name + " = " + given);
    Append(sql.assign_excluded, ", ", name + " = excluded." + name);
  }
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

// ---- Loading

void Tables::QueueLoad(const LoadRequest& request, bool locks) {
  const auto& sql = SqlOf(*request.entity);
  Columns ids{kText};
  for (const std::string_view id : request.ids) {
    ids.Text(id);
    ids.EndRow();
  }
  Parameters parameters;
  ids.AddTo(parameters);
  session_.Queue({.sql = "SELECT " + sql[0].read + " FROM " + sql[0].name + " WHERE id = ANY($1) ORDER BY id" +
                         (locks ? " FOR UPDATE" : ""),
                  .parameters = std::move(parameters),
                  .doing = kReading});
  for (std::size_t child = 0; child < request.entity->children.size(); ++child) {
    QueueChildren(sql[child + 1], request.ids, request.children, child);
  }
}

// Nothing where nobody asks for this list.
void Tables::QueueChildren(const Sql& sql, std::span<const std::string_view> ids, std::span<const ChildMask> masks,
                           std::size_t child) {
  Columns parents{kText};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (child >= masks[i].size() || !masks[i][child]) continue;
    parents.Text(ids[i]);
    parents.EndRow();
  }
  if (parents.empty()) return;
  Parameters parameters;
  parents.AddTo(parameters);
  session_.Queue({.sql = "SELECT " + sql.read + " FROM " + sql.name + " WHERE " + std::string(sql.table.key[0]) +
                         " = ANY($1) ORDER BY " + sql.key_names,
                  .parameters = std::move(parameters),
                  .doing = kReading});
}

std::vector<State> Tables::ReadStates(const LoadRequest& request, const std::vector<Rows>& all, std::size_t& next) {
  const Entity& entity = *request.entity;
  const auto& sql = SqlOf(entity);
  std::map<std::string_view, State*> by_id;
  std::vector<State> states(request.ids.size(), Empty(entity));
  for (std::size_t i = 0; i < states.size(); ++i) by_id[request.ids[i]] = &states[i];

  const Rows& rows = all[next++];
  for (int r = 0; r < rows.size(); ++r) {
    State& state = *by_id.at(rows.Bytes(r, 0));
    state.exists = true;
    int at = 0;
    state.row.clear();
    for (const Column& column : entity.columns) state.row.push_back(ReadCell(rows, r, at++, column.type));
    if (entity.kind == Kind::kMirror) {
      if (!rows.IsNull(r, at)) state.deleted_at = rows.Time(r, at);
      ++at;
    }
    state.extra = ExtraOf(rows.TextOrNone(r, at++));
    if (entity.kind == Kind::kMirror) {
      state.last_event_at = rows.Time(r, at++);
      state.last_event_id = rows.Text(r, at++);
      state.first_received_at = rows.Time(r, at++);
      state.last_received_at = rows.Time(r, at++);
    }
    state.children.assign(entity.children.size(), std::nullopt);
  }
  for (std::size_t child = 0; child < entity.children.size(); ++child) {
    bool is_asked = false;
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (child >= request.children[i].size() || !request.children[i][child]) continue;
      is_asked = true;
      states[i].children[child].emplace();
    }
    if (!is_asked) continue;
    const Rows& child_rows = all[next++];
    const auto& fields = sql[child + 1].table.fields;
    for (int r = 0; r < child_rows.size(); ++r) {
      Row row;
      for (std::size_t f = 0; f < fields.size(); ++f) {
        row.push_back(ReadCell(child_rows, r, static_cast<int>(f), fields[f].type));
      }
      const auto found = by_id.find(std::get<std::string>(row[0]));
      if (found == by_id.end() || !found->second->exists) continue;
      found->second->children[child]->push_back(std::move(row));
    }
  }
  return states;
}

Result<std::vector<std::vector<State>>> Tables::Load(std::span<const LoadRequest> requests, bool locks) {
  // What was put off comes first: it must not count.
  if (auto done = session_.Flush(); !done) return tl::unexpected(done.error());
  for (const LoadRequest& request : requests) QueueLoad(request, locks);
  const auto all = session_.Flush();
  if (!all) return tl::unexpected(all.error());
  std::vector<std::vector<State>> loaded;
  std::size_t next = 0;
  for (const LoadRequest& request : requests) loaded.push_back(ReadStates(request, *all, next));
  return loaded;
}

// ---- Writing

void Tables::QueueRows(const Sql& sql, std::span<const RowChange> changes) {
  const Entity& entity = *sql.table.entity;
  Columns inserted(sql.types), updated(sql.types);
  for (const RowChange& change : changes) {
    const Row after = WholeRow(entity, *change.after);
    if (change.before->exists && after == WholeRow(entity, *change.before)) continue;
    Columns& columns = change.before->exists ? updated : inserted;
    for (std::size_t i = 0; i < after.size(); ++i) columns.Value(after[i], sql.table.fields[i].type);
    columns.EndRow();
  }
  const std::string given = " AS given (" + sql.names + ")";
  if (!inserted.empty()) {
    Parameters parameters;
    const std::string from = Unnested({&inserted}, parameters) + given;
    session_.Queue({.sql = "INSERT INTO " + sql.name + " (" + sql.names + ") SELECT " + sql.written + " FROM " + from,
                    .parameters = std::move(parameters),
                    .doing = kWriting});
  }
  if (!updated.empty()) {
    Parameters parameters;
    const std::string from = Unnested({&updated}, parameters) + given;
    session_.Queue(
        {.sql = "UPDATE " + sql.name + " AS known SET " + sql.assign + " FROM " + from + " WHERE known.id = given.id",
         .parameters = std::move(parameters),
         .doing = kWriting});
  }
}

void Tables::QueueChildRows(const Sql& sql, std::size_t child, std::span<const RowChange> changes) {
  std::vector<TypeId> key_types;
  for (const std::size_t k : sql.key) key_types.push_back(sql.types[k]);
  Columns removed(key_types), put(sql.types);
  static const std::vector<Row> kNone;
  for (const auto& [before, after] : changes) {
    // A tombstone has no child rows: Write() removes them all.
    if (after->deleted_at || !after->children[child] || !before->children[child]) continue;
    const auto& old = before->deleted_at ? kNone : *before->children[child];
    const auto& now = *after->children[child];
    std::map<std::vector<Cell>, const Row*> known;
    for (const Row& row : old) known.emplace(KeyOf(row, sql.key), &row);
    for (const Row& row : now) {
      const auto found = known.find(KeyOf(row, sql.key));
      const bool is_same = found != known.end() && *found->second == row;
      if (found != known.end()) known.erase(found);
      if (is_same) continue;
      for (std::size_t i = 0; i < row.size(); ++i) put.Value(row[i], sql.table.fields[i].type);
      put.EndRow();
    }
    for (const auto& [key, row] : known) {
      for (std::size_t k = 0; k < key.size(); ++k) removed.Value(key[k], sql.table.fields[sql.key[k]].type);
      removed.EndRow();
    }
  }
  if (!removed.empty()) {
    Parameters parameters;
    const std::string given = Unnested({&removed}, parameters) + " AS given (" + sql.key_names + ")";
    session_.Queue({.sql = "DELETE FROM " + sql.name + " AS known USING " + given + " WHERE (" +
                           Prefixed(sql.key_names, "known.") + ") = (" + Prefixed(sql.key_names, "given.") + ")",
                    .parameters = std::move(parameters),
                    .doing = kWriting});
  }
  if (!put.empty()) {
    Parameters parameters;
    const std::string given = Unnested({&put}, parameters) + " AS given (" + sql.names + ")";
    session_.Queue({.sql = "INSERT INTO " + sql.name + " (" + sql.names + ") SELECT " + sql.written + " FROM " + given +
                           " ON CONFLICT (" + sql.key_names + ") DO " +
                           (sql.assign_excluded.empty() ? "NOTHING" : "UPDATE SET " + sql.assign_excluded),
                    .parameters = std::move(parameters),
                    .doing = kWriting});
  }
}

void Tables::Write(const Entity& entity, std::span<const RowChange> changes) {
  const auto& sql = SqlOf(entity);
  QueueRows(sql[0], changes);
  Columns deleted{kText};
  for (const auto& [before, after] : changes) {
    if (!after->deleted_at || !before->exists || before->deleted_at) continue;
    deleted.Text(std::get<std::string>(after->row[0]));
    deleted.EndRow();
  }
  for (std::size_t child = 0; child < entity.children.size(); ++child) {
    const Sql& rows = sql[child + 1];
    if (!deleted.empty()) {
      Parameters parameters;
      deleted.AddTo(parameters);
      session_.Queue({.sql = "DELETE FROM " + rows.name + " WHERE " + std::string(rows.table.key[0]) + " = ANY($1)",
                      .parameters = std::move(parameters),
                      .doing = kWriting});
    }
    QueueChildRows(rows, child, changes);
  }
}

// ---- By table

Result<std::vector<std::string>> Tables::IdsAfter(const Entity& entity, std::string_view after, std::size_t limit) {
  const auto rows =
      session_.Run({.sql = "SELECT id FROM " + SqlOf(entity)[0].name + " WHERE id > $1 ORDER BY id LIMIT $2",
                    .parameters = {Parameter::Text(after), Parameter::Int(static_cast<std::int64_t>(limit))},
                    .doing = kReading});
  if (!rows) return tl::unexpected(rows.error());
  std::vector<std::string> ids;
  for (int row = 0; row < rows->size(); ++row) ids.push_back(rows->Text(row, 0));
  return ids;
}

Result<std::vector<std::string>> Tables::StrayParents(const Entity& entity, std::size_t limit) {
  const auto& sql = SqlOf(entity);
  std::vector<std::string> ids;
  for (std::size_t i = 1; i < sql.size() && ids.size() < limit; ++i) {
    const std::string parent(sql[i].table.key[0]);
    const auto rows = session_.Run({.sql = "SELECT DISTINCT " + parent + " FROM " + sql[i].name +
                                           " AS child WHERE NOT EXISTS (SELECT 1 FROM " + sql[0].name +
                                           " AS mirror WHERE mirror.id = child." + parent + ") LIMIT $1",
                                    .parameters = {Parameter::Int(static_cast<std::int64_t>(limit - ids.size()))},
                                    .doing = kReading});
    if (!rows) return tl::unexpected(rows.error());
    for (int row = 0; row < rows->size(); ++row) ids.push_back(rows->Text(row, 0));
  }
  return ids;
}

void Tables::Remove(const Entity& entity, std::string_view id) {
  for (const Sql& sql : SqlOf(entity)) {
    session_.Queue({.sql = "DELETE FROM " + sql.name + " WHERE " + std::string(sql.table.key[0]) + " = $1",
                    .parameters = {Parameter::Text(id)},
                    .doing = kWriting});
  }
}

}  // namespace crmsink::postgres
