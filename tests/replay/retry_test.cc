#include "replay/retry.h"

#include <thread>

#include "replay_case.h"

namespace crmsink {
namespace {

class RetryTest : public ReplayCase {
 protected:
  // Puts deliveries into quarantine that this version can read, as if an earlier one could not.
  void Quarantine(const std::vector<std::string>& bodies) {
    const auto sink = Open();
    for (std::size_t i = 0; i < bodies.size(); ++i) (void)sink->Accept(Post("no json " + std::to_string(i)));
    sink->Close();
    std::string sql;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      sql += "UPDATE quarantine SET payload = " + database_->BytesOf(bodies[i]) +
             " WHERE id = " + std::to_string(i + 1) + ";";
    }
    Exec(sql);
  }
  static std::string Note(int n) { return R"({"type":"NoteCreate","id":"n)" + std::to_string(n) + "\"}"; }

  Result<RetryReport> RetryAll(std::vector<std::int64_t> ids = {}) {
    stayed_.clear();
    return Retry(url_, {.ids = std::move(ids), .on_stay = [this](const HeldDelivery& held, std::string_view reason) {
                          stayed_.push_back(std::to_string(held.id) + " " + std::string(reason));
                        }});
  }

  std::vector<std::string> stayed_;
};

TEST_P(RetryTest, KeepsTheTimeOfArrivalAndCountsItsDay) {
  Quarantine({Note(0)});
  now_ += 5 * Millis{86'400'000};
  const auto report = RetryAll();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->tried, 1u);
  EXPECT_EQ(report->stored, 1u);
  EXPECT_EQ(Select("SELECT received_at FROM events"), "2026-03-02 00:00:00.000");
  EXPECT_EQ(Select("SELECT day || type || writer || events FROM event_counts"), "2026-03-02NoteCreateretry1");
  EXPECT_EQ(Select("SELECT count(*) FROM quarantine"), "0");
  EXPECT_EQ(Differences(), std::vector<std::string>());
}

TEST_P(RetryTest, ADeliveryLeavesInTheTransactionThatStoresIt) {
  Quarantine({Note(0)});
  database_->Refuse("DELETE", "quarantine", "", "not now");
  const auto report = RetryAll();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->stayed, 1u);
  EXPECT_EQ(Select("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM notes_all)"), "0,0");
  database_->DropTrigger("refuse", "quarantine");
  ASSERT_TRUE(RetryAll());
  EXPECT_EQ(Select("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM quarantine)"), "1,0");
}

TEST_P(RetryTest, OneThatTheDatabaseRefusesKeepsNoOtherBack) {
  std::vector<std::string> bodies;
  for (int n = 0; n < 250; ++n) bodies.push_back(Note(n));
  Quarantine(bodies);
  database_->Refuse("INSERT", "notes_all", "NEW.id = 'n120'", "never");
  const auto report = RetryAll();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->tried, 250u);
  EXPECT_EQ(report->stored, 249u);
  ASSERT_EQ(stayed_.size(), 1u);
  EXPECT_TRUE(stayed_[0].starts_with("121 the database refuses it: ")) << stayed_[0];
  EXPECT_EQ(Select("SELECT count(*) FROM notes_all"), "249");
}

TEST_P(RetryTest, OnlyTheChosenAreTried) {
  Quarantine({Note(0), Note(1), Note(2)});
  const auto report = RetryAll({3, 1, 3});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->stored, 2u);
  EXPECT_EQ(Select("SELECT id FROM notes_all ORDER BY id"), "n0 n2");
  EXPECT_EQ(Select("SELECT id FROM quarantine"), "2");
  const auto missing = RetryAll({1});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalid);
}

TEST_P(RetryTest, WhatIsInTheLogAlreadyLeavesAsADuplicate) {
  Quarantine({Note(0)});
  {
    const auto sink = Open();
    (void)sink->Accept(Post(Note(0)));
  }
  const auto report = RetryAll();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->duplicate, 1u);
  EXPECT_EQ(Select("SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM quarantine)"), "1,0");
}

TEST_P(RetryTest, WorksBesideAServerThatWrites) {
  std::vector<std::string> bodies;
  for (int n = 0; n < 500; ++n) bodies.push_back(Note(n));
  Quarantine(bodies);
  const auto sink = Open();
  std::atomic<bool> done{false};
  std::atomic<int> busy{0};
  std::thread writer([&] {
    for (int n = 0; !done; ++n) busy += sink->Accept(ArrivalOf(n)).status == AckStatus::kBusy;
  });
  const auto report = RetryAll();
  done = true;
  writer.join();
  sink->Close();
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->stored, 500u);
  EXPECT_EQ(busy, 0);
  EXPECT_EQ(Differences(), std::vector<std::string>());
}

CRMSINK_ON_EACH_BACKEND(RetryTest);

}  // namespace
}  // namespace crmsink
