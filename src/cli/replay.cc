#include "replay/replay.h"

#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/event_filter.h"
#include "cli/progress.h"
#include "replay/replay_into.h"
#include "storage/database.h"

namespace crmsink {
namespace {

struct Options {
  std::vector<std::string> entities;
  std::string from, into;
};

Result<void> CheckUrl(std::string_view option, const std::string& url) {
  if (url.empty()) return {};
  const auto parsed = DatabaseUrl::Parse(url);
  const auto checked = parsed ? RefusePassword(url) : Result<void>(tl::unexpected(parsed.error()));
  if (!checked) return Fail(ErrorCode::kInvalid, std::string(option) + ": " + checked.error().message);
  return {};
}

Result<std::set<const Entity*>> Check(const Options& options) {
  if (auto done = CheckUrl("--from", options.from); !done) return tl::unexpected(done.error());
  if (auto done = CheckUrl("--into", options.into); !done) return tl::unexpected(done.error());
  if (!options.from.empty() && !options.into.empty()) {
    return Fail(ErrorCode::kInvalid, "--from and --into: the other database of a copy is --database; leave one out");
  }
  const bool copies = !options.from.empty() || !options.into.empty();
  if (copies && !options.entities.empty()) {
    return Fail(ErrorCode::kInvalid,
                "--entity and --from or --into: another database gets the whole log, and so all tables; leave --entity "
                "out");
  }
  std::set<const Entity*> only;
  for (const std::string& name : options.entities) {
    const auto entity = EntityNamed(name);
    if (!entity) return Fail(ErrorCode::kInvalid, "--entity: " + entity.error().message);
    only.insert(*entity);
  }
  return only;
}

int RunInPlace(const Settings& settings, const std::set<const Entity*>& only, Terminal& terminal) {
  const Result<ReplayReport> report = Replay(settings.database, ProgressTo(terminal), only);
  if (!report) return Complain(terminal, settings, report.error());
  terminal.out << report->events << " events, " << report->entities << " entities: " << report->changed
               << " rows changed, " << report->removed << " removed; " << report->rederived
               << " events are read otherwise than when they came, " << report->unreadable
               << " cannot be read by this version\n";
  return Finish(terminal);
}

int RunCopy(const Settings& settings, const std::string& from, const std::string& to, Terminal& terminal) {
  const Result<CopyReport> report = ReplayInto(from, to, ProgressTo(terminal));
  if (!report) return Complain(terminal, settings, report.error());
  terminal.out << report->copied << " events copied, " << report->known << " were there already; " << report->held
               << " deliveries that are no events copied\n";
  return Finish(terminal);
}

}  // namespace

int RunReplay(const Arguments& arguments, Terminal& terminal) {
  CommandLine line(
      "replay",
      "Makes the tables anew from the log, in place and in small transactions: a server may go on "
      "writing. With --from or --into it copies the log, and what is kept beside it, between two databases "
      "and fills the tables of the one that it copies into, which no server may use meanwhile. It may be "
      "ended and started again at any time. How far it is goes to standard error, from two seconds on.",
      "0 done, 1 failed, 2 wrong use.");
  Options options;
  line.AddTexts("--entity", options.entities, "TABLE",
                "Only the rows of this table or entity (contacts, Contact) and of its child tables; repeatable. In "
                "place alone");
  line.AddText("--from", options.from, "URL",
               "Another database, of either kind: copy its log into --database, which is made where it is not there");
  line.AddText("--into", options.into, "URL", "The other way round: copy the log of --database into this one");
  line.AddSettings({"database", "schema"});
  Settings settings;
  if (const std::optional<int> over = line.Read(arguments, terminal, settings)) return *over;
  const auto only = Check(options);
  if (!only) return Complain(terminal, kWrongUse, only.error().message);
  if (!options.from.empty()) return RunCopy(settings, options.from, settings.database, terminal);
  if (!options.into.empty()) return RunCopy(settings, settings.database, options.into, terminal);
  return RunInPlace(settings, *only, terminal);
}

}  // namespace crmsink
