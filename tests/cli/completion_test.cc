// The script that `crmsink completion bash` prints, run by bash itself.
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.h"
#include "command_case.h"
#include "entities/catalog.h"

namespace crmsink {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class CompletionTest : public CommandCase {
 protected:
  void SetUp() override {
    ASSERT_EQ(Call({"completion", "bash"}), kDone);
    script_ = Write("completion", out_);
  }

  // What bash offers for the words, of which the last is being typed.
  std::vector<std::string> Complete(const std::vector<std::string>& words) {
    std::string list;
    for (const std::string& word : words) list += " '" + word + "'";
    Write("ask", "set -u\nsource completion\nCOMP_WORDS=(" + list +
                     ")\nCOMP_CWORD=" + std::to_string(words.size() - 1) +
                     "\n_crmsink\n((${#COMPREPLY[@]} == 0)) || printf '%s\\n' \"${COMPREPLY[@]}\"\n");
    const std::string command = "cd '" + folder_.path().string() + "' && bash ask 2>&1";
    std::FILE* const bash = ::popen(command.c_str(), "r");
    std::string text;
    for (int c = 0; (c = std::fgetc(bash)) != EOF;) text += static_cast<char>(c);
    EXPECT_EQ(::pclose(bash), 0) << text;
    std::vector<std::string> offers;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) offers.push_back(line);
    return offers;
  }

  std::string script_;
};

TEST_F(CompletionTest, OffersEveryCommandAndSubcommand) {
  std::vector<std::string> names;
  for (const Command& command : AllCommands()) {
    const std::string name(command.name);
    names.push_back(name);
    EXPECT_THAT(Complete({"crmsink", name.substr(0, name.size() - 1)}), Contains(name));
    if (command.subcommands.empty()) continue;
    std::vector<std::string> subcommands = {"--help"};
    for (const Subcommand& subcommand : command.subcommands) subcommands.emplace_back(subcommand.name);
    EXPECT_THAT(Complete({"crmsink", name, ""}), ::testing::UnorderedElementsAreArray(subcommands));
  }
  EXPECT_THAT(Complete({"crmsink", ""}), IsSupersetOf(names));
  EXPECT_THAT(Complete({"crmsink", "ev"}), ElementsAre("events"));
  EXPECT_THAT(Complete({"crmsink", "x"}), IsEmpty());
}

// Every option that --help of a command shows, and no other.
TEST_F(CompletionTest, OffersEveryOptionOfEachCommand) {
  for (const Command& command : AllCommands()) {
    std::vector<Arguments> ways = {{std::string(command.name)}};
    if (!command.subcommands.empty()) ways.clear();
    for (const Subcommand& subcommand : command.subcommands) {
      ways.push_back({std::string(command.name), std::string(subcommand.name)});
    }
    for (Arguments way : ways) {
      Arguments asked = way;
      asked.push_back("--help");
      ASSERT_EQ(Call(asked), kDone);
      std::vector<std::string> shown;
      std::istringstream lines(out_);
      for (std::string line; std::getline(lines, line);) {
        const std::size_t at = line.find("--");
        if (!line.starts_with("  -")) continue;
        shown.push_back(line.substr(at, line.find_first_of(" \n", at) - at));
      }
      way.insert(way.begin(), "crmsink");
      way.push_back("--");
      EXPECT_THAT(Complete(way), ::testing::UnorderedElementsAreArray(shown)) << way[1];
    }
  }
}

TEST_F(CompletionTest, OffersValues) {
  EXPECT_THAT(Complete({"crmsink", "events", "list", "--format", ""}), ElementsAre("table", "json", "csv", "ndjson"));
  EXPECT_THAT(Complete({"crmsink", "events", "list", "--format", "=", "n"}), ElementsAre("ndjson"));
  EXPECT_THAT(Complete({"crmsink", "events", "list", "--format", "="}), ElementsAre("table", "json", "csv", "ndjson"));
  EXPECT_THAT(Complete({"crmsink", "events", "list", "--type", "NoteD"}), ElementsAre("NoteDelete"));
  EXPECT_THAT(Complete({"crmsink", "replay", "--entity", "cont"}), ElementsAre("contacts"));
  EXPECT_THAT(Complete({"crmsink", "serve", "--signature-mode", ""}), ElementsAre("required", "off"));
  EXPECT_THAT(Complete({"crmsink", "serve", "--signature-legacy-rsa", ""}), ElementsAre("on", "off"));
  EXPECT_THAT(Complete({"crmsink", "completion", "b"}), ElementsAre("bash"));
  EXPECT_THAT(Complete({"crmsink", "events", "list", "--limit", ""}), IsEmpty());
}

TEST_F(CompletionTest, OffersFilesWhereAFileIsAsked) {
  Write("some.sql", "SELECT 1");
  EXPECT_THAT(Complete({"crmsink", "query", "--file", "some"}), ElementsAre("some.sql"));
  EXPECT_THAT(Complete({"crmsink", "serve", "--config", "some"}), ElementsAre("some.sql"));
}

TEST_F(CompletionTest, KnowsWhatHelpIsAskedFor) {
  EXPECT_THAT(Complete({"crmsink", "help", "uns"}), IsEmpty());
  EXPECT_THAT(Complete({"crmsink", "help", "unv"}), ElementsAre("unverified"));
  EXPECT_THAT(Complete({"crmsink", "help", "unverified", "l"}), ElementsAre("list"));
}

TEST_F(CompletionTest, OffersNothingThatIsHidden) {
  EXPECT_THAT(Complete({"crmsink", "serve", "--b"}), Not(Contains("--builtin-keys")));
}

}  // namespace
}  // namespace crmsink
