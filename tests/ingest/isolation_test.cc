// One event that the database refuses, among others of its group, on the real store.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <future>

#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

constexpr Millis kArrival = 1'772'409'600'000;

class IsolationTest : public testing::Test {
 protected:
  void SetUp() override {
    auto sink =
        Sink::Open({.database = "sqlite:" + file_, .signature_required = false, .clock = [] { return kArrival; }});
    ASSERT_TRUE(sink) << sink.error().message;
    sink_ = *std::move(sink);
    SQLite::Database db(file_, SQLite::OPEN_READWRITE, 5000);
    db.exec(
        "CREATE TRIGGER refuse BEFORE INSERT ON contacts_all WHEN NEW.id LIKE 'bad%' "
        "BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
  }

  std::future<Ack> Submit(const std::string& id) {
    auto outcome = std::make_shared<std::promise<Ack>>();
    sink_->Submit({"/webhooks", R"({"type":"ContactUpdate","id":")" + id + R"(","webhookId":")" + id + "\"}", {}, {}},
                  [outcome](Ack ack) { outcome->set_value(std::move(ack)); });
    return outcome->get_future();
  }

  TempFolder folder_;
  std::string file_ = folder_.File("crmsink.db");
  std::unique_ptr<Sink> sink_;
};

TEST_F(IsolationTest, OnlyTheRefusedOneGoesToQuarantine) {
  for (int round = 0; round < 10; ++round) {
    std::vector<std::pair<std::string, std::future<Ack>>> acks;
    for (int i = 0; i < 40; ++i) {
      const std::string id = (i == 20 ? "bad" : "good") + std::to_string(round) + "-" + std::to_string(i);
      acks.emplace_back(id, Submit(id));
    }
    for (auto& [id, ack] : acks) {
      EXPECT_EQ(ack.get().status, id.starts_with("bad") ? AckStatus::kQuarantined : AckStatus::kStored) << id;
    }
  }
  sink_->Close();
  SQLite::Database db(file_, SQLite::OPEN_READONLY);
  EXPECT_EQ(db.execAndGet("SELECT count(*) FROM contacts").getInt(), 390);
  EXPECT_EQ(db.execAndGet("SELECT count(*) FROM events").getInt(), 390);
  EXPECT_EQ(db.execAndGet("SELECT count(*) FROM quarantine").getInt(), 10);
}

TEST_F(IsolationTest, OneAfterTheOtherTheNextIsStored) {
  for (const char* id : {"good1", "bad1", "good2", "bad2", "good3"}) {
    EXPECT_EQ(Submit(id).get().status, id[0] == 'b' ? AckStatus::kQuarantined : AckStatus::kStored) << id;
  }
  EXPECT_EQ(sink_->counters().commit_failures, 0u);
}

}  // namespace
}  // namespace crmsink
