// The fixtures of tests/fixtures, whose expected rows were written by hand, for every store.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "contract_suite.h"
#include "naive_json.h"
#include "naive_time.h"
#include "support/paths.h"

namespace crmsink::contract {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> ExpectedRows(const naive::Json& expected) {
  std::vector<std::string> lines;
  for (const naive::Json& row : expected.Find("rows")->list) lines.push_back(naive::Canonical(row));
  std::sort(lines.begin(), lines.end());
  return lines;
}

TEST_P(StoreContractTest, GivesTheRowsOfEachFixture) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(SourceDir()) / "tests/fixtures")) {
    const std::string file = entry.path().string();
    const std::size_t suffix = file.rfind(".expected.json");
    if (suffix == std::string::npos) continue;
    SCOPED_TRACE(entry.path().filename());
    ++count;
    Restart();
    const auto expected = naive::ParseJson(ReadFile(file));
    ASSERT_TRUE(expected);
    const std::string body = ReadFile(file.substr(0, suffix) + ".json");
    EXPECT_EQ(Deliver(body, expected->Find("path")->text, *naive::ReadTime(*expected->Find("received_at"))),
              AckStatus::kStored);
    EXPECT_EQ(Lines(store().Dump()), ExpectedRows(*expected));
    for (const auto& [column, value] : expected->Find("event")->object) {
      EXPECT_EQ(SelectLog(column), "[" + naive::Canonical(value) + "]") << column;
    }
  }
  EXPECT_GT(count, 40u);
}

}  // namespace
}  // namespace crmsink::contract
