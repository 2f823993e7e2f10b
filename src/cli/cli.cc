#include "cli/cli.h"

#include <algorithm>
#include <exception>
#include <iostream>
#include <iterator>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/nearest.h"

extern char** environ;

namespace crmsink {
namespace {

struct Command {
  std::string_view name;
  std::string_view summary;
  int (*run)(const Arguments&, Terminal&);
};

constexpr Command kCommands[] = {
    {"serve", "receive webhooks and keep them", RunServe},
    {"migrate", "make the database, or bring its schema up to date", RunMigrate},
    {"query", "run SQL that only reads", RunQuery},
    {"status", "what came in, and what is wrong", RunStatus},
    {"verify", "compare the tables with the log", RunVerify},
    {"replay", "make the tables anew from the log", RunReplay},
    {"dump", "write every table as canonical NDJSON", RunDump},
    {"schema", "print the tables, or the settings, that this version knows", RunSchema},
    {"version", "print the version", RunVersion},
};

void PrintHelp(std::ostream& out) {
  out << "crmsink receives HighLevel webhooks, keeps every one of them in a log, and keeps tables of them.\n\n"
         "Usage: crmsink COMMAND [OPTIONS]\n\nCommands:\n";
  for (const Command& command : kCommands) {
    out << "  " << command.name << std::string(12 - command.name.size(), ' ') << command.summary << '\n';
  }
  out << "\n`crmsink COMMAND --help` says what a command does, takes and returns.\n";
}

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

int RunUnknown(const std::string& name, Terminal& terminal) {
  std::vector<std::string_view> names;
  std::ranges::transform(kCommands, std::back_inserter(names), &Command::name);
  return Complain(terminal, kWrongUse,
                  "unknown command \"" + name + "\"; the nearest known one is " + std::string(Nearest(name, names)) +
                      " (crmsink --help)");
}

}  // namespace

int Run(const Arguments& arguments, Terminal& terminal) {
  if (arguments.empty()) {
    PrintHelp(terminal.err);
    return kWrongUse;
  }
  const std::string& name = arguments.front();
  const Arguments rest(arguments.begin() + 1, arguments.end());
  if (name == "--version") return RunVersion(rest, terminal);
  if (name == "--help" || name == "-h" || name == "help") {
    if (!rest.empty() && name == "help") return Run({rest.front(), "--help"}, terminal);
    PrintHelp(terminal.out);
    return Finish(terminal);
  }
  const auto* const command = std::ranges::find(kCommands, name, &Command::name);
  if (command == std::end(kCommands)) return RunUnknown(name, terminal);
  return command->run(rest, terminal);
}

int Main(int argc, char** argv) {
  Terminal terminal{.in = std::cin,
                    .out = std::cout,
                    .err = std::cerr,
                    .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                    .environment = Environment(),
                    .config_search = {"crmsink.toml", "/etc/crmsink/crmsink.toml"}};
  std::ios::sync_with_stdio(false);
  try {
    return Run(Arguments(argv + std::min(argc, 1), argv + argc), terminal);
  } catch (const std::exception& error) {
    return Complain(terminal, kFailed, std::string("an error of the program itself: ") + error.what());
  }
}

}  // namespace crmsink
