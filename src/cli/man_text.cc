// roff, as little of it as there may be:
//
//   line  = "." macro [ " " words ]   of man(7): TH, SH, SS, TP, PP, B, nf, fi
//         | text                      no line of it begins with "." or "'"
//   text  = characters, with "\e" for a backslash and "\-" for a minus, which man would else print as a hyphen
#include "cli/man_text.h"

#include "cli/commands.h"
#include "cli/settings.h"

namespace crmsink {
namespace {

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";
    } else if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) {
      escaped.append("\\&") += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Line(std::string_view text) { return Escaped(text) + '\n'; }
std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

// A name of its own date would make two builds of one source differ.
std::string Title(std::string_view name, std::string_view section) {
  return ".\\\" Written by `crmsink man`.\n.TH " + Escaped(name) + " " + std::string(section) + " \"\" \"crmsink " +
         CRMSINK_VERSION + "\"\n";
}

bool IsOfEach(const OptionHelp& option) {
  return option.name == "-h" || option.name == "--help" || option.name == "--config";
}

// A paragraph for each option; "-h" and "--help", which are one, stand together.
std::string Options(const CommandHelp& help) {
  std::string text;
  for (const OptionHelp& option : help.options) {
    if (IsOfEach(option)) continue;
    text += ".TP\n";
    if (!option.name.empty()) text += Bold(option.name);
    if (!option.name.empty() && !option.value.empty()) text += ' ';
    if (!option.value.empty()) text += Italic(option.value);
    if (option.name.empty() && option.value.empty()) text += Italic("ARGUMENT");
    text += '\n' + Line(option.help);
  }
  return text;
}

std::string CommandText(const std::string& words, RunCommand run) {
  const CommandHelp help = HelpOf(run);
  std::string text = ".SS crmsink " + Escaped(words) + "\n" + Line(help.about) + Options(help);
  return text + ".PP\n" + Line("Exit codes: " + help.exit_codes);
}

// A number of settings is the same for every command; serve has them all.
std::string AllCommandTexts() {
  std::string text;
  for (const Command& command : AllCommands()) {
    const std::string name(command.name);
    if (command.run != nullptr) text += CommandText(name, command.run);
    for (const Subcommand& subcommand : command.subcommands) {
      text += CommandText(name + " " + std::string(subcommand.name), subcommand.run);
    }
  }
  return text;
}

std::string CommandTable() {
  std::string text;
  for (const Command& command : AllCommands()) {
    text += ".TP\n" + Bold(command.name) + '\n' + Line(command.summary);
  }
  return text;
}

constexpr std::string_view kFiles = R"(.SH FILES
.TP
.I /etc/crmsink/crmsink.toml
Configuration; see
.BR crmsink.toml (5).
.TP
.I /var/lib/crmsink
Where the service keeps its database.
.SH "SEE ALSO"
.BR crmsink.toml (5),
.BR sqlite3 (1),
.BR psql (1)
.PP
.I /usr/share/doc/crmsink
)";

constexpr std::string_view kHowSettings = R"(.SH DESCRIPTION
A file in TOML. It is the one that
.B \-\-config
names, else the one in
.BR CRMSINK_CONFIG ,
else
.IR ./crmsink.toml ,
else
.IR /etc/crmsink/crmsink.toml .
Each setting may also be a flag or an environment variable; the first of flag, variable, file and default wins. An unknown
key or a bad value is an error, with its line. Sizes are numbers with KiB, MiB or GiB, times with ms, s, m or h.
Relative paths start at the working directory.
.SH SETTINGS
)";

}  // namespace

std::string ProgramManual() {
  std::string text = Title("CRMSINK", "1");
  text += ".SH NAME\n" + Line("crmsink - receives HighLevel webhooks and keeps tables of them");
  text += ".SH SYNOPSIS\n" + Bold("crmsink") + ' ' + Italic("COMMAND") + " [" + Italic("OPTIONS") + "]\n";
  text += ".SH DESCRIPTION\n" + Line(
                                    "crmsink receives HighLevel webhooks, keeps every one of them in a log, and keeps "
                                    "tables of them, in SQLite or "
                                    "PostgreSQL.");
  text += ".SH COMMANDS\n" + CommandTable();
  text +=
      ".SH OPTIONS\nOf every command:\n.TP\n" + Bold("-h") + ", " + Bold("--help") + "\nPrint what it does and exit\n";
  text += ".TP\n" + Bold("--config") + ' ' + Italic("FILE") + "\nConfiguration file; see\n.BR crmsink.toml (5)\n";
  return text + ".SH \"COMMANDS IN DETAIL\"\n" + AllCommandTexts() + std::string(kFiles);
}

std::string SettingsManual() {
  std::string text = Title("CRMSINK.TOML", "5");
  text += ".SH NAME\n" + Line("crmsink.toml - configuration of crmsink") + std::string(kHowSettings);
  std::string_view section;
  for (const Setting& setting : AllSettings()) {
    if (setting.hidden) continue;
    if (setting.section != section) {
      section = setting.section;
      text += ".SS " + Escaped("[" + std::string(section) + "]") + '\n';
    }
    text += ".TP\n" + Bold(setting.key) + '\n' + Line(setting.help);
    text += Line("It takes " + ValueHelp(setting) +
                 "; default: " + (setting.default_value.empty() ? "none" : std::string(setting.default_value)) +
                 ". Flag: --" + std::string(setting.name) + ", variable: " + EnvironmentName(setting) + ".");
  }
  return text + ".SH \"SEE ALSO\"\n.BR crmsink (1)\n";
}

}  // namespace crmsink
