#pragma once

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

  // For the command's own options.
  CLI::App& app() { return *app_; }
  // Text for --help, broken into lines that fit beside the options.
  static std::string Wrapped(std::string_view text);

  void AddSettings(std::initializer_list<std::string_view> names);
  void AddAllSettings();

  // Reads the arguments, then the settings. A number: the command is over with that exit code (--help was printed, or
  // a complaint). Warnings go to standard error.
  [[nodiscard]] std::optional<int> Read(const Arguments& arguments, Terminal& terminal, Settings& settings);
  // The same for commands that need no settings.
  [[nodiscard]] std::optional<int> Read(const Arguments& arguments, Terminal& terminal);

 private:
  void AddSetting(const Setting& setting);
  [[nodiscard]] std::string UnknownHint(const Arguments& arguments) const;

  std::unique_ptr<CLI::App> app_;
  std::string config_;
  std::map<std::string, std::vector<std::string>> values_;  // by setting; empty where the flag was not given
};

}  // namespace crmsink
