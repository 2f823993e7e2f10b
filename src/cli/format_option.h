#pragma once

#include <string>

#include "cli/command_line.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace crmsink {

// --format table|json|csv|ndjson of the commands that print rows. Must live until the arguments are read.
class FormatOption {
 public:
  explicit FormatOption(CommandLine& line);
  FormatOption(const FormatOption&) = delete;
  FormatOption& operator=(const FormatOption&) = delete;

  // Without the option: a table on a terminal, else CSV.
  [[nodiscard]] OutputFormat Choice(const Terminal& terminal) const;

 private:
  std::string name_;
};

}  // namespace crmsink
