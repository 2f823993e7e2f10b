#include "replay/status.h"

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"

namespace crmsink {
namespace {

constexpr std::size_t kWidest = 1000;  // a remedy is of no use when it is cut

}  // namespace

int RunStatus(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("status",
                   "Says what came in and what is wrong: events by type, deliveries in quarantine or held as "
                   "unverified, refused requests. A line whose remedy is not empty wants somebody to act.",
                   "0 nothing to do, 1 failed, 2 wrong use, 3 a finding: a line with a remedy.");
  FormatOption format(line);
  line.AddSettings({"database"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  const Result<std::vector<StatusLine>> lines = Status(settings.database);
  if (!lines) return Complain(terminal, settings, lines.error());
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format.Choice(terminal), terminal.out, kWidest);
  writer->Columns({"section", "name", "value", "remedy"});
  bool finding = false;
  for (const StatusLine& entry : *lines) {
    finding = finding || !entry.remedy.empty();
    writer->Row({entry.section, entry.name, entry.value, entry.remedy});
  }
  writer->End();
  const int written = Finish(terminal);
  return written == kDone && finding ? kFinding : written;
}

}  // namespace crmsink
