#pragma once

#include <optional>
#include <string>

#include "cli/command_line.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace crmsink {

// --format table|json|csv|ndjson of the commands that print rows. Must live until the arguments are read.
class FormatOption {
 public:
  // Without the option the output has the form `usual`; where that is not said, a table on a terminal, else CSV.
  explicit FormatOption(CommandLine& line, std::optional<OutputFormat> usual = std::nullopt);
  FormatOption(const FormatOption&) = delete;
  FormatOption& operator=(const FormatOption&) = delete;

  [[nodiscard]] OutputFormat Choice(const Terminal& terminal) const;

 private:
  std::string name_;
  const std::optional<OutputFormat> usual_;
};

}  // namespace crmsink
