#include "replay/status.h"

#include <algorithm>
#include <cstddef>
#include <functional>

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

std::string Verdict(std::ptrdiff_t findings) {
  if (findings == 0) return "all is well";
  return std::to_string(findings) + (findings == 1 ? " finding" : " findings");
}

}  // namespace

int RunStatus(const Arguments& arguments, Terminal& terminal) {
  CommandLine line(
      "status",
      "Answers whether all is well, and if not, what to do: a verdict first, then each finding with its "
      "remedy, then the rest. It looks at the database's size, its disk and its WAL, at who has fallen "
      "silent, the clock, events by type, events and fields that no table takes, "
      "deliveries in quarantine or held as unverified, refused requests of the last seven days, what "
      "waits in the spool for PostgreSQL. A finding wants somebody to act: of what came, it is of the last "
      "seven days. Notes want nobody: what is older, what nobody can change, fields that "
      "are kept in extra. Counts come from event_counts and never from the log, so a large log costs no "
      "more than a small one; fields are looked for in the newest " +
          std::to_string(kSampledEvents) + " events and the newest " + std::to_string(kSampledRows) +
          " rows of each table.",
      "0 nothing to do, 1 failed, 2 wrong use, 3 a finding.");
  FormatOption format(line);
  bool check = false;
  line.AddFlag("--check", check, "read the whole database, too, and say what is damaged in it (SQLite)");
  line.AddSettings({"database", "schema", "spool-file", "tls-certificate"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  Result<std::vector<StatusLine>> lines =
      Status(settings.database, SystemNow(),
             {.spool_file = settings.spool_file, .certificate = settings.tls_certificate, .check = check});
  if (!lines) return Complain(terminal, settings, lines.error());
  std::ranges::stable_sort(*lines, std::ranges::greater(), &StatusLine::level);
  const auto findings = std::ranges::count(*lines, StatusLine::Level::kFinding, &StatusLine::level);
  const OutputFormat form = format.Choice(terminal);
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(form, terminal.out, kWidest);
  if (form == OutputFormat::kTable) terminal.out << Verdict(findings) << "\n\n";
  writer->Columns({"level", "section", "name", "value", "remedy"});
  if (form != OutputFormat::kTable) writer->Row({"verdict", "status", Verdict(findings), "", ""});
  for (const StatusLine& entry : *lines) {
    writer->Row({LevelName(entry.level), entry.section, entry.name, entry.value, entry.remedy});
  }
  writer->End();
  const int written = Finish(terminal);
  return written == kDone && findings > 0 ? kFinding : written;
}

}  // namespace crmsink
