#include "cli/completion_text.h"

#include <algorithm>

#include "cli/commands.h"
#include "entities/catalog.h"

namespace crmsink {
namespace {

// Before and behind the table of commands. A word of its own is "=" in `--format=csv`, as bash splits it.
constexpr std::string_view kHead = R"(# bash completion of crmsink, written by `crmsink completion bash`

_crmsink() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} at=$COMP_CWORD
  local command=${COMP_WORDS[1]} subcommands= options= values=
  COMPREPLY=()
  if [[ $current == '=' ]]; then
    current=
  elif [[ $previous == '=' ]]; then
    previous=${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $command == help ]]; then
    command=${COMP_WORDS[2]}
    at=$((at - 1))
  fi
  if ((at == 1)); then
    COMPREPLY=($(compgen -W "$_crmsink_commands" -- "$current"))
    return
  fi
  case $command in
)";
constexpr std::string_view kMiddle = R"(  esac
  if [[ $subcommands && $at == 2 ]]; then
    COMPREPLY=($(compgen -W "$subcommands --help" -- "$current"))
    return
  fi
  [[ $subcommands ]] && command+=" ${COMP_WORDS[COMP_CWORD - at + 2]}"
  case $command in
)";
constexpr std::string_view kTail = R"(  esac
  if [[ $values == FILE ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=($(compgen -f -- "$current"))
  elif [[ $values ]]; then
    [[ $values == - ]] || COMPREPLY=($(compgen -W "$values" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  fi
}

complete -F _crmsink crmsink
)";

// What may stand for a value: words, FILE for files, - for anything.
std::string ValuesOf(const std::string& value) {
  std::string words;
  if (value == "FILE") return value;
  if (value == "EVENT") {
    for (const Entity* entity : Entities()) {
      for (const EventType& event : entity->events) words.append(words.empty() ? "" : " ").append(event.name);
    }
    return words;
  }
  if (value == "TABLE") {
    for (const Entity* entity : Entities()) words.append(words.empty() ? "" : " ").append(entity->table);
    return words;
  }
  if (value.empty() || value.find_first_not_of("abcdefghijklmnopqrstuvwxyz|") != std::string::npos) return "-";
  words = value;
  std::ranges::replace(words, '|', ' ');
  return words;
}

// One arm of the case: the options, and by the option before it what its value may be.
void AppendCommand(const std::string& name, RunCommand run, std::string& out) {
  std::string all, previous;
  for (const OptionHelp& option : HelpOf(run).options) {
    if (option.name.empty()) {
      const std::string values = ValuesOf(option.value);
      if (values != "-") all.append(all.empty() ? "" : " ").append(values);
      continue;
    }
    all.append(all.empty() ? "" : " ").append(option.name);
    if (option.value.empty()) continue;
    previous.append("        ")
        .append(option.name)
        .append(") values='")
        .append(ValuesOf(option.value))
        .append("' ;;\n");
  }
  out.append("    '").append(name).append("')\n      options='").append(all).append("'\n");
  if (!previous.empty()) out.append("      case $previous in\n").append(previous).append("      esac\n");
  out.append("      ;;\n");
}

}  // namespace

std::string BashCompletion() {
  std::string names = "help --help --version", subcommands, commands;
  for (const Command& command : AllCommands()) {
    names.append(" ").append(command.name);
    const std::string name(command.name);
    if (command.run != nullptr) {
      AppendCommand(name, command.run, commands);
      continue;
    }
    subcommands.append("    ").append(name).append(") subcommands='");
    for (std::size_t i = 0; i < command.subcommands.size(); ++i) {
      const Subcommand& subcommand = command.subcommands[i];
      subcommands.append(i == 0 ? "" : " ").append(subcommand.name);
      AppendCommand(name + " " + std::string(subcommand.name), subcommand.run, commands);
    }
    subcommands.append("' ;;\n");
  }
  std::string text(kHead);
  const std::size_t body = text.find("_crmsink() {");
  text.insert(body, "_crmsink_commands='" + names + "'\n\n");
  return text.append(subcommands).append(kMiddle).append(commands).append(kTail);
}

}  // namespace crmsink
