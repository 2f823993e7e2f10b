#include "cli/event_effect.h"

#include <map>

#include "base/time.h"
#include "cli/table_output.h"
#include "projection/project.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

using Values = std::map<std::string, QueryValue, std::less<>>;

// As the database writes it.
std::optional<std::string> TextOfCell(const Cell& cell, Type type) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
    if (type == Type::kTimestamp) return FormatSqlTime(*integer);
    if (type == Type::kDate) return FormatDay(*integer);
    return std::to_string(*integer);
  }
  if (const auto* number = std::get_if<double>(&cell)) return TextOf(QueryValue(*number));
  return std::nullopt;
}

std::optional<std::string> TextOrNull(const QueryValue& value) {
  if (std::holds_alternative<std::monostate>(value)) return std::nullopt;
  return TextOf(value);
}

// The first row, empty where there is none.
Result<Values> RowOf(QueryConnection& connection, const std::string& sql, const std::string& id) {
  std::vector<std::string> names;
  Values values;
  const QueryValue parameters[] = {id};
  auto done = connection.Run(sql, parameters,
                             {.on_columns = [&](const std::vector<std::string>& columns) { names = columns; },
                              .on_row =
                                  [&](const std::vector<QueryValue>& row) {
                                    for (std::size_t i = 0; i < row.size(); ++i) values.emplace(names[i], row[i]);
                                    return false;
                                  }});
  if (!done) return tl::unexpected(done.error());
  return values;
}

class Effects {
 public:
  Effects(const Entity& entity, const Change& change, QueryConnection& connection)
      : entity_(entity), change_(change), connection_(connection), tables_(TablesOf(entity)) {}

  Result<std::vector<Effect>> All() {
    const std::string& table = tables_.front().name;
    auto row = RowOf(connection_, "SELECT * FROM " + table + " WHERE id = $1", change_.entity_id);
    if (!row) return tl::unexpected(row.error());
    row_ = *std::move(row);
    for (std::size_t i = 0; i < entity_.columns.size(); ++i) AddColumn(i);
    AddDeletion();
    if (auto done = AddChildren(); !done) return tl::unexpected(done.error());
    for (const Change::ExtraSet& extra : change_.extra) {
      if (extra.left_over) effects_.push_back({table, "extra." + extra.member, extra.left_over, std::nullopt, true});
    }
    return std::move(effects_);
  }

 private:
  std::optional<std::string> Now(std::string_view column) const {
    const auto found = row_.find(column);
    return found == row_.end() ? std::nullopt : TextOrNull(found->second);
  }

  void AddColumn(std::size_t index) {
    const Column& column = entity_.columns[index];
    Effect effect{tables_.front().name, std::string(column.name), std::nullopt, Now(column.name), false};
    for (const Change::ColumnSet& set : change_.columns) {
      if (set.column != index) continue;
      effect.sets = true;
      effect.said = TextOfCell(set.cell, column.type);
    }
    if (effect.sets || effect.now) effects_.push_back(std::move(effect));
  }

  void AddDeletion() {
    if (entity_.kind == Kind::kFact) return;
    const bool deletes = change_.op == Op::kDelete;
    Effect effect{tables_.front().name, "deleted_at", std::nullopt, Now("deleted_at"), deletes || change_.brings_back};
    if (deletes) effect.said = FormatSqlTime(change_.order.occurred_at);
    if (effect.sets || effect.now) effects_.push_back(std::move(effect));
  }

  Result<void> AddChildren() {
    for (std::size_t i = 0; i < entity_.children.size(); ++i) {
      std::size_t rows = 0;
      bool sets = false;
      for (const Change::ListSet& list : change_.lists) {
        if (list.child != i) continue;
        sets = true;
        rows += list.rows.size();
      }
      const Table& table = tables_[i + 1];
      auto count = RowOf(
          connection_, "SELECT count(*) AS n FROM " + table.name + " WHERE " + std::string(table.key.front()) + " = $1",
          change_.entity_id);
      if (!count) return tl::unexpected(count.error());
      const std::string now = TextOf(count->at("n"));
      if (!sets && now == "0") continue;
      effects_.push_back({table.name, "rows", sets ? std::optional(std::to_string(rows)) : std::nullopt, now, sets});
    }
    return {};
  }

  const Entity& entity_;
  const Change& change_;
  QueryConnection& connection_;
  const std::vector<Table> tables_;
  Values row_;
  std::vector<Effect> effects_;
};

}  // namespace

Result<std::vector<Effect>> EffectsOf(Event& event, Millis received_at, QueryConnection& connection) {
  const Change change = Project(event, received_at);
  return Effects(*event.entity, change, connection).All();
}

}  // namespace crmsink
