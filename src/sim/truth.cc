#include "sim/truth.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "base/decimal.h"
#include "base/json.h"
#include "entities/catalog.h"
#include "event/event.h"
#include "projection/project.h"
#include "storage/schema.h"

namespace crmsink::sim {
namespace {

// Columns of a finished document: its own event's effect on nothing.
Change ProjectionOf(const Entity& entity, const std::string& id, const Document& known, std::string_view event) {
  Delivery delivery;
  delivery.path = "/webhooks/" + std::string(event);
  delivery.body = known.Text();
  auto read = ReadEvent(delivery, id);
  if (!read) throw std::logic_error("of " + id + ", " + std::string(event) + ": " + read.error());
  if (read->entity != &entity || read->entity_id != id) {
    throw std::logic_error("the document of " + id + " reads as " + read->type + " of " + read->entity_id);
  }
  return Project(*read, 0);
}

Cell ExtraOf(const Change& change) {
  std::map<std::string, std::string> extra;
  for (const Change::ExtraSet& set : change.extra) {
    if (set.left_over) extra[set.member] = *set.left_over;
  }
  std::string text;
  for (const auto& [member, value] : extra) {
    text += text.empty() ? "{" : ",";
    json::AppendQuoted(member, text);
    text += ":" + value;
  }
  return text.empty() ? Cell() : Cell(text + "}");
}

void AppendCell(const Cell& cell, Type type, std::string& out) {
  if (const auto* integer = std::get_if<std::int64_t>(&cell)) {
    if (type == Type::kTimestamp) return json::AppendQuoted(FormatRfc3339(*integer), out);
    if (type == Type::kDate) return json::AppendQuoted(FormatDay(*integer), out);
    out += type == Type::kBoolean ? (*integer != 0 ? "true" : "false") : std::to_string(*integer);
  } else if (const auto* number = std::get_if<double>(&cell)) {
    char text[32];
    std::snprintf(text, sizeof text, "%.15g", *number);
    out += Decimal::Parse(text)->Plain();
  } else if (const auto* text = std::get_if<std::string>(&cell)) {
    if (type == Type::kJson) {
      out += *text;
    } else {
      json::AppendQuoted(*text, out);
    }
  } else {
    out += "null";
  }
}

std::string LineOf(const Table& table, const std::vector<std::size_t>& by_name, const Row& row) {
  std::string line = "{\"row\":{";
  for (const std::size_t field : by_name) {
    const Table::Field& column = table.fields[field];
    if (column.name == "first_received_at" || column.name == "last_received_at") continue;
    if (!line.ends_with('{')) line += ',';
    json::AppendQuoted(column.name, line);
    line += ':';
    AppendCell(row[field], column.type, line);
  }
  return line + "},\"table\":\"" + table.name + "\"}";
}

std::size_t FieldOf(const Table& table, std::string_view name) {
  const auto found = std::ranges::find(table.fields, name, &Table::Field::name);
  return static_cast<std::size_t>(found - table.fields.begin());
}

void WriteTable(const Table& table, std::vector<Row>& rows, const std::function<void(std::string_view)>& write) {
  std::vector<std::size_t> by_name(table.fields.size()), keys;
  for (std::size_t i = 0; i < by_name.size(); ++i) by_name[i] = i;
  std::ranges::sort(by_name, {}, [&](std::size_t i) { return table.fields[i].name; });
  for (const std::string_view name : table.key) keys.push_back(FieldOf(table, name));
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    for (const std::size_t key : keys) {
      if (a[key] != b[key]) return a[key] < b[key];
    }
    return false;
  });
  for (const Row& row : rows) write(LineOf(table, by_name, row));
}

}  // namespace

void Truth::Learn(const Telling& telling) {
  Record& record = things_[telling.form.entity][telling.id];
  Moment moment(telling.occurred_at, telling.rank, telling.sent_at, telling.event_id);
  if (!record.event.empty() && moment <= record.moment) {
    throw std::logic_error("a " + std::string(telling.form.event) + " of " + telling.id + " that is not the latest");
  }
  record.moment = std::move(moment);
  record.event = telling.form.event;
  const Document* type = telling.body.Find("type");
  if (type == nullptr || (telling.form.flags & kTypeIsField) != 0) {
    record.known.Learn(telling.body);
  } else {
    Document body = telling.body;
    body.Erase("type");
    record.known.Learn(body);
  }
  if (telling.fate != Fate::kAsBefore) record.deleted = telling.fate == Fate::kDeleted;
  if (telling.fate == Fate::kDeleted) record.deleted_at = telling.occurred_at;
  for (std::string_view rest = telling.form.stamps; !rest.empty();) {
    const std::string_view column = rest.substr(0, rest.find(','));
    record.columns[column] = telling.occurred_at;
    rest.remove_prefix(std::min(rest.size(), column.size() + 1));
  }
  for (const auto& [column, cell] : telling.columns) record.columns[column] = cell;
}

void Truth::AddRows(const Entity& entity, const std::string& id, const Record& record, Tables& tables) {
  const Change change = ProjectionOf(entity, id, record.known, record.event);
  const bool mirror = entity.kind == Kind::kMirror;
  const std::string own = std::string(entity.table) + (mirror ? "_all" : "");
  Row row(entity.columns.size());
  for (const Change::ColumnSet& set : change.columns) row[set.column] = set.cell;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Column& column = entity.columns[i];
    const auto told = record.columns.find(column.name);
    if (column.from.empty()) row[i] = Cell();  // only what an event's name says
    if (told != record.columns.end() && IsNull(row[i])) row[i] = told->second;
  }
  if (mirror) row.push_back(record.deleted ? Cell(record.deleted_at) : Cell());
  row.push_back(ExtraOf(change));
  if (mirror) {
    row.insert(row.end(), {std::get<0>(record.moment), std::get<3>(record.moment), Cell(), Cell()});
  }
  tables[own].push_back(std::move(row));
  if (record.deleted) return;
  for (const Change::ListSet& list : change.lists) {
    auto& rows = tables[std::string(entity.children[list.child].table)];
    rows.insert(rows.end(), list.rows.begin(), list.rows.end());
  }
}

void Truth::Write(const std::function<void(std::string_view line)>& write) const {
  std::map<std::string, Table> shapes;
  Tables tables;
  for (const auto& [name, records] : things_) {
    const Entity* entity = FindEntity(name);
    if (entity == nullptr) throw std::logic_error("no entity " + std::string(name));
    for (const Table& table : TablesOf(*entity)) shapes.emplace(table.name, table);
    for (const auto& [id, record] : records) AddRows(*entity, id, record, tables);
  }
  for (auto& [name, rows] : tables) WriteTable(shapes.at(name), rows, write);
}

}  // namespace crmsink::sim
