#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"

namespace crmsink {

int RunVersion(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("version", "Prints the version of the program.", "0 done, 1 failed, 2 wrong use.");
  if (const std::optional<int> over = line.Read(arguments, terminal)) return *over;
  terminal.out << "crmsink " << CRMSINK_VERSION << '\n';
  return Finish(terminal);
}

}  // namespace crmsink
