#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/settings.h"
#include "cli/terminal.h"

namespace CLI {
class App;
}

namespace crmsink {

// The command line of one command: its own options, and the settings that concern it. --config is always one of them.
class CommandLine {
 public:
  // `about` is what --help says above the options, `exit_codes` what it says below.
  CommandLine(std::string_view command, std::string_view about, std::string_view exit_codes);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // Text for --help, broken into lines that fit beside the options.
  static std::string Wrapped(std::string_view text);

  // Options of the command's own. `value` stands for the value in --help; of "a|b" one must be given, and the
  // completion knows FILE, EVENT and TABLE. The targets must live until the arguments are read.
  void AddFlag(const std::string& names, bool& target, std::string_view help);
  void AddText(const std::string& name, std::string& target, const std::string& value, std::string_view help);
  void AddTexts(const std::string& name, std::vector<std::string>& target, const std::string& value,
                std::string_view help);
  void AddNumber(const std::string& name, std::int64_t& target, std::string_view help);  // from 0
  // Arguments without a name.
  void AddArgument(const std::string& name, std::string& target, std::string_view help, const std::string& value = "");
  void AddArguments(const std::string& name, std::vector<std::string>& target, std::string_view help);

  void AddSettings(std::initializer_list<std::string_view> names);
  void AddAllSettings();

  // Reads the arguments, then the settings. A number: the command is over with that exit code (--help was printed, or
  // a complaint). Warnings go to standard error.
  [[nodiscard]] std::optional<int> Read(const Arguments& arguments, Terminal& terminal, Settings& settings);
  // The same for commands that need no settings. Where the terminal asks for the help alone, it gives it and is over.
  [[nodiscard]] std::optional<int> Read(const Arguments& arguments, Terminal& terminal);

 private:
  void AddSetting(const Setting& setting);
  void Describe(CommandHelp& help) const;
  [[nodiscard]] std::string UnknownHint(const Arguments& arguments) const;

  const std::string about_, exit_codes_;
  std::unique_ptr<CLI::App> app_;
  std::string config_;
  std::map<std::string, std::vector<std::string>> values_;  // by setting; empty where the flag was not given
};

}  // namespace crmsink
