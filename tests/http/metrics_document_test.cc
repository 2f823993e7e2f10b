// docs/metrics.md, the rules and the dashboard name what a server shows, and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "base/json.h"
#include "http_fixture.h"
#include "support/paths.h"

namespace crmsink::http {
namespace {

using ::testing::IsSubsetOf;

using Names = std::set<std::string>;

class MetricsDocumentTest : public HttpTest {
 protected:
  static std::string Text(const char* file) {
    std::ifstream in(std::filesystem::path(SourceDir()) / file);
    EXPECT_TRUE(in) << file;
    return {std::istreambuf_iterator<char>(in), {}};
  }

  // The type of each metric that a server shows.
  std::map<std::string, std::string> Shown() {
    Serve();
    std::istringstream lines(AskAt(server_->admin_url(), Get("/metrics")).body);
    std::map<std::string, std::string> shown;
    std::string hash, word, name, type;
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      if (words >> hash >> word >> name >> type && hash == "#" && word == "TYPE") shown[name] = type;
    }
    EXPECT_GT(shown.size(), 20U);
    return shown;
  }

  // What a query may name.
  Names Series() {
    Names names;
    for (const auto& [name, type] : Shown()) {
      if (type != "histogram") names.insert(name);
      if (type != "histogram") continue;
      for (const char* part : {"_bucket", "_sum", "_count"}) names.insert(name + part);
    }
    return names;
  }

  static Names NamedIn(const std::string& text) {
    static const std::regex name("\\b(?:crmsink|process)_[a-z0-9_]+");
    return {std::sregex_token_iterator(text.begin(), text.end(), name), {}};
  }

  static std::string Joined(const std::string& text, const std::regex& parts) {
    std::string joined;
    for (std::sregex_iterator part(text.begin(), text.end(), parts), end; part != end; ++part) {
      joined += (*part)[1].str() + "\n";
    }
    return joined;
  }
};

TEST_F(MetricsDocumentTest, SaysOfEachMetricWhatItIs) {
  std::map<std::string, std::string> described;
  const std::string text = Text("docs/metrics.md");
  const std::regex row("\n\\| `([a-z0-9_]+)[^|]*\\| (counter|gauge|histogram) \\| [^|]{10,}\\|");
  for (std::sregex_iterator line(text.begin(), text.end(), row), end; line != end; ++line) {
    EXPECT_TRUE(described.emplace((*line)[1], (*line)[2]).second) << (*line)[1] << " stands there twice";
  }
  EXPECT_EQ(described, Shown());
}

TEST_F(MetricsDocumentTest, RulesNameOnlyWhatIsThere) {
  const std::string rules = Text("config/prometheus-alerts.yml");
  const Names named = NamedIn(Joined(rules, std::regex("expr: ([^\n]+(?:\n {12,}[^\n]+)*)")));
  EXPECT_GT(named.size(), 8U);
  EXPECT_THAT(named, IsSubsetOf(Series()));
}

TEST_F(MetricsDocumentTest, TheDashboardNamesOnlyWhatIsThere) {
  const std::string dashboard = Text("config/grafana-dashboard.json");
  ASSERT_TRUE(json::Document::Parse(dashboard));
  const Names named = NamedIn(Joined(dashboard, std::regex(R"rx("(?:expr|query|definition)": "([^\n]+)")rx")));
  EXPECT_GT(named.size(), 15U);
  EXPECT_THAT(named, IsSubsetOf(Series()));
}

}  // namespace
}  // namespace crmsink::http
