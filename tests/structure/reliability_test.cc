// docs/reliability.md names tests; each of them must be there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "support/paths.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string TextOf(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// All sources of tests, white space taken for one blank.
std::string Sources() {
  std::string text;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(SourceDir()) / "tests")) {
    if (entry.path().extension() == ".cc" && entry.path().filename() != "reliability_test.cc") {
      text += TextOf(entry.path());
    }
  }
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

// Of the names in backquotes, "SuiteTest.Case" and cases of a table, "H01BodyOverTheLimit", those that no source has.
std::vector<std::string> Missing(const std::string& page, const std::string& sources) {
  static const std::regex kName("`(?:([A-Z]\\w*Test)\\.(\\w+)|([HJDS][0-9]{2}\\w*))`");
  std::set<std::string> missing;
  for (std::sregex_iterator at(page.begin(), page.end(), kName), end; at != end; ++at) {
    const std::string suite = (*at)[1], test = (*at)[2], name = (*at)[3];
    const std::string wanted = name.empty() ? "(" + suite + ", " + test + ")" : name;
    if (sources.find(wanted) == std::string::npos) missing.insert(name.empty() ? suite + "." + test : name);
  }
  return {missing.begin(), missing.end()};
}

TEST(ReliabilityPageTest, NamesOnlyTestsThatAreThere) {
  const std::string page = TextOf(fs::path(SourceDir()) / "docs/reliability.md");
  ASSERT_FALSE(page.empty());
  EXPECT_THAT(Missing(page, Sources()), IsEmpty());
}

TEST(ReliabilityPageTest, ATestThatIsNotThereIsSeen) {
  EXPECT_THAT(Missing("`OneTest.Is`, `OneTest.IsNot`, `TwoTest.Is` | `H01Body`, `H02Body`",
                      "TEST_F(OneTest, Is) { } TEST_P(TwoTest, IsAlso) { \"H01Body\""),
              ElementsAre("H02Body", "OneTest.IsNot", "TwoTest.Is"));
}

}  // namespace
}  // namespace crmsink
