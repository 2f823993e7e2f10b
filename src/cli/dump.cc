#include "replay/dump.h"

#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace crmsink {

int RunDump(const Arguments& arguments, Terminal& terminal) {
  CommandLine line(
      "dump",
      "Writes every table as canonical NDJSON, one {\"row\":{...},\"table\":T} a line: rows by key in byte "
      "order, members sorted, without the columns that record arrival. Equal tables give equal bytes, "
      "whatever the order in which the events came.",
      "0 done, 1 failed, 2 wrong use.");
  bool log = false;
  line.AddFlag("--log", log, "Also the events and the quarantine, their bytes as base64");
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  const Result<void> done =
      Dump(settings.database, log, [&terminal](std::string_view text) { terminal.out << text << '\n'; });
  if (!done) {
    terminal.out.flush();
    return Complain(terminal, settings, done.error());
  }
  return Finish(terminal);
}

}  // namespace crmsink
