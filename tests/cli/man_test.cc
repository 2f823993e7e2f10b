#include <cstdio>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.h"
#include "cli/settings.h"
#include "command_case.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class ManTest : public CommandCase {
 protected:
  static std::string Escaped(std::string text) {
    for (std::size_t i = text.find('-'); i != std::string::npos; i = text.find('-', i + 2)) text.insert(i, "\\");
    return text;
  }
};

TEST_F(ManTest, HasEveryCommandWithEachOfItsOptionsAndExitCodes) {
  ASSERT_EQ(Call({"man", "crmsink"}), kDone);
  const std::string page = out_;
  const auto check = [&](const std::string& words, RunCommand run) {
    const auto begin = page.find("\n.SS crmsink " + words + "\n");
    ASSERT_NE(begin, std::string::npos) << words;
    const std::string part = page.substr(begin, page.find("\n.SS", begin + 1) - begin);
    const CommandHelp help = HelpOf(run);
    EXPECT_THAT(part, HasSubstr(Escaped("Exit codes: " + help.exit_codes)));
    for (const OptionHelp& option : help.options) {
      if (option.name.empty() || option.name == "-h" || option.name == "--help" || option.name == "--config") continue;
      EXPECT_THAT(part, HasSubstr("\\fB" + Escaped(option.name) + "\\fR")) << words;
    }
  };
  for (const Command& command : AllCommands()) {
    if (command.run != nullptr) check(std::string(command.name), command.run);
    for (const Subcommand& subcommand : command.subcommands) {
      check(std::string(command.name) + " " + std::string(subcommand.name), subcommand.run);
    }
  }
}

TEST_F(ManTest, HasEverySettingThatIsNotHidden) {
  ASSERT_EQ(Call({"man", "settings"}), kDone);
  for (const Setting& setting : AllSettings()) {
    const std::string flag = Escaped("Flag: --" + std::string(setting.name) + ",");
    EXPECT_EQ(out_.find(flag) != std::string::npos, !setting.hidden) << setting.name;
  }
}

// Each line is a request that is known, or text that is none by accident.
TEST_F(ManTest, IsProperRoff) {
  for (const char* page : {"crmsink", "settings"}) {
    ASSERT_EQ(Call({"man", page}), kDone);
    EXPECT_THAT(out_, StartsWith(".\\\" "));
    std::istringstream lines(out_);
    for (std::string line; std::getline(lines, line);) {
      EXPECT_THAT(line, Not(StartsWith("'")));
      EXPECT_FALSE(line.empty());
      if (!line.starts_with('.')) continue;
      const std::string request = line.substr(1, line.find(' ') - 1);
      EXPECT_THAT((std::vector<std::string>{"\\\"", "TH", "SH", "SS", "TP", "PP", "B", "BR", "I", "IR"}),
                  ::testing::Contains(request));
    }
  }
  EXPECT_EQ(Call({"man", "passwd"}), kWrongUse);
}

}  // namespace
}  // namespace crmsink
