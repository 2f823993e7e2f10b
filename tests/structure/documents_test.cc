#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "cli/cli.h"
#include "cli/settings.h"
#include "support/paths.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const fs::path kRoot = SourceDir();

std::string TextOf(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The first words of the lines below "Commands:".
std::vector<std::string> CommandNames() {
  std::istringstream in;
  std::ostringstream out, err;
  Terminal terminal{in, out, err, false, {}, {}};
  EXPECT_EQ(Run({"help"}, terminal), kDone);
  std::istringstream help(out.str());
  std::vector<std::string> names;
  bool listed = false;
  for (std::string line; std::getline(help, line) && !(listed && line.empty());) {
    if (listed) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    listed = listed || line == "Commands:";
  }
  return names;
}

// "[section] key" of each line "key = ..." of the example, commented out or not.
std::vector<std::string> ExampleKeys() {
  std::istringstream example(TextOf(kRoot / "config" / "crmsink.toml"));
  std::vector<std::string> keys;
  std::string section;
  for (std::string line; std::getline(example, line);) {
    line.erase(0, std::min(line.find_first_not_of("# "), line.size()));
    if (line.starts_with('[')) section = line.substr(0, line.find(']') + 1);
    const auto equals = line.find(" = ");
    if (equals != std::string::npos) keys.push_back(section + " " + line.substr(0, equals));
  }
  return keys;
}

TEST(DocumentsTest, ReadmeShowsEveryCommand) {
  const std::vector<std::string> names = CommandNames();
  ASSERT_THAT(names, Contains("serve"));
  const std::string readme = TextOf(kRoot / "README.md");
  for (const std::string& name : names) EXPECT_THAT(readme, HasSubstr("crmsink " + name));
}

TEST(DocumentsTest, ExampleConfigurationHasEverySetting) {
  const std::vector<std::string> keys = ExampleKeys();
  for (const Setting& setting : AllSettings()) {
    if (setting.hidden) continue;
    EXPECT_THAT(keys, Contains("[" + std::string(setting.section) + "] " + std::string(setting.key)));
  }
}

TEST(DocumentsTest, SettingsPageHasEverySetting) {
  const std::string page = TextOf(kRoot / "docs" / "settings.md");
  for (const Setting& setting : AllSettings()) {
    if (setting.hidden) continue;
    EXPECT_THAT(page, HasSubstr("`--" + std::string(setting.name) + "`"));
  }
}

TEST(DocumentsTest, ContributingTellsOfEveryTool) {
  const std::string text = TextOf(kRoot / "CONTRIBUTING.md");
  std::vector<std::string> untold;
  for (const auto& entry : fs::directory_iterator(kRoot / "tools")) {
    const std::string name = "tools/" + entry.path().filename().string();
    if (entry.is_regular_file() && text.find(name) == std::string::npos) untold.push_back(name);
  }
  EXPECT_THAT(untold, IsEmpty());
}

}  // namespace
}  // namespace crmsink
