#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/completion_text.h"

namespace crmsink {

int RunCompletion(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("completion",
                   "Prints a script that completes commands, options and their values in a shell. For one session: "
                   "source <(crmsink completion bash). For good: crmsink completion bash > "
                   "/usr/share/bash-completion/completions/crmsink, or into "
                   "~/.local/share/bash-completion/completions/crmsink.",
                   "0 done, 1 failed, 2 wrong use.");
  std::string shell;
  line.AddArgument("SHELL", shell, "bash", "bash");
  if (const std::optional<int> over = line.Read(arguments, terminal)) return *over;
  terminal.out << BashCompletion();
  return Finish(terminal);
}

}  // namespace crmsink
