#pragma once

#include "cli/terminal.h"

namespace crmsink {

// The program: `crmsink COMMAND ...`. Returns the exit code; never throws.
int Main(int argc, char** argv);

// The same on a terminal of the caller's; `arguments` begin with the command.
int Run(const Arguments& arguments, Terminal& terminal);

}  // namespace crmsink
