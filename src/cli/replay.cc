#include "replay/replay.h"

#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/event_filter.h"
#include "cli/progress.h"
#include "storage/database.h"

namespace crmsink {
namespace {

void PrintReport(const ReplayReport& report, std::ostream& out) {
  out << report.events << " events, " << report.entities << " entities: " << report.changed << " rows changed, "
      << report.removed << " removed; " << report.rederived << " events are read otherwise than when they came, "
      << report.unreadable << " cannot be read by this version\n";
}

}  // namespace

int RunReplay(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("replay",
                   "Makes the tables anew from the log, in place and in small transactions: a server may go on "
                   "writing, and it may be ended and started again at any time. How far it is goes to "
                   "standard error, from two seconds on.",
                   "0 done, 1 failed, 2 wrong use.");
  std::string into;
  std::vector<std::string> entities;
  line.AddTexts("--entity", entities, "TABLE",
                "Only the rows of this table or entity (contacts, Contact) and of its child tables; repeatable. In "
                "place alone");
  line.AddText("--into", into, "URL",
               "Another database, sqlite:FILE: copy the log and what is kept beside it there, and make its tables. It "
               "is made where it is not there");
  line.AddSettings({"database"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  if (!into.empty()) {
    if (const auto url = DatabaseUrl::Parse(into); !url) {
      return Complain(terminal, kWrongUse, "--into: " + url.error().message);
    }
  }
  if (!into.empty() && !entities.empty()) {
    return Complain(terminal, kWrongUse,
                    "--entity and --into: another database gets the whole log, and so all tables; leave --entity out");
  }
  std::set<const Entity*> only;
  for (const std::string& name : entities) {
    const auto entity = EntityNamed(name);
    if (!entity) return Complain(terminal, kWrongUse, "--entity: " + entity.error().message);
    only.insert(*entity);
  }
  const OnProgress progress = ProgressTo(terminal);
  const Result<ReplayReport> report =
      into.empty() ? Replay(settings.database, progress, only) : ReplayInto(settings.database, into, progress);
  if (!report) return Complain(terminal, settings, report.error());
  PrintReport(*report, terminal.out);
  return Finish(terminal);
}

}  // namespace crmsink
