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
#include "support/test_database.h"

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

// A payload and what is written by hand of it.
class Fixture {
 public:
  explicit Fixture(std::string name)
      : name_(std::move(name)),
        document_(json::Document::Parse(ReadFile(kFixtures / (name_ + ".expected.json"))).value()) {}

  const json::Value& expected() const { return document_.root(); }
  std::string Text(std::string_view member) const { return std::string(expected().Find(member)->text()); }

  void DeliverTo(const std::string& url) const {
    const Millis received_at = ParseTime(Text("received_at")).value();
    auto sink = Sink::Open(
        {.database = url, .signature_required = false, .clock = [=] { return received_at; }, .synchronous = "OFF"});
    ASSERT_TRUE(sink) << sink.error().message;
    const Ack ack = (*sink)->Accept({Text("path"), ReadFile(kFixtures / (name_ + ".json")), {}, {}});
    EXPECT_EQ(ack.status, AckStatus::kStored);
  }

  // The tables have its rows and no others.
  void ExpectRows(const std::string& url) const {
    std::vector<std::string> wanted, actual;
    for (const json::Value& row : expected().Find("rows")->elements()) wanted.push_back(json::Canonical(row));
    EXPECT_TRUE(Dump(url, false, [&](std::string_view line) { actual.emplace_back(line); }));
    std::sort(wanted.begin(), wanted.end());
    std::sort(actual.begin(), actual.end());
    EXPECT_EQ(actual, wanted);
  }

  void ExpectLogRow(const std::string& url) const {
    auto connection = QueryConnection::Open(url);
    ASSERT_TRUE(connection);
    for (const json::Member& member : expected().Find("event")->members()) {
      const std::string column(member.key);
      const auto done = connection->Run(
          "SELECT " + column + " FROM events", {},
          {.on_columns = {}, .on_row = [&](const auto& row) {
             EXPECT_EQ(Shown(row[0], column), member.value.IsNull() ? "NULL" : member.value.text()) << column;
             return true;
           }});
      EXPECT_TRUE(done) << column;
    }
  }

 private:
  static std::string Shown(const QueryValue& value, std::string_view column) {
    const std::string text = std::holds_alternative<std::string>(value) ? std::get<std::string>(value) : "NULL";
    const auto time = column == "occurred_at" || column == "sent_at" ? ParseTime(text) : std::nullopt;
    return time ? FormatRfc3339(*time) : text;
  }

  std::string name_;
  json::Document document_;
};

class FixturesTest : public testing::TestWithParam<std::string> {
 protected:
  const Fixture fixture_{GetParam()};
};

TEST_P(FixturesTest, GivesTheRowsWrittenByHand) {
  const auto database = TestDatabase::Make(DatabaseUrl::Backend::kSqlite);
  fixture_.DeliverTo(database->url());
  fixture_.ExpectRows(database->url());
  fixture_.ExpectLogRow(database->url());
}

// In one database, since a new one for each takes longer than all the rest.
TEST(PostgresFixturesTest, GiveTheRowsWrittenByHand) {
  const auto database = TestDatabase::Make(DatabaseUrl::Backend::kPostgres);
  for (const std::string& name : FixtureNames()) {
    SCOPED_TRACE(name);
    const Fixture fixture(name);
    fixture.DeliverTo(database->url());
    fixture.ExpectRows(database->url());
    fixture.ExpectLogRow(database->url());
    database->Empty();
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
    const json::Value* const paths = fixture_.expected().Find(list);
    if (paths == nullptr) continue;
    for (const json::Value& path : paths->elements()) {
      EXPECT_TRUE(said.insert(std::string(path.text())).second) << path.text() << " is said twice";
    }
  }
  for (const json::Value& row : fixture_.expected().Find("rows")->elements()) {
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
