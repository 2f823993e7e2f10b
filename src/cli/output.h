#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/query.h"

namespace crmsink {

// How rows are written:
//
//   table   for people: aligned, NULL said, control characters escaped, long cells cut, rows counted
//   csv     RFC 4180: a line of names, CRLF, NULL is an empty field and an empty text is "". Text that a spreadsheet
//           would run as a formula (it begins with = or @, or with + or - before what is no number) gets a ' before it.
//   json    one array of objects
//   ndjson  one object a line
//
// Bytes that are valid UTF-8 are written as text, others as \x and hexadecimal digits.
enum class OutputFormat : std::uint8_t { kTable, kCsv, kJson, kNdjson };

[[nodiscard]] std::optional<OutputFormat> ParseOutputFormat(std::string_view name);

// Writes one result. Nothing but numbers, names and a bounded number of rows is kept in memory. Not thread-safe.
class RowWriter {
 public:
  virtual ~RowWriter() = default;

  // REQUIRES: once, before the first row.
  virtual void Columns(const std::vector<std::string>& names) = 0;
  // REQUIRES: as many values as names.
  virtual void Row(const std::vector<QueryValue>& values) = 0;
  // Writes what is kept back, for somebody who waits for more.
  virtual void Flush() = 0;
  // REQUIRES: once, after the last row.
  virtual void End() = 0;
};

inline constexpr std::size_t kUsualCellWidth = 80;

// `out` outlives the writer. A table's cells are cut at so many characters.
[[nodiscard]] std::unique_ptr<RowWriter> MakeRowWriter(OutputFormat format, std::ostream& out,
                                                       std::size_t cell_width = kUsualCellWidth);

}  // namespace crmsink
