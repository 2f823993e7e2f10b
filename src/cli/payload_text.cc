#include "cli/payload_text.h"

#include "base/json.h"
#include "base/printable.h"

namespace crmsink {
namespace {

void Append(const json::Value& value, std::size_t depth, std::string& out) {
  const auto new_line = [&](std::size_t level) { out.append("\n").append(2 * level, ' '); };
  bool first = true;
  const auto begin = [&] {
    if (!first) out += ',';
    first = false;
    new_line(depth + 1);
  };
  switch (value.kind()) {
    case json::Kind::kObject:
      out += '{';
      for (const json::Member& member : value.members()) {
        begin();
        AppendPrintableJson(member.key, out);
        out += ": ";
        Append(member.value, depth + 1, out);
      }
      if (!first) new_line(depth);
      out += '}';
      return;
    case json::Kind::kArray:
      out += '[';
      for (const json::Value& element : value.elements()) {
        begin();
        Append(element, depth + 1, out);
      }
      if (!first) new_line(depth);
      out += ']';
      return;
    case json::Kind::kString:
      return AppendPrintableJson(value.text(), out);
    case json::Kind::kNull:
      out += "null";
      return;
    case json::Kind::kBool:
    case json::Kind::kNumber:
      out += value.text();
  }
}

}  // namespace

std::string PayloadText(std::string_view bytes) {
  std::string text;
  if (const auto document = json::Document::Parse(bytes)) {
    Append(document->root(), 0, text);
  } else {
    AppendPrintable(bytes, text);
  }
  return text + "\n";
}

}  // namespace crmsink
