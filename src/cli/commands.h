#pragma once

#include "cli/terminal.h"

namespace crmsink {

// One function per command, each in a file of that name. They return the exit code.

int RunServe(const Arguments& arguments, Terminal& terminal);
int RunMigrate(const Arguments& arguments, Terminal& terminal);
int RunQuery(const Arguments& arguments, Terminal& terminal);
int RunStatus(const Arguments& arguments, Terminal& terminal);
int RunVerify(const Arguments& arguments, Terminal& terminal);
int RunReplay(const Arguments& arguments, Terminal& terminal);
int RunDump(const Arguments& arguments, Terminal& terminal);
int RunSchema(const Arguments& arguments, Terminal& terminal);
int RunVersion(const Arguments& arguments, Terminal& terminal);

}  // namespace crmsink
