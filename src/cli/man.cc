#include <ostream>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/man_text.h"

namespace crmsink {

int RunMan(const Arguments& arguments, Terminal& terminal) {
  CommandLine line("man",
                   "Prints a manual page in man's language: crmsink has every command, settings every key of the "
                   "configuration file. To read one without installing it: crmsink man crmsink | man -l -. The package "
                   "installs both, as crmsink(1) and crmsink.toml(5).",
                   "0 done, 1 failed, 2 wrong use.");
  std::string page;
  line.AddArgument("PAGE", page, "crmsink or settings", "crmsink|settings");
  if (const std::optional<int> over = line.Read(arguments, terminal)) return *over;
  terminal.out << (page == "settings" ? SettingsManual() : ProgramManual());
  return Finish(terminal);
}

}  // namespace crmsink
