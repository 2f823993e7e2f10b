// Every event of the catalogue: a fixture goes in, and every column of every row that comes out is compared with rows
// written by hand (tests/fixtures/README.md).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/json.h"
#include "base/time.h"
#include "entities/catalog.h"
#include "replay/dump.h"
#include "sink.h"
#include "storage/query.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = fs::path(SourceDir()) / "tests/fixtures";

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> FixtureNames() {
  std::vector<std::string> names;
  constexpr std::string_view kSuffix = ".expected.json";
  for (const auto& entry : fs::directory_iterator(kFixtures)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(kSuffix)) names.push_back(file.substr(0, file.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string TestName(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); }, '_');
  return name;
}

class FixturesTest : public testing::TestWithParam<std::string> {
 protected:
  FixturesTest()
      : document_(json::Document::Parse(ReadFile(kFixtures / (GetParam() + ".expected.json"))).value()),
        expected_(document_.root()) {}

  std::string Text(std::string_view member) const { return std::string(expected_.Find(member)->text()); }

  // The tables after this one delivery, a canonical line per row.
  std::vector<std::string> Deliver() {
    const Millis received_at = ParseTime(Text("received_at")).value();
    auto sink = Sink::Open(
        {.database = url_, .signature_required = false, .clock = [=] { return received_at; }, .synchronous = "OFF"});
    EXPECT_TRUE(sink) << sink.error().message;
    const Ack ack = (*sink)->Accept({Text("path"), ReadFile(kFixtures / (GetParam() + ".json")), {}, {}});
    EXPECT_EQ(ack.status, AckStatus::kStored);
    (*sink)->Close();
    std::vector<std::string> lines;
    EXPECT_TRUE(Dump(url_, false, [&](std::string_view line) { lines.emplace_back(line); }));
    return lines;
  }

  TempFolder folder_;
  std::string url_ = "sqlite:" + folder_.File("crmsink.db");
  json::Document document_;
  const json::Value& expected_;
};

TEST_P(FixturesTest, GivesTheRowsWrittenByHand) {
  std::vector<std::string> expected;
  for (const json::Value& row : expected_.Find("rows")->elements()) expected.push_back(json::Canonical(row));
  std::vector<std::string> actual = Deliver();
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  EXPECT_EQ(actual, expected);
}

TEST_P(FixturesTest, GivesTheLogRowWrittenByHand) {
  Deliver();
  auto connection = QueryConnection::Open(url_);
  ASSERT_TRUE(connection);
  const json::Value& event = *expected_.Find("event");
  for (const json::Member& member : event.members()) {
    const std::string column(member.key);
    auto done = connection->Run(
        "SELECT " + column + " FROM events", {},
        {.on_columns = {}, .on_row = [&](const auto& row) {
           std::string actual = std::holds_alternative<std::string>(row[0]) ? std::get<std::string>(row[0]) : "NULL";
           if (column == "occurred_at" || column == "sent_at") {
             if (const auto time = ParseTime(actual)) actual = FormatRfc3339(*time);
           }
           EXPECT_EQ(actual, member.value.IsNull() ? "NULL" : member.value.text()) << column;
           return true;
         }});
    EXPECT_TRUE(done) << column;
  }
}

// "a.b" and "a[].b" of every value in it that is no object or list, or an empty one.
void AddLeaves(const json::Value& value, const std::string& path, std::set<std::string>& paths) {
  for (const json::Member& member : value.members()) {
    AddLeaves(member.value, (path.empty() ? "" : path + ".") + std::string(member.key), paths);
  }
  for (const json::Value& element : value.elements()) {
    if (!element.IsNull()) AddLeaves(element, path + "[]", paths);  // null keeps the place of an element
  }
  if (value.members().empty() && value.elements().empty() && !path.empty()) paths.insert(path);
}

// Every documented field lands in a column or a child table.
TEST_P(FixturesTest, LeavesInExtraOnlyWhatIsSaidToStayThere) {
  std::set<std::string> said, left_over;
  for (const char* list : {"undocumented", "misfits"}) {
    const json::Value* const paths = expected_.Find(list);
    if (paths == nullptr) continue;
    for (const json::Value& path : paths->elements()) {
      EXPECT_TRUE(said.insert(std::string(path.text())).second) << path.text() << " is said twice";
    }
  }
  for (const json::Value& row : expected_.Find("rows")->elements()) {
    const json::Value* const extra = row.Find("row")->Find("extra");
    if (extra != nullptr) AddLeaves(*extra, "", left_over);
  }
  EXPECT_EQ(left_over, said);
}

INSTANTIATE_TEST_SUITE_P(All, FixturesTest, testing::ValuesIn(FixtureNames()), TestName);

TEST(FixturesTest, AreThereForEveryEvent) {
  std::set<std::string> events;
  for (const std::string& name : FixtureNames()) events.insert(name.substr(0, name.find('.')));
  for (const Entity* entity : Entities()) {
    for (const EventType& type : entity->events) EXPECT_TRUE(events.contains(std::string(type.name))) << type.name;
  }
}

}  // namespace
}  // namespace crmsink
