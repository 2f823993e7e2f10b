#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace crmsink {

struct Settings;

// An option as --help says it.
struct OptionHelp {
  std::string name;   // --format
  std::string value;  // what stands for its value, FILE or table|json|csv; empty: it takes none
  std::string help = "";
};

// What --help says of a command.
struct CommandHelp {
  std::string about, exit_codes;
  std::vector<OptionHelp> options;  // an argument without a name has an empty one
};

// What a command talks to, so that tests can hand it something else. Everything is borrowed.
struct Terminal {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  std::map<std::string, std::string> environment;
  std::vector<std::filesystem::path> config_search;  // where a configuration file may be
  int out_descriptor = -1;                           // of `out`, where it has one
  // Set: a command does nothing but say what --help would.
  CommandHelp* describe = nullptr;
};

using Arguments = std::vector<std::string>;  // without the names of program and command

enum ExitCode : int {
  kDone = 0,
  kFailed = 1,
  kWrongUse = 2,
  kFinding = 3,  // verify: a difference; status: something to act on; retry: some stay
};

// Writes "crmsink: MESSAGE" to standard error and returns the code.
int Complain(Terminal& terminal, ExitCode code, std::string_view message);

// The same for a failure of what a command called; where there is no database it says which configuration was read.
int Complain(Terminal& terminal, const Settings& settings, const Error& error);

// True once nobody can read what is written to standard output.
[[nodiscard]] bool IsOutputClosed(const Terminal& terminal);

// kDone, or kFailed where standard output could not take everything.
int Finish(Terminal& terminal);

}  // namespace crmsink
