#include "cli/format_option.h"

namespace crmsink {

FormatOption::FormatOption(CommandLine& line, std::optional<OutputFormat> usual) : usual_(usual) {
  const std::string otherwise = usual == OutputFormat::kTable ? "table" : "table on a terminal, else csv";
  line.AddText("--format", name_, "table|json|csv|ndjson",
               "table (for people: control characters are escaped, long cells cut), csv (RFC 4180: NULL is an empty "
               "field, an empty text is \"\", and text that a spreadsheet would run as a formula gets a ' before it), "
               "json (one array of objects) or ndjson (an object a line). Default: " +
                   otherwise);
}

OutputFormat FormatOption::Choice(const Terminal& terminal) const {
  const OutputFormat usual = terminal.out_is_terminal ? OutputFormat::kTable : OutputFormat::kCsv;
  return ParseOutputFormat(name_).value_or(usual_.value_or(usual));
}

}  // namespace crmsink
