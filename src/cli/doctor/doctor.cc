#include <algorithm>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/doctor/checks.h"
#include "cli/format_option.h"

namespace crmsink {
namespace {

using doctor::Check;

constexpr std::size_t kWidest = 1000;  // a remedy is of no use when it is cut

std::string LevelName(Check::Level level) {
  switch (level) {
    case Check::Level::kWarning:
      return "warning";
    case Check::Level::kProblem:
      return "problem";
    case Check::Level::kOk:
      break;
  }
  return "ok";
}

}  // namespace

int RunDoctor(const Arguments& arguments, Terminal& terminal) {
  CommandLine line(
      "doctor",
      "Looks whether `crmsink serve` with the same settings will work here, before it goes live: configuration, "
      "keys and certificate, addresses, user, descriptors, clock, the disk and how fast it syncs, the database and "
      "what may "
      "be done in it, other servers on it, the spool, and a signed delivery to a server of its own over HTTP. "
      "One line each: ok, warning or problem, with what to do. Nothing of it stays. Run it as the user that the "
      "server will run as.",
      "0 no problem, 1 failed, 2 wrong use, 3 a problem.");
  FormatOption format(line);
  line.AddAllSettings();
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;

  doctor::Checks checks;
  doctor::CheckSettings(settings, checks);
  doctor::CheckMachine(checks);
  doctor::CheckDatabase(settings, checks);
  doctor::CheckAddresses(settings, checks);
  doctor::CheckRoundTrip(checks);

  const std::unique_ptr<RowWriter> writer = MakeRowWriter(format.Choice(terminal), terminal.out, kWidest);
  writer->Columns({"level", "check", "found", "remedy"});
  for (const Check& check : checks) writer->Row({LevelName(check.level), check.name, check.found, check.remedy});
  writer->End();
  const int written = Finish(terminal);
  const bool has_problem = std::ranges::find(checks, Check::Level::kProblem, &Check::level) != checks.end();
  return written == kDone && has_problem ? kFinding : written;
}

}  // namespace crmsink
