#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crmsink {

// Text from outside, made fit for a terminal and for logs: control characters (C0, DEL, C1), line and paragraph
// separators and marks that turn the direction of writing never come out as they went in.

struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;  // bytes
  bool valid = false;    // false: one byte that is no UTF-8
};

// The first code point of a text that is not empty. Strict: no overlong forms, no surrogates.
[[nodiscard]] CodePoint FirstCodePoint(std::string_view text);

// Appends it for reading by people: \n, \t, \r, \u001b, and \xff for bytes that are no UTF-8.
void AppendPrintable(std::string_view text, std::string& out);

// Appends it as a JSON string, quotes included, that reads back as the same text; bytes that are no UTF-8 become
// U+FFFD.
void AppendPrintableJson(std::string_view text, std::string& out);

}  // namespace crmsink
