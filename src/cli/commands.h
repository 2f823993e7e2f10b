#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/terminal.h"

namespace crmsink {

using RunCommand = int (*)(const Arguments& arguments, Terminal& terminal);  // returns the exit code

struct Subcommand {
  std::string_view name;
  std::string_view summary;
  RunCommand run;
};

// Either `run` or subcommands.
struct Command {
  std::string_view name;
  std::string_view summary;
  RunCommand run = nullptr;
  std::span<const Subcommand> subcommands = {};
};

// What --help lists, in its order; the completion and the manual are made from it, too.
[[nodiscard]] std::span<const Command> AllCommands();

// nullptr where there is none.
[[nodiscard]] const Command* FindCommand(std::string_view name);
[[nodiscard]] const Subcommand* FindSubcommand(const Command& command, std::string_view name);

// What --help says of a command, without the program's name in front.
[[nodiscard]] CommandHelp HelpOf(RunCommand run);

// One function per command, each in a file of that name (subcommands: COMMAND_SUBCOMMAND).

int RunServe(const Arguments& arguments, Terminal& terminal);
int RunMigrate(const Arguments& arguments, Terminal& terminal);
int RunEventsList(const Arguments& arguments, Terminal& terminal);
int RunEventsShow(const Arguments& arguments, Terminal& terminal);
int RunEventsTail(const Arguments& arguments, Terminal& terminal);
int RunQuarantineList(const Arguments& arguments, Terminal& terminal);
int RunQuarantineShow(const Arguments& arguments, Terminal& terminal);
int RunQuarantineRetry(const Arguments& arguments, Terminal& terminal);
int RunUnverifiedList(const Arguments& arguments, Terminal& terminal);
int RunUnverifiedShow(const Arguments& arguments, Terminal& terminal);
int RunUnverifiedRetry(const Arguments& arguments, Terminal& terminal);
int RunQuery(const Arguments& arguments, Terminal& terminal);
int RunDoctor(const Arguments& arguments, Terminal& terminal);
int RunStatus(const Arguments& arguments, Terminal& terminal);
int RunVerify(const Arguments& arguments, Terminal& terminal);
int RunReplay(const Arguments& arguments, Terminal& terminal);
int RunBackup(const Arguments& arguments, Terminal& terminal);
int RunDump(const Arguments& arguments, Terminal& terminal);
int RunSchema(const Arguments& arguments, Terminal& terminal);
int RunUrls(const Arguments& arguments, Terminal& terminal);
int RunCompletion(const Arguments& arguments, Terminal& terminal);
int RunMan(const Arguments& arguments, Terminal& terminal);
int RunVersion(const Arguments& arguments, Terminal& terminal);

}  // namespace crmsink
