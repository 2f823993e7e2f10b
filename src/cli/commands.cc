#include "cli/commands.h"

#include <algorithm>
#include <sstream>

namespace crmsink {
namespace {

constexpr Subcommand kEvents[] = {
    {"list", "list the log, newest first", RunEventsList},
    {"show", "print one event: what arrived, and what it became", RunEventsShow},
    {"tail", "print the newest events, and new ones as they come", RunEventsTail},
};
constexpr Subcommand kQuarantine[] = {
    {"list", "list them, newest first", RunQuarantineList},
    {"show", "print one of them", RunQuarantineShow},
    {"retry", "try them again; what becomes an event leaves the quarantine", RunQuarantineRetry},
};
constexpr Subcommand kUnverified[] = {
    {"list", "list them, newest first", RunUnverifiedList},
    {"show", "print one of them", RunUnverifiedShow},
    {"retry", "check them with the keys that are known now; what fits one goes into the log", RunUnverifiedRetry},
};

constexpr Command kCommands[] = {
    {"serve", "receive webhooks and keep them", RunServe},
    {"urls", "print the URL of every event, to be pasted into HighLevel", RunUrls},
    {"doctor", "before going live: will it work here?", RunDoctor},
    {"status", "what came in, and what is wrong", RunStatus},
    {"events", "look into the log of events: list, show, tail", nullptr, kEvents},
    {"quarantine", "authentic deliveries that could not become an event: list, show, retry", nullptr, kQuarantine},
    {"unverified", "deliveries whose signature fits no known key: list, show, retry", nullptr, kUnverified},
    {"query", "run SQL that only reads", RunQuery},
    {"schema", "print the tables, or the settings, that this version knows", RunSchema},
    {"verify", "compare the tables with the log", RunVerify},
    {"replay", "make the tables anew from the log", RunReplay},
    {"backup", "copy the database into a file while a server writes", RunBackup},
    {"dump", "write every table as canonical NDJSON", RunDump},
    {"migrate", "make the database, or bring its schema up to date", RunMigrate},
    {"completion", "print the completion of commands and options for bash", RunCompletion},
    {"man", "print a manual page, for man", RunMan},
    {"version", "print the version", RunVersion},
};

}  // namespace

std::span<const Command> AllCommands() { return kCommands; }

const Command* FindCommand(std::string_view name) {
  const auto* const found = std::ranges::find(kCommands, name, &Command::name);
  return found == std::end(kCommands) ? nullptr : found;
}

const Subcommand* FindSubcommand(const Command& command, std::string_view name) {
  const auto found = std::ranges::find(command.subcommands, name, &Subcommand::name);
  return found == command.subcommands.end() ? nullptr : &*found;
}

CommandHelp HelpOf(RunCommand run) {
  CommandHelp help;
  std::istringstream in;
  std::ostringstream out, err;
  Terminal terminal{.in = in, .out = out, .err = err, .environment = {}, .config_search = {}, .describe = &help};
  run({}, terminal);
  return help;
}

}  // namespace crmsink
