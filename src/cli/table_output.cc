#include "cli/table_output.h"

#include <algorithm>
#include <iterator>
#include <ostream>
#include <utility>

#include "base/printable.h"

namespace crmsink {
namespace {

constexpr std::size_t kHeldRows = 1000;

struct Range {
  char32_t first, last;
};

// Blocks of Unicode, not single characters: a column that is off by one is no harm.
constexpr Range kCombining[] = {{0x0300, 0x036F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}};
constexpr Range kWide[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                           {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0x1F300, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t n>
bool IsIn(char32_t code, const Range (&ranges)[n]) {
  return std::ranges::any_of(ranges, [code](const Range& range) { return code >= range.first && code <= range.last; });
}

std::size_t WidthOf(char32_t code) { return IsIn(code, kCombining) ? 0 : IsIn(code, kWide) ? 2 : 1; }

std::string Cut(std::string_view text, std::size_t cell_width) {
  // What cannot matter is not looked at: a cell may have megabytes.
  const std::size_t looked_at = cell_width * 4;
  std::string printable;
  AppendPrintable(text.substr(0, looked_at), printable);
  const bool whole = text.size() <= looked_at;
  if (whole && DisplayWidth(printable) <= cell_width) return printable;
  std::string cut;
  std::size_t width = 1;  // of the ellipsis
  for (std::string_view rest = printable; !rest.empty();) {
    const CodePoint point = FirstCodePoint(rest);
    width += WidthOf(point.value);
    if (width > cell_width) break;
    cut += rest.substr(0, point.size);
    rest.remove_prefix(point.size);
  }
  return cut + "\u2026";
}

}  // namespace

std::size_t DisplayWidth(std::string_view printable) {
  std::size_t width = 0;
  while (!printable.empty()) {
    const CodePoint point = FirstCodePoint(printable);
    width += WidthOf(point.value);
    printable.remove_prefix(point.size);
  }
  return width;
}

void TableWriter::Columns(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    names_.push_back({Cut(name, cell_width_), false});
    widths_.push_back(DisplayWidth(names_.back().text));
  }
}

void TableWriter::Row(const std::vector<QueryValue>& values) {
  ++rows_;
  Line line;
  for (const QueryValue& value : values) {
    const bool null = std::holds_alternative<std::monostate>(value);
    const bool number = std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
    line.push_back({null ? "NULL" : Cut(TextOf(value), cell_width_), number});
  }
  for (std::size_t i = 0; i < line.size(); ++i) widths_[i] = std::max(widths_[i], DisplayWidth(line[i].text));
  if (settled_) return WriteLine(line);
  held_.push_back(std::move(line));
  if (held_.size() == kHeldRows) WriteHeld();
}

void TableWriter::Flush() {
  if (!settled_ && !held_.empty()) WriteHeld();
  out_.flush();
}

void TableWriter::End() {
  if (!settled_) WriteHeld();
  out_ << '(' << rows_ << (rows_ == 1 ? " row)\n" : " rows)\n");
}

void TableWriter::WriteHeld() {
  settled_ = true;
  WriteLine(names_);
  for (std::size_t i = 0; i < widths_.size(); ++i) out_ << (i == 0 ? "" : "+") << std::string(widths_[i] + 2, '-');
  out_ << '\n';
  for (const Line& line : std::exchange(held_, {})) WriteLine(line);
}

void TableWriter::WriteLine(const Line& line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const std::size_t width = DisplayWidth(line[i].text);
    const std::string padding(widths_[i] > width ? widths_[i] - width : 0, ' ');
    text += i == 0 ? " " : " | ";
    text += line[i].right ? padding + line[i].text : line[i].text + padding;
  }
  while (text.ends_with(' ')) text.pop_back();
  out_ << text << '\n';
}

}  // namespace crmsink
