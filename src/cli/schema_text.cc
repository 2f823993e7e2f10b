#include "cli/schema_text.h"

#include <string_view>

#include "base/printable.h"
#include "cli/schema_log.h"
#include "entities/catalog.h"
#include "entities/glossary.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

constexpr std::string_view kIntroduction = R"(# Tables

Written by `crmsink schema`; a test compares.

A table of the latest state (a mirror) has two names: `X_all` with deleted rows, whose `deleted_at` is set, and the view
`X` of the living ones, which has every column but `deleted_at`. A table of facts has one row per event. Rows of child
tables, one per element of a list, exist for living rows only. Times are UTC.

First come the tables of the entities by name, then those of the log. In "from", `a.b` is a member of a member, `a[]`
each element of a list, `a{}` each member of a map; of several paths the first that is there wins. `@index` is the
place in the list, `@key` the name in the map, `@occurred_at` the time of the event; "set by" names the events that
set a column whatever their payload says. Every event that is named above a table feeds the columns whose members it
has; what it leaves out stays as it is.
)";

std::string_view TypeName(Type type) {
  switch (type) {
    case Type::kText:
      return "text";
    case Type::kInteger:
      return "integer";
    case Type::kNumber:
      return "number";
    case Type::kBoolean:
      return "boolean";
    case Type::kTimestamp:
      return "timestamp";
    case Type::kDate:
      return "date";
    case Type::kJson:
      break;
  }
  return "json";
}

std::string_view OpName(Op op) {
  switch (op) {
    case Op::kCreate:
      return "create";
    case Op::kUpdate:
      return "update";
    case Op::kDelete:
      return "delete";
    case Op::kFact:
      break;
  }
  return "fact";
}

// A list "a|b" as "`a`, `b`".
std::string CodeList(std::string_view list, char separator) {
  std::string text;
  for (std::size_t i = 0; i < Count(list, separator); ++i) {
    text.append(i == 0 ? "`" : ", `").append(Piece(list, separator, i)).append("`");
  }
  return text;
}

std::string Cell(std::string_view text) {
  std::string cell;
  for (const char character : text) {
    if (character == '|') cell += '\\';
    cell += character;
  }
  return cell;
}

void Join(std::string& text, std::string_view more) {
  if (!more.empty()) text.append(text.empty() ? "" : "; ").append(more);
}

// The paths, and the events that set the column.
std::string SourceCell(const Column& column, std::span<const EventType> events) {
  std::string source = CodeList(column.from, '|'), setters;
  for (const EventType& event : events) {
    for (const Set& set : event.sets) {
      if (set.column == column.name) setters.append(setters.empty() ? "`" : ", `").append(event.name).append("`");
    }
  }
  if (!setters.empty()) Join(source, "set by " + setters);
  return source;
}

void AppendColumns(std::span<const Column> columns, std::span<const EventType> events, std::string& out) {
  for (const Column& column : columns) {
    out.append("| `").append(column.name).append("` | ").append(TypeName(column.type)).append(" | ");
    out.append(Cell(Meaning(column))).append(" | ").append(SourceCell(column, events)).append(" |\n");
  }
}

void AppendTableHead(std::string_view title, std::string_view key, std::string& out) {
  out.append("\n").append(title).append(" (key: ").append(CodeList(key, ',')).append(")\n\n");
  out.append("| column | type | meaning | from |\n| --- | --- | --- | --- |\n");
}

std::string Sentence(std::string_view note) {
  std::string sentence(note);
  if (!sentence.ends_with('.')) sentence += '.';
  return sentence;
}

void AppendEntity(const Entity& entity, std::string& out) {
  const bool mirror = entity.kind == Kind::kMirror;
  out.append("\n## ").append(entity.table).append("\n");
  out.append(mirror ? "The latest state of each " : "What happened once, a row each: ")
      .append(entity.name)
      .append(". ");
  if (!entity.note.empty()) out.append(Sentence(entity.note)).append(" ");
  out.append("Events: ");
  for (std::size_t i = 0; i < entity.events.size(); ++i) {
    const EventType& event = entity.events[i];
    out.append(i == 0 ? "`" : ", `").append(event.name).append("` (").append(OpName(event.op)).append(")");
  }
  out.append(".\n");
  AppendTableHead("`" + TablesOf(entity).front().name + "`", "id", out);
  AppendColumns(entity.columns, entity.events, out);
  AppendColumns(OwnColumns(entity.kind), {}, out);
  for (const Child& child : entity.children) {
    AppendTableHead("`" + std::string(child.table) + "`, from " + CodeList(child.from, '|'), child.key, out);
    if (!child.note.empty()) out.insert(out.rfind("| column |"), Sentence(child.note) + "\n\n");
    AppendColumns(child.columns, {}, out);
  }
}

// Members in the order in which they are added.
class JsonObject {
 public:
  JsonObject& Text(std::string_view name, std::string_view value) {
    std::string quoted;
    AppendPrintableJson(value, quoted);
    return Raw(name, quoted);
  }
  JsonObject& TextIfAny(std::string_view name, std::string_view value) {
    return value.empty() ? *this : Text(name, value);
  }
  JsonObject& Raw(std::string_view name, std::string_view value) {
    if (text_.size() > 1) text_ += ',';
    AppendPrintableJson(name, text_);
    text_.append(":").append(value);
    return *this;
  }
  [[nodiscard]] std::string Done() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

template <class Items, class Function>
std::string JsonArray(const Items& items, const Function& write) {
  std::string text = "[";
  for (const auto& item : items) {
    if (text.size() > 1) text += ',';
    text += write(item);
  }
  return text + "]";
}

std::string ColumnJson(const Column& column) {
  return JsonObject()
      .Text("name", column.name)
      .Text("type", TypeName(column.type))
      .TextIfAny("from", column.from)
      .TextIfAny("note", column.note)
      .TextIfAny("references", column.references)
      .Done();
}

std::string EntityJson(const Entity& entity) {
  const auto event = [](const EventType& type) {
    return JsonObject().Text("name", type.name).Text("op", OpName(type.op)).TextIfAny("aliases", type.aliases).Done();
  };
  const auto child = [](const Child& list) {
    return JsonObject()
        .Text("table", list.table)
        .Text("key", list.key)
        .Text("from", list.from)
        .Raw("columns", JsonArray(list.columns, ColumnJson))
        .Done();
  };
  std::vector<Column> columns(entity.columns.begin(), entity.columns.end());
  const std::span<const Column> own = OwnColumns(entity.kind);
  columns.insert(columns.end(), own.begin(), own.end());
  const std::vector<Table> tables = TablesOf(entity);
  return JsonObject()
      .Text("entity", entity.name)
      .Text("kind", entity.kind == Kind::kMirror ? "mirror" : "fact")
      .Text("table", tables.front().name)
      .Text("living", entity.table)
      .Raw("events", JsonArray(entity.events, event))
      .Raw("columns", JsonArray(columns, ColumnJson))
      .Raw("children", JsonArray(entity.children, child))
      .Done();
}

}  // namespace

std::string SchemaMarkdown() {
  std::string text(kIntroduction);
  text.append("\n");
  for (const Entity* entity : Entities()) {
    text.append("- [").append(entity->table).append("](#").append(entity->table).append("): ");
    for (std::size_t i = 0; i < entity->events.size(); ++i) {
      text.append(i == 0 ? "" : ", ").append(entity->events[i].name);
    }
    text.append("\n");
  }
  for (const Entity* entity : Entities()) AppendEntity(*entity, text);
  return text.append(kLogTables);
}

std::string SchemaJson() {
  std::string text = "[";
  for (const Entity* entity : Entities()) text.append(text.size() > 1 ? ",\n" : "\n").append(EntityJson(*entity));
  return text + "\n]\n";
}

std::string SchemaSql(Dialect dialect) {
  std::string text;
  for (const Entity* entity : Entities()) {
    text.append(text.empty() ? "-- " : "\n-- ").append(entity->table).append("\n").append(Ddl(*entity, dialect));
  }
  return text;
}

}  // namespace crmsink
