#include "cli/format_option.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

namespace crmsink {

FormatOption::FormatOption(CommandLine& line) {
  line.app()
      .add_option("--format", name_,
                  CommandLine::Wrapped("table (for people: control characters are escaped, long cells cut), csv (RFC "
                                       "4180: NULL is an empty field, an empty text is \"\", and text that a "
                                       "spreadsheet would run as a formula gets a ' before it), json (one array of "
                                       "objects) or ndjson (an object a line). Default: table on a terminal, else "
                                       "csv"))
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"table", "json", "csv", "ndjson"}));
}

OutputFormat FormatOption::Choice(const Terminal& terminal) const {
  const OutputFormat usual = terminal.out_is_terminal ? OutputFormat::kTable : OutputFormat::kCsv;
  return ParseOutputFormat(name_).value_or(usual);
}

}  // namespace crmsink
