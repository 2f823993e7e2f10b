#pragma once

#include <cstddef>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"

namespace crmsink {

// A value as text: numbers in as few digits as read back the same, bytes as output.h says. NULL: empty.
[[nodiscard]] std::string TextOf(const QueryValue& value);

// Columns that the text takes on a terminal; East Asian wide characters take two, combining ones none.
[[nodiscard]] std::size_t DisplayWidth(std::string_view printable);

// The format `table`: the first rows decide how wide the columns are, the rest is written as it comes.
class TableWriter final : public RowWriter {
 public:
  TableWriter(std::ostream& out, std::size_t cell_width) : out_(out), cell_width_(cell_width) {}

  void Columns(const std::vector<std::string>& names) override;
  void Row(const std::vector<QueryValue>& values) override;
  void Flush() override;
  void End() override;

 private:
  struct Cell {
    std::string text;
    bool right = false;
  };
  using Line = std::vector<Cell>;

  void WriteHeld();
  void WriteLine(const Line& line);

  std::ostream& out_;
  const std::size_t cell_width_;
  Line names_;
  std::vector<std::size_t> widths_;
  std::vector<Line> held_;  // until the widths are settled
  bool settled_ = false;
  std::size_t rows_ = 0;
};

}  // namespace crmsink
