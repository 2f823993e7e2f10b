// Outages, as those who deliver see them.
#include "intake_case.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <numeric>

namespace crmsink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using IntakeTest = IntakeCase;

TEST_F(IntakeTest, WhatCannotBeCommittedIsSpooledAndComesIntoTheDatabaseByItself) {
  Start();
  disk_.GoAway();
  const Ack ack = Submit(DeliveryOf("a", kNow - 5'000)).get();
  EXPECT_EQ(ack.status, AckStatus::kSpooled);
  EXPECT_EQ(ack.event_id, "a");
  const auto during = intake_->counters();
  EXPECT_TRUE(during.away);
  EXPECT_EQ(during.spool.deliveries, 1u);
  EXPECT_EQ(during.spool.oldest_received_at, kNow - 5'000);
  EXPECT_TRUE(intake_->Ready());
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(intake_->counters().drained, 1u);
  EXPECT_THAT(disk_.Log(), ElementsAre("a"));
  EXPECT_THAT(disk_.commits().front().received_at, ElementsAre(kNow - 5'000));
  EXPECT_EQ(Accept("b"), AckStatus::kStored);
  ASSERT_TRUE(Await([&] { return told_.all().size() == 3; }));
  EXPECT_THAT(told_.all(), ElementsAre("away: it is away", "back", "drained 1"));
}

TEST_F(IntakeTest, WhileItIsAwayOnlyTheDrainerAsksForIt) {
  auto options = Options();
  options.first_pause = options.longest_pause = std::chrono::hours(1);
  Start(std::move(options));
  disk_.GoAway();
  EXPECT_EQ(Accept("first"), AckStatus::kSpooled);
  for (int i = 0; i < 50; ++i) EXPECT_EQ(Accept(std::to_string(i)), AckStatus::kSpooled);
  EXPECT_LE(disk_.opens_refused(), 2);  // once to drain, once to see whether it is there at all
  EXPECT_EQ(intake_->counters().spool.deliveries, 51u);
}

TEST_F(IntakeTest, OnlyTheFirstWaitsForAServerThatHangs) {
  Start();
  disk_.Hold();
  auto first = Submit(DeliveryOf("first"));
  disk_.AwaitHeld();
  auto second = Submit(DeliveryOf("second"));
  disk_.GoAway();
  disk_.Release();  // as a time-out does
  EXPECT_EQ(first.get().status, AckStatus::kSpooled);
  EXPECT_EQ(second.get().status, AckStatus::kSpooled);
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_THAT(disk_.Log(), ElementsAre("first", "second"));
}

TEST_F(IntakeTest, WhatWaitsForACommitThatHangsGoesToTheSpool) {
  auto options = Options();
  options.patience = std::chrono::milliseconds(40);
  Start(std::move(options));
  disk_.Hold();
  auto first = Submit(DeliveryOf("first"));
  disk_.AwaitHeld();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Accept(std::to_string(i)), AckStatus::kSpooled);
  const Ack ack = first.get();
  EXPECT_EQ(ack.status, AckStatus::kSpooled);
  EXPECT_EQ(ack.event_id, "first");
  EXPECT_EQ(intake_->counters().queue.deliveries, 0u);
  EXPECT_EQ(intake_->counters().spool.deliveries, 4u);
  disk_.Release();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(disk_.Log().size(), 4u);
  EXPECT_THAT(told_.all(), ::testing::Not(::testing::Contains(::testing::StartsWith("away"))));
}

TEST_F(IntakeTest, WhatIsNotToBeSpooledWaitsForACommitThatHangs) {
  auto options = Options();
  options.patience = std::chrono::milliseconds(40);
  Start(std::move(options));
  disk_.Hold();
  auto unverified = std::make_unique<Submission>();
  unverified->delivery = DeliveryOf("u");
  unverified->holding = Holding::kUnverified;
  auto held = Submit(std::move(unverified));
  disk_.AwaitHeld();
  EXPECT_EQ(held.wait_for(std::chrono::milliseconds(150)), std::future_status::timeout);
  disk_.Release();
  EXPECT_EQ(held.get().status, AckStatus::kHeld);
  EXPECT_EQ(intake_->counters().spool.deliveries, 0u);
}

TEST_F(IntakeTest, ACommitOfUnknownOutcomeEndsOnce) {
  Start();
  disk_.LoseAnswers(1);
  EXPECT_EQ(Accept("a"), AckStatus::kSpooled);
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_THAT(disk_.Log(), ElementsAre("a"));
}

TEST_F(IntakeTest, WhatIsNotKnownToBeAuthenticIsNotSpooled) {
  Start();
  disk_.GoAway();
  for (int i = 0; i < 2; ++i) {
    auto unverified = std::make_unique<Submission>();
    unverified->delivery = DeliveryOf("u");
    unverified->holding = Holding::kUnverified;
    EXPECT_EQ(Submit(std::move(unverified)).get().status, AckStatus::kBusy);
  }
  auto retried = std::make_unique<Submission>();
  retried->delivery = DeliveryOf("r");
  retried->origin = {Holding::kQuarantine, 1};
  EXPECT_EQ(Submit(std::move(retried)).get().status, AckStatus::kBusy);
  EXPECT_EQ(intake_->counters().spool.deliveries, 0u);
  Delivery no_event = DeliveryOf("n");
  no_event.body = "no event";
  EXPECT_EQ(Submit(std::move(no_event)).get().status, AckStatus::kSpooled);
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(disk_.commits().front().held.size(), 1u);
}

TEST_F(IntakeTest, AFullSpoolIsBusyAndKeepsWhatItHas) {
  auto options = Options();
  options.spool = OpenSpool(2'000);
  Start(std::move(options));
  disk_.GoAway();
  std::vector<std::string> kept;
  for (int i = 0; i < 100; ++i) {
    const std::string id = "w" + std::to_string(i);
    const AckStatus status = Accept(id);
    ASSERT_TRUE(status == AckStatus::kSpooled || status == AckStatus::kBusy);
    if (status == AckStatus::kSpooled) kept.push_back(id);
  }
  EXPECT_GT(kept.size(), 5u);
  EXPECT_LT(kept.size(), 20u);
  EXPECT_FALSE(intake_->Ready());
  EXPECT_LE(intake_->counters().spool.bytes, 2'000u);
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(disk_.Log(), kept);
  EXPECT_TRUE(intake_->Ready());
  const auto told = told_.all();
  EXPECT_EQ(std::ranges::count_if(told, [](const auto& line) { return line.starts_with("busy: "); }), 1);
}

TEST_F(IntakeTest, StartsWhileTheDatabaseIsAway) {
  disk_.GoAway();
  FillSpool(3);
  std::atomic<int> returned{0};
  auto options = Options();
  options.after_outage = [&](Store& store) {
    EXPECT_TRUE(store.Begin(Store::Mode::kRead));
    ++returned;
  };
  Start(std::move(options));
  EXPECT_EQ(Accept("a"), AckStatus::kSpooled);
  EXPECT_EQ(returned, 0);
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_THAT(disk_.Log(), ElementsAre("s0", "s1", "s2", "a"));
  EXPECT_TRUE(Await([&] { return returned == 1; }));
}

TEST_F(IntakeTest, WhatIsQueuedAtTheEndOfAnOutageThatDoesNotEndIsSpooled) {
  Start();
  disk_.Hold();
  std::vector<std::future<Ack>> acks;
  acks.push_back(Submit(DeliveryOf("first")));
  disk_.AwaitHeld();
  for (int i = 0; i < 20; ++i) acks.push_back(Submit(DeliveryOf(std::to_string(i))));
  auto stopping = std::async(std::launch::async, [this] { intake_->Stop(); });
  auto late = Submit(DeliveryOf("late"));
  for (; late.wait_for(std::chrono::milliseconds(1)) == std::future_status::timeout;
       late = Submit(DeliveryOf("late"))) {
    acks.push_back(std::move(late));
  }
  EXPECT_EQ(late.get().status, AckStatus::kBusy);
  disk_.GoAway();
  disk_.Release();
  stopping.get();
  for (auto& ack : acks) EXPECT_EQ(ack.get().status, AckStatus::kSpooled);
  EXPECT_GE(Spool::Look(spool_file_)->deliveries, 21u);
  disk_.ComeBack();
  Start();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(TimesStored("first") + TimesStored("19"), 2);
}

TEST_F(IntakeTest, EachEntityHasItsWriterAndTheQueueIsOne) {
  auto options = Options();
  options.writers = 4;
  options.queue.deliveries = 8;
  Start(std::move(options));
  disk_.Hold();
  std::vector<std::future<Ack>> acks;
  for (int i = 0; i < 200; ++i) {
    Delivery delivery = DeliveryOf("");
    delivery.body = R"({"type":"ContactUpdate","id":"c)" + std::to_string(i % 40) + R"(","webhookId":")" +
                    std::to_string(i) + "\"}";
    acks.push_back(Submit(std::move(delivery)));
  }
  disk_.Release();
  int busy = 0;
  for (auto& ack : acks) busy += ack.get().status == AckStatus::kBusy;
  EXPECT_GE(busy, 200 - 8 - 4 * 8);
  for (int i = 200; i < 400; ++i) EXPECT_EQ(Accept(std::to_string(i)), AckStatus::kStored);
  std::set<std::string> writers;
  for (const auto& commit : disk_.commits()) writers.insert(commit.writers.begin(), commit.writers.end());
  EXPECT_THAT(writers, ElementsAre("w", "w/2", "w/3", "w/4"));
}

TEST_F(IntakeTest, WithoutASpoolItIsReadyWhileAWriterIs) {
  auto options = Options();
  options.clock = [] { return kNow; };
  intake_.emplace(std::move(options), disk_.TryOpen());
  EXPECT_EQ(Accept("a"), AckStatus::kStored);
  disk_.GoAway();
  EXPECT_EQ(Accept("b"), AckStatus::kBusy);
  EXPECT_FALSE(intake_->Ready());
  EXPECT_FALSE(intake_->counters().away);
  disk_.ComeBack();
  EXPECT_EQ(Accept("b"), AckStatus::kStored);
  EXPECT_TRUE(intake_->Ready());
}

// The promise: whatever is answered 2xx is in the log once, whatever happens to the database meanwhile.
TEST_F(IntakeTest, NothingIsLostOrDoubledWhileTheDatabaseComesAndGoes) {
  auto options = Options();
  options.writers = 3;
  Start(std::move(options));
  std::atomic<bool> over{false};
  auto trouble = std::async(std::launch::async, [&] {
    for (int i = 0; !over; ++i) {
      if (i % 3 == 0) disk_.LoseAnswers(2);
      disk_.GoAway();
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
      disk_.ComeBack();
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      (void)intake_->counters();
      (void)intake_->Ready();
    }
  });
  std::vector<std::future<std::vector<std::string>>> senders;
  for (int t = 0; t < 6; ++t) {
    senders.push_back(std::async(std::launch::async, [this, t] {
      std::vector<std::string> promised;
      for (int i = 0; i < 150; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        if (Accept(id) != AckStatus::kBusy) promised.push_back(id);
        if (i % 10 == 0) (void)Accept(id);
        intake_->CountRefusal("404", id);
      }
      return promised;
    }));
  }
  std::size_t promised = 0;
  std::vector<std::string> ids;
  for (auto& sender : senders) {
    for (std::string& id : sender.get()) ids.push_back(std::move(id));
  }
  promised = ids.size();
  over = true;
  trouble.get();
  ASSERT_TRUE(AwaitEmptySpool());
  intake_->Stop();
  const auto log = disk_.Log();
  const std::set<std::string> distinct(log.begin(), log.end());
  EXPECT_EQ(distinct.size(), log.size());
  for (const std::string& id : ids) EXPECT_TRUE(distinct.contains(id)) << id;
  EXPECT_EQ(promised, 900u);  // there is room for all of them
}

TEST_F(IntakeTest, SleepsWhereNothingComes) {
  auto options = Options();
  options.patience = std::chrono::milliseconds(40);
  Start(std::move(options));
  EXPECT_EQ(Accept("a"), AckStatus::kStored);
  const auto switches = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nvcsw;
  };
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto before = switches();
  std::this_thread::sleep_for(std::chrono::seconds(1));
  EXPECT_LT(switches() - before, 50) << "with one wake-up each 5 ms it would be 200";
}

TEST_F(IntakeTest, ObservesWhatItCommits) {
  Start();
  EXPECT_EQ(Accept("a"), AckStatus::kStored);
  Delivery delivery = DeliveryOf("b", kNow - 1000);
  delivery.body = R"({"type":"ContactCreate","id":"c","locationId":"loc1","webhookId":"b"})";
  EXPECT_EQ(Submit(delivery).get().status, AckStatus::kStored);
  disk_.GoAway();
  delivery.body = R"({"type":"ContactCreate","id":"c","locationId":"loc2","webhookId":"s"})";
  EXPECT_EQ(Submit(delivery).get().status, AckStatus::kSpooled);
  const auto commits = [this] {
    const auto counts = intake_->counters().commit_micros.counts;
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  EXPECT_EQ(commits(), 2u);
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(commits(), 3u);
  EXPECT_EQ(intake_->counters().group_deliveries.sum, 3u);
  EXPECT_THAT(intake_->last_events().All(),
              ::testing::UnorderedElementsAre(std::pair("loc1", kNow - 1000), std::pair("loc2", kNow - 1000)));
}

}  // namespace
}  // namespace crmsink
