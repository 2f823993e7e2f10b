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

template <class Commands>
void PrintTable(const Commands& commands, std::ostream& out) {
  for (const auto& command : commands) {
    out << "  " << command.name << std::string(12 - command.name.size(), ' ') << command.summary << '\n';
  }
}

void PrintHelp(std::ostream& out) {
  out << "crmsink receives HighLevel webhooks, keeps every one of them in a log, and keeps tables of them.\n\n"
         "Usage: crmsink COMMAND [OPTIONS]\n\nCommands:\n";
  PrintTable(AllCommands(), out);
  out << "\n`crmsink COMMAND --help` says what a command does, takes and returns.\n";
}

void PrintHelp(const Command& command, std::ostream& out) {
  out << command.summary << "\n\nUsage: crmsink " << command.name << " SUBCOMMAND [OPTIONS]\n\nSubcommands:\n";
  PrintTable(command.subcommands, out);
  out << "\n`crmsink " << command.name
      << " SUBCOMMAND --help` says what it does, takes and returns.\n\n"
         "Exit codes: 0 done, 1 failed, 2 wrong use; retry: 3 some stay.\n";
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

template <class Commands>
int RunUnknown(const std::string& what, const std::string& name, const Commands& commands, const std::string& parent,
               Terminal& terminal) {
  std::vector<std::string_view> names;
  for (const auto& command : commands) names.push_back(command.name);
  return Complain(terminal, kWrongUse,
                  "unknown " + what + " \"" + name + "\"; the nearest known one is " +
                      std::string(Nearest(name, names)) + " (" + parent + " --help)");
}

bool IsHelp(const std::string& argument) { return argument == "--help" || argument == "-h"; }

int RunSubcommand(const Command& command, const Arguments& arguments, Terminal& terminal) {
  if (arguments.empty()) {
    PrintHelp(command, terminal.err);
    return kWrongUse;
  }
  const std::string& name = arguments.front();
  if (IsHelp(name)) {
    PrintHelp(command, terminal.out);
    return Finish(terminal);
  }
  const Subcommand* const found = FindSubcommand(command, name);
  if (found == nullptr) {
    return RunUnknown("subcommand", name, command.subcommands, "crmsink " + std::string(command.name), terminal);
  }
  return found->run({arguments.begin() + 1, arguments.end()}, terminal);
}

}  // namespace

int Run(const Arguments& arguments, Terminal& terminal) {
  if (arguments.empty()) {
    PrintHelp(terminal.err);
    return kWrongUse;
  }
  const std::string& name = arguments.front();
  Arguments rest(arguments.begin() + 1, arguments.end());
  if (name == "--version") return RunVersion(rest, terminal);
  if (IsHelp(name) || name == "help") {
    if (!rest.empty() && name == "help") {
      rest.push_back("--help");
      return Run(rest, terminal);
    }
    PrintHelp(terminal.out);
    return Finish(terminal);
  }
  const Command* const command = FindCommand(name);
  if (command == nullptr) return RunUnknown("command", name, AllCommands(), "crmsink", terminal);
  return command->run != nullptr ? command->run(rest, terminal) : RunSubcommand(*command, rest, terminal);
}

int Main(int argc, char** argv) {
  Terminal terminal{.in = std::cin,
                    .out = std::cout,
                    .err = std::cerr,
                    .out_is_terminal = isatty(STDOUT_FILENO) == 1,
                    .environment = Environment(),
                    .config_search = {"crmsink.toml", "/etc/crmsink/crmsink.toml"},
                    .out_descriptor = STDOUT_FILENO};
  std::ios::sync_with_stdio(false);
  try {
    return Run(Arguments(argv + std::min(argc, 1), argv + argc), terminal);
  } catch (const std::exception& error) {
    return Complain(terminal, kFailed, std::string("an error of the program itself: ") + error.what());
  }
}

}  // namespace crmsink
