#include "cli/output.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ostream>
#include <set>
#include <span>
#include <utility>

#include "base/printable.h"
#include "base/sha256.h"
#include "cli/table_output.h"

namespace crmsink {
namespace {

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = FirstCodePoint(text);
    if (!point.valid || point.value == 0) return false;
    text.remove_prefix(point.size);
  }
  return true;
}

// What a cell that opens a spreadsheet's formula begins with; "+1 555 0100" and "-4.20" are none.
bool LooksLikeFormula(std::string_view text) {
  if (text.empty()) return false;
  if (text[0] == '=' || text[0] == '@' || text[0] == '\t' || text[0] == '\r') return true;
  return (text[0] == '+' || text[0] == '-') && text.find_first_not_of("0123456789 .,()-", 1) != std::string_view::npos;
}

class CsvWriter final : public RowWriter {
 public:
  explicit CsvWriter(std::ostream& out) : out_(out) {}

  void Columns(const std::vector<std::string>& names) override {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i > 0) out_ << ',';
      WriteText(names[i]);
    }
    out_ << "\r\n";
  }
  void Row(const std::vector<QueryValue>& values) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ << ',';
      const bool number = std::holds_alternative<std::int64_t>(values[i]) || std::holds_alternative<double>(values[i]);
      if (number) {
        out_ << TextOf(values[i]);
      } else if (!std::holds_alternative<std::monostate>(values[i])) {
        WriteText(TextOf(values[i]));
      }
    }
    out_ << "\r\n";
  }
  void Flush() override { out_.flush(); }
  void End() override {}

 private:
  void WriteText(std::string_view text) {
    const bool guarded = LooksLikeFormula(text);
    if (!guarded && !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
      out_ << text;
      return;
    }
    out_ << (guarded ? "\"'" : "\"");
    for (const char character : text) {
      if (character == '"') out_ << '"';
      out_ << character;
    }
    out_ << '"';
  }

  std::ostream& out_;
};

class JsonWriter final : public RowWriter {
 public:
  JsonWriter(std::ostream& out, bool lines) : out_(out), lines_(lines) {}

  // Two columns may have the same name, two members may not: the second `id` is written as `id_2`.
  void Columns(const std::vector<std::string>& names) override {
    std::set<std::string> taken;
    for (const std::string& name : names) {
      std::string unique = name;
      for (int n = 2; !taken.insert(unique).second; ++n) unique = name + "_" + std::to_string(n);
      std::string quoted;
      AppendPrintableJson(unique, quoted);
      names_.push_back(std::move(quoted));
    }
    if (!lines_) out_ << '[';
  }
  void Row(const std::vector<QueryValue>& values) override {
    std::string text = lines_ ? "{" : std::exchange(first_, false) ? "\n{" : ",\n{";
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ',';
      text.append(names_[i]).append(":");
      AppendValue(values[i], text);
    }
    out_ << text << (lines_ ? "}\n" : "}");
  }
  void Flush() override { out_.flush(); }
  void End() override {
    if (!lines_) out_ << (first_ ? "]\n" : "\n]\n");
  }

 private:
  static void AppendValue(const QueryValue& value, std::string& out) {
    const double* const number = std::get_if<double>(&value);
    if (std::holds_alternative<std::monostate>(value)) {
      out += "null";
    } else if (std::holds_alternative<std::int64_t>(value) || (number != nullptr && std::isfinite(*number))) {
      out += TextOf(value);
    } else {
      AppendPrintableJson(TextOf(value), out);
    }
  }

  std::ostream& out_;
  const bool lines_;
  bool first_ = true;
  std::vector<std::string> names_;
};

}  // namespace

std::string TextOf(const QueryValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* number = std::get_if<double>(&value)) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
    return {digits.data(), end};
  }
  if (const auto* blob = std::get_if<Blob>(&value)) {
    if (IsUtf8(blob->bytes)) return blob->bytes;
    return "\\x" + Hex({reinterpret_cast<const std::uint8_t*>(blob->bytes.data()), blob->bytes.size()});
  }
  return "";
}

std::optional<OutputFormat> ParseOutputFormat(std::string_view name) {
  if (name == "table") return OutputFormat::kTable;
  if (name == "csv") return OutputFormat::kCsv;
  if (name == "json") return OutputFormat::kJson;
  if (name == "ndjson") return OutputFormat::kNdjson;
  return std::nullopt;
}

std::unique_ptr<RowWriter> MakeRowWriter(OutputFormat format, std::ostream& out, std::size_t cell_width) {
  switch (format) {
    case OutputFormat::kTable:
      return std::make_unique<TableWriter>(out, cell_width);
    case OutputFormat::kCsv:
      return std::make_unique<CsvWriter>(out);
    case OutputFormat::kJson:
    case OutputFormat::kNdjson:
      break;
  }
  return std::make_unique<JsonWriter>(out, format == OutputFormat::kNdjson);
}

}  // namespace crmsink
