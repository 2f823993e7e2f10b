// One event that the database refuses, among others of its group, on the real store.
#include <gtest/gtest.h>

#include <future>

#include "sink.h"
#include "support/test_database.h"

namespace crmsink {
namespace {

constexpr Millis kArrival = 1'772'409'600'000;

class IsolationTest : public testing::TestWithParam<DatabaseUrl::Backend> {
 protected:
  void SetUp() override {
    auto sink =
        Sink::Open({.database = database_->url(), .signature_required = false, .clock = [] { return kArrival; }});
    ASSERT_TRUE(sink) << sink.error().message;
    sink_ = *std::move(sink);
    database_->Refuse("INSERT", "contacts_all", "NEW.id LIKE 'bad%'");
  }

  std::future<Ack> Submit(const std::string& id) {
    auto outcome = std::make_shared<std::promise<Ack>>();
    sink_->Submit({"/webhooks", R"({"type":"ContactUpdate","id":")" + id + R"(","webhookId":")" + id + "\"}", {}, {}},
                  [outcome](Ack ack) { outcome->set_value(std::move(ack)); });
    return outcome->get_future();
  }

  const std::unique_ptr<TestDatabase> database_ = TestDatabase::Make(GetParam());
  std::unique_ptr<Sink> sink_;
};

TEST_P(IsolationTest, OnlyTheRefusedOneGoesToQuarantine) {
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
  EXPECT_EQ(database_->Select("SELECT count(*) FROM contacts"), "390");
  EXPECT_EQ(database_->Select("SELECT count(*) FROM events"), "390");
  EXPECT_EQ(database_->Select("SELECT count(*) FROM quarantine"), "10");
}

TEST_P(IsolationTest, OneAfterTheOtherTheNextIsStored) {
  for (const char* id : {"good1", "bad1", "good2", "bad2", "good3"}) {
    EXPECT_EQ(Submit(id).get().status, id[0] == 'b' ? AckStatus::kQuarantined : AckStatus::kStored) << id;
  }
  EXPECT_EQ(sink_->counters().commit_failures, 0u);
}

CRMSINK_ON_EACH_BACKEND(IsolationTest);

}  // namespace
}  // namespace crmsink
