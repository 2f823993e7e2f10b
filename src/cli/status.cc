#include "replay/status.h"

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/format_option.h"
#include "replay/unmapped_fields.h"

namespace crmsink {
namespace {

constexpr std::size_t kWidest = 1000;  // a remedy is of no use when it is cut

std::string LevelName(StatusLine::Level level) {
  switch (level) {
    case StatusLine::Level::kFinding:
      return "finding";
    case StatusLine::Level::kNote:
      return "note";
    case StatusLine::Level::kInfo:
      break;
  }
  return "info";
}

}  // namespace

int RunStatus(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("status",
                   "Says what came in and what is wrong: events by type, events and fields that no table takes, "
                   "deliveries in quarantine or held as unverified, refused requests of the last seven days, what "
                   "waits in the spool for PostgreSQL; and beside it what to do. A finding wants somebody to act: it "
                   "is of the last seven days (a schema that "
                   "is not up to date: always). Notes want nobody: what is older, what nobody can change, fields that "
                   "are kept in extra. Counts come from event_counts and never from the log, so a large log costs no "
                   "more than a small one; fields are looked for in the newest " +
                       std::to_string(kSampledEvents) + " events and the newest " + std::to_string(kSampledRows) +
                       " rows of each table.",
                   "0 nothing to do, 1 failed, 2 wrong use, 3 a finding.");
  FormatOption format(line);
  line.AddSettings({"database", "schema", "spool-file"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  const Result<std::vector<StatusLine>> lines = Status(settings.database, SystemNow(), settings.spool_file);
  if (!lines) return Complain(terminal, settings, lines.error());
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format.Choice(terminal), terminal.out, kWidest);
  writer->Columns({"level", "section", "name", "value", "remedy"});
  bool finding = false;
  for (const StatusLine& entry : *lines) {
    finding = finding || entry.level == StatusLine::Level::kFinding;
    writer->Row({LevelName(entry.level), entry.section, entry.name, entry.value, entry.remedy});
  }
  writer->End();
  const int written = Finish(terminal);
  return written == kDone && finding ? kFinding : written;
}

}  // namespace crmsink
