#include "replay/dump.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/decimal.h"
#include "base/json.h"
#include "base/time.h"
#include "entities/catalog.h"
#include "signature/base64.h"
#include "storage/query.h"
#include "storage/schema.h"

namespace crmsink {
namespace {

constexpr int kSlice = 5000;

enum class Form { kPlain, kTimestamp, kJson, kBoolean, kNumber, kBase64 };

struct DumpColumn {
  std::string name;
  Form form = Form::kPlain;
};

struct DumpTable {
  std::string name;
  std::vector<DumpColumn> columns;  // by name
  std::vector<std::string> key;
};

Form FormOf(Type type) {
  switch (type) {
    case Type::kTimestamp:
      return Form::kTimestamp;
    case Type::kJson:
      return Form::kJson;
    case Type::kBoolean:
      return Form::kBoolean;
    case Type::kNumber:
      return Form::kNumber;
    default:
      return Form::kPlain;
  }
}

std::vector<DumpTable> TablesToDump(bool with_log) {
  std::vector<DumpTable> tables;
  for (const Entity* entity : Entities()) {
    for (const Table& table : TablesOf(*entity)) {
      DumpTable& dump = tables.emplace_back();
      dump.name = table.name;
      dump.key.assign(table.key.begin(), table.key.end());
      for (const Table::Field& field : table.fields) {
        if (field.name == "first_received_at" || field.name == "last_received_at") continue;
        dump.columns.push_back({std::string(field.name), FormOf(field.type)});
      }
    }
  }
  if (with_log) {
    const std::vector<DumpColumn> arrived = {{"path"},          {"payload", Form::kBase64}, {"signature"},
                                             {"signature_key"}, {"signature_scheme"},       {"source"}};
    DumpTable& events = tables.emplace_back(DumpTable{"events", arrived, {"log_key"}});
    for (const char* name : {"event_id", "type", "entity", "entity_id", "location_id", "agency_id", "app_id",
                             "app_version_id", "trace_id"}) {
      events.columns.push_back({name});
    }
    events.columns.push_back({"log_key", Form::kBase64});
    events.columns.push_back({"occurred_at", Form::kTimestamp});
    events.columns.push_back({"sent_at", Form::kTimestamp});
    DumpTable& quarantine = tables.emplace_back(DumpTable{"quarantine", arrived, {"digest"}});
    quarantine.columns.push_back({"digest", Form::kBase64});
    quarantine.columns.push_back({"reason"});
  }
  for (DumpTable& table : tables) {
    std::sort(table.columns.begin(), table.columns.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  std::sort(tables.begin(), tables.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return tables;
}

void AppendText(const std::string& text, Form form, std::string& out) {
  switch (form) {
    case Form::kJson:
      out += text;
      return;
    case Form::kTimestamp: {
      const auto time = ParseTime(text);
      json::AppendQuoted(time ? FormatRfc3339(*time) : text, out);
      return;
    }
    case Form::kBase64:
      json::AppendQuoted(EncodeBase64(text), out);
      return;
    default:
      json::AppendQuoted(text, out);
  }
}

void AppendNumber(double number, std::string& out) {
  char buffer[32];
  const int size = std::snprintf(buffer, sizeof buffer, "%.15g", number);
  const auto decimal = Decimal::Parse({buffer, static_cast<std::size_t>(size)});
  out += decimal ? decimal->Plain() : "null";
}

void AppendValue(const QueryValue& value, Form form, std::string& out) {
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (form == Form::kNumber) return AppendNumber(static_cast<double>(*integer), out);  // as where it is a double
    out += form == Form::kBoolean ? (*integer != 0 ? "true" : "false") : std::to_string(*integer);
  } else if (const auto* number = std::get_if<double>(&value)) {
    AppendNumber(*number, out);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    AppendText(*text, form, out);
  } else if (const auto* blob = std::get_if<Blob>(&value)) {
    AppendText(blob->bytes, Form::kBase64, out);
  } else {
    out += "null";
  }
}

template <class Names>
std::string Joined(const Names& names, std::string_view separator = ", ") {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += separator;
    out += name;
  }
  return out;
}

// One slice of a table: rows after `last`, whose key values it leaves in `last`. False: there are no more.
Result<bool> DumpSlice(QueryConnection& connection, const DumpTable& table, std::vector<QueryValue>& last,
                       const std::function<void(std::string_view)>& write) {
  std::vector<std::string> names;
  for (const DumpColumn& column : table.columns) names.push_back(column.name);
  const std::string key = Joined(table.key);
  std::vector<std::string> marks;
  for (std::size_t i = 1; i <= table.key.size(); ++i) marks.push_back("$" + std::to_string(i));
  std::string sql = "SELECT " + Joined(names) + ", " + key + " FROM " + table.name;
  if (!last.empty()) sql += " WHERE (" + key + ") > (" + Joined(marks) + ")";
  sql += " ORDER BY " + key + " LIMIT " + std::to_string(kSlice);
  int rows = 0;
  std::string line;
  const auto parameters = last;
  const auto on_row = [&](const std::vector<QueryValue>& row) {
    line = "{\"row\":{";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) line += ',';
      json::AppendQuoted(table.columns[i].name, line);
      line += ':';
      AppendValue(row[i], table.columns[i].form, line);
    }
    line += "},\"table\":\"" + table.name + "\"}";
    write(line);
    last.assign(row.begin() + static_cast<std::ptrdiff_t>(table.columns.size()), row.end());
    ++rows;
    return true;
  };
  auto done = connection.Run(sql, parameters, {.on_columns = {}, .on_row = on_row});
  if (!done) return tl::unexpected(done.error());
  return rows == kSlice;
}

}  // namespace

Result<void> Dump(const std::string& url, bool with_log, const std::function<void(std::string_view)>& write) {
  auto connection = QueryConnection::Open(url);
  if (!connection) return tl::unexpected(connection.error());
  for (const DumpTable& table : TablesToDump(with_log)) {
    std::vector<QueryValue> last;
    while (true) {
      const auto more = DumpSlice(*connection, table, last, write);
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
    }
  }
  return {};
}

}  // namespace crmsink
