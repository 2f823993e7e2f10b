#include "intake_case.h"

#include <gmock/gmock.h>

#include "support/sanitizer.h"

namespace crmsink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using DrainerTest = IntakeCase;

TEST_F(DrainerTest, AGroupOfUnknownOutcomeIsSentAgainAndEndsOnce) {
  FillSpool(250);
  disk_.LoseAnswers(2);
  Start();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(disk_.Log().size(), 250u);
  for (int i = 0; i < 250; ++i) EXPECT_EQ(TimesStored("s" + std::to_string(i)), 1);
}

TEST_F(DrainerTest, WhatAnEarlierProcessLeftIsDrainedOldestFirst) {
  FillSpool(1'000);
  Start();
  ASSERT_TRUE(AwaitEmptySpool());
  const auto log = disk_.Log();
  ASSERT_EQ(log.size(), 1'000u);
  for (std::size_t i = 0; i < log.size(); ++i) ASSERT_EQ(log[i], "s" + std::to_string(i));
  EXPECT_EQ(disk_.commits().front().received_at.front(), kNow - 60'000);
  for (const auto& commit : disk_.commits()) {
    EXPECT_LE(commit.events.size(), 100u);
    EXPECT_THAT(commit.writers, ElementsAre("w/spool"));
  }
  ASSERT_TRUE(Await([&] { return !told_.all().empty(); }));
  EXPECT_THAT(told_.all(), ElementsAre("drained 1000"));
}

TEST_F(DrainerTest, WithAnEmptySpoolACommitOfNothingEndsTheOutage) {
  disk_.GoAway();
  Start();
  EXPECT_TRUE(intake_->away());
  disk_.ComeBack();
  EXPECT_TRUE(Await([&] { return !intake_->away(); }));
  EXPECT_EQ(Accept("a"), AckStatus::kStored);
}

TEST_F(DrainerTest, LiveDeliveriesAreNotHeldBackByTheDrainer) {
  FillSpool(5'000);
  disk_.Slow(std::chrono::milliseconds(10));
  Start();
  int during = 0;
  while (intake_->counters().spool.deliveries > 0) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(Accept("live" + std::to_string(during)), AckStatus::kStored);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(kIsSanitized ? 1'000 : 300));
    ++during;
  }
  EXPECT_GE(during, 10);
  EXPECT_EQ(disk_.Log().size(), 5'000u + static_cast<std::size_t>(during));
  EXPECT_THAT(told_.all(), ::testing::Not(::testing::Contains(StartsWith("away"))));
}

TEST_F(DrainerTest, WhatTheDatabaseRefusesOfTheSpoolGoesToQuarantine) {
  FillSpool(64);
  disk_.Refuse("s17");
  Start();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(disk_.Log().size(), 63u);
  std::size_t held = 0;
  for (const auto& commit : disk_.commits()) held += commit.held.size();
  EXPECT_EQ(held, 1u);
}

TEST_F(DrainerTest, OneThatAlwaysFailsStaysBehindAndTheOthersGoOn) {
  FillSpool(50);
  disk_.Refuse("s20", ErrorCode::kInternal);
  disk_.Refuse("s40", ErrorCode::kUnavailable);
  Start();
  ASSERT_TRUE(Await([&] { return intake_->counters().spool.deliveries == 2; }));
  EXPECT_FALSE(intake_->away());
  EXPECT_EQ(disk_.Log().size(), 48u);
  EXPECT_EQ(Accept("live"), AckStatus::kStored);
  EXPECT_THAT(told_.all(), ::testing::Contains(HasSubstr("stays in the spool for now")));
  disk_.RefuseNothing();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(TimesStored("s20") + TimesStored("s40"), 2);
}

// A live one is what brings the outage on then.
TEST_F(DrainerTest, OneThatAlwaysFailsIsNoOutageWithoutEnd) {
  Start();
  disk_.Refuse("bad", ErrorCode::kInternal);
  EXPECT_EQ(Accept("bad"), AckStatus::kSpooled);
  int tries = 0;
  ASSERT_TRUE(Await([&] { return Accept("good" + std::to_string(++tries)) == AckStatus::kStored; }));
  EXPECT_TRUE(Await([&] { return intake_->counters().spool.deliveries == 1; }));
  EXPECT_EQ(disk_.Log().size(), static_cast<std::size_t>(tries));
}

// What would be on the disk if the process ended at that moment, in another place.
class CrashTest : public IntakeCase {
 protected:
  void CopySpool() {
    if (!std::filesystem::exists(spool_file_)) return;
    for (const char* end : {"", "-wal"}) {
      std::filesystem::copy_file(spool_file_ + end, copy_ + end, std::filesystem::copy_options::overwrite_existing);
    }
    ++copied_;
  }
  void StartFromTheCopy() {
    intake_->Stop();
    spool_file_ = copy_;
    Start();
  }

  std::string copy_ = folder_.File("copy.db");
  std::atomic<int> copied_{0};
};

TEST_F(CrashTest, BetweenTheSpoolsCommitAndTheAnswerKeepsTheDelivery) {
  auto options = Options();
  options.on_spooled = [this] { CopySpool(); };
  Start(std::move(options));
  disk_.GoAway();
  (void)Accept("a");  // nobody hears it
  StartFromTheCopy();
  EXPECT_EQ(Accept("a"), AckStatus::kSpooled);  // it is sent again
  disk_.ComeBack();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_THAT(disk_.Log(), ElementsAre("a"));
}

TEST_F(CrashTest, BetweenTheDatabasesCommitAndTheSpoolsDeleteKeepsItOnce) {
  FillSpool(10);
  auto options = Options();
  options.on_deleting = [this] { CopySpool(); };
  Start(std::move(options));
  ASSERT_TRUE(AwaitEmptySpool());
  ASSERT_EQ(copied_, 1);
  StartFromTheCopy();
  ASSERT_TRUE(AwaitEmptySpool());
  EXPECT_EQ(intake_->counters().drained, 10u);
  EXPECT_EQ(disk_.Log().size(), 10u);
}

}  // namespace
}  // namespace crmsink
