#include "cli/command_line.h"

#include <algorithm>
#include <ostream>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include "cli/nearest.h"
#include "entities/entity.h"

namespace crmsink {
namespace {

constexpr std::size_t kHelpColumn = 36;
constexpr std::size_t kHelpWidth = 80;
constexpr std::size_t kAboutWidth = 110;

std::string Wrap(std::string_view text, std::size_t width) {
  std::string wrapped;
  while (text.size() > width) {
    const std::size_t space = text.rfind(' ', width);
    if (space == std::string_view::npos) break;
    wrapped.append(text.substr(0, space)).append("\n");
    text.remove_prefix(space + 1);
  }
  return wrapped.append(text);
}

std::string HelpOf(const Setting& setting) {
  std::string help(setting.help);
  if (setting.kind == Setting::Kind::kFiles) help += " Repeatable.";
  const bool is_number = setting.max > 0 && setting.kind != Setting::Kind::kText;
  if (is_number || setting.kind == Setting::Kind::kDatabase) help.append(" ").append(ValueHelp(setting)).append(".");
  help.append(" Default: ").append(setting.default_value.empty() ? "none" : setting.default_value);
  help.append(" (").append(EnvironmentName(setting)).append(", [").append(setting.section).append("] ");
  return help.append(setting.key).append(")");
}

std::string_view PlaceholderOf(const Setting& setting) {
  switch (setting.kind) {
    case Setting::Kind::kFile:
    case Setting::Kind::kFiles:
      return "FILE";
    case Setting::Kind::kChoice:
      return setting.choices;
    case Setting::Kind::kSwitch:
      return "on|off";
    case Setting::Kind::kCount:
      return "NUMBER";
    case Setting::Kind::kBytes:
      return "SIZE";
    case Setting::Kind::kDuration:
      return "TIME";
    case Setting::Kind::kAddress:
      return "HOST:PORT";
    case Setting::Kind::kNetworks:
      return "ADDRESS[/BITS],...";
    case Setting::Kind::kDatabase:
      return "URL";
    case Setting::Kind::kName:
      return "NAME";
    case Setting::Kind::kText:
      break;
  }
  return "TEXT";
}

// Of "a|b", or one word in small letters, nothing else may be given.
void CheckChoice(CLI::Option& option, const std::string& value) {
  if (value.empty() || value.find_first_not_of("abcdefghijklmnopqrstuvwxyz|") != std::string::npos) return;
  std::vector<std::string> choices;
  for (std::size_t i = 0; i < declaration::Count(value, '|'); ++i)
    choices.emplace_back(declaration::Piece(value, '|', i));
  option.check(CLI::IsMember(choices).description(""));
}

}  // namespace

CommandLine::CommandLine(std::string_view command, std::string_view about, std::string_view exit_codes)
    : about_(about),
      exit_codes_(exit_codes),
      app_(std::make_unique<CLI::App>(Wrap(about, kAboutWidth) + "\n", std::string("crmsink ").append(command))) {
  app_->get_formatter()->column_width(kHelpColumn);
  app_->footer(Wrap(std::string("Exit codes: ").append(exit_codes), kAboutWidth));
  app_->set_help_flag("-h,--help", "Print this and exit");
  app_->add_option("--config", config_,
                   Wrapped("Configuration file. Default: CRMSINK_CONFIG, else ./crmsink.toml, else "
                           "/etc/crmsink/crmsink.toml, else none"))
      ->type_name("FILE");
}

CommandLine::~CommandLine() = default;

std::string CommandLine::Wrapped(std::string_view text) { return Wrap(text, kHelpWidth); }

void CommandLine::AddFlag(const std::string& names, bool& target, std::string_view help) {
  app_->add_flag(names, target, Wrapped(help));
}

void CommandLine::AddText(const std::string& name, std::string& target, const std::string& value,
                          std::string_view help) {
  CheckChoice(*app_->add_option(name, target, Wrapped(help))->type_name(value), value);
}

void CommandLine::AddTexts(const std::string& name, std::vector<std::string>& target, const std::string& value,
                           std::string_view help) {
  app_->add_option(name, target, Wrapped(help))
      ->type_name(value)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void CommandLine::AddNumber(const std::string& name, std::int64_t& target, std::string_view help) {
  app_->add_option(name, target, Wrapped(help))
      ->type_name("NUMBER")
      ->check(CLI::Validator(CLI::NonNegativeNumber).description(""));
}

void CommandLine::AddArgument(const std::string& name, std::string& target, std::string_view help,
                              const std::string& value) {
  CheckChoice(*app_->add_option(name, target, Wrapped(help))->type_name(value)->required(), value);
}

void CommandLine::AddArguments(const std::string& name, std::vector<std::string>& target, std::string_view help) {
  app_->add_option(name, target, Wrapped(help))->type_name("");
}

void CommandLine::AddSetting(const Setting& setting) {
  CLI::Option* const option = app_->add_option(std::string("--").append(setting.name),
                                               values_[std::string(setting.name)], Wrapped(HelpOf(setting)));
  // One value each time; how many times is the setting's own matter.
  option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  option->type_name(std::string(PlaceholderOf(setting)));
  if (setting.hidden) option->group("");
}

void CommandLine::AddSettings(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) AddSetting(*FindSetting(name));
}

void CommandLine::AddAllSettings() {
  for (const Setting& setting : AllSettings()) AddSetting(setting);
}

std::string CommandLine::UnknownHint(const Arguments& arguments) const {
  std::vector<std::string> known;
  for (const CLI::Option* option : app_->get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  const std::vector<std::string_view> views(known.begin(), known.end());
  for (const std::string& argument : arguments) {
    const std::string flag = argument.substr(0, argument.find('='));
    if (!flag.starts_with("--") || std::ranges::find(known, flag) != known.end()) continue;
    return "unknown option " + flag + "; the nearest known one is " + std::string(Nearest(flag, views));
  }
  return "";
}

void CommandLine::Describe(CommandHelp& help) const {
  help.about = about_;
  help.exit_codes = exit_codes_;
  for (const CLI::Option* option : app_->get_options()) {
    if (option->get_group().empty()) continue;  // hidden
    std::string text = option->get_description();
    std::ranges::replace(text, '\n', ' ');
    const std::string value = option->get_items_expected_max() > 0 ? option->get_type_name() : "";
    const auto add = [&](std::string name) { help.options.push_back({std::move(name), value, text}); };
    if (option->get_positional()) add("");
    for (const std::string& name : option->get_snames()) add("-" + name);
    for (const std::string& name : option->get_lnames()) add("--" + name);
  }
}

std::optional<int> CommandLine::Read(const Arguments& arguments, Terminal& terminal) {
  if (terminal.describe != nullptr) {
    Describe(*terminal.describe);
    return kDone;
  }
  try {
    app_->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    terminal.out << app_->help();
    return Finish(terminal);
  } catch (const CLI::ParseError& error) {
    const std::string hint = UnknownHint(arguments);
    return Complain(terminal, kWrongUse,
                    (hint.empty() ? std::string(error.what()) : hint) + " (" + app_->get_name() + " --help)");
  }
  return std::nullopt;
}

std::optional<int> CommandLine::Read(const Arguments& arguments, Terminal& terminal, Settings& settings) {
  if (const std::optional<int> over = Read(arguments, terminal)) return over;
  SettingSources sources{
      .config_flag = config_, .flags = {}, .environment = terminal.environment, .search = terminal.config_search};
  for (const auto& [name, values] : values_) {
    if (!values.empty()) sources.flags.emplace(name, values);
  }
  Result<Settings> loaded = LoadSettings(sources);
  if (!loaded) return Complain(terminal, kWrongUse, loaded.error().message);
  settings = std::move(*loaded);
  for (const std::string& warning : settings.warnings) terminal.err << "crmsink: warning: " << warning << '\n';
  return std::nullopt;
}

}  // namespace crmsink
