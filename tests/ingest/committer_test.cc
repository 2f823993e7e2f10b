#include "ingest/committer.h"

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <thread>

#include "fake_disk.h"

namespace crmsink {
namespace {

constexpr Millis kNow = 1'772'409'600'000;

std::unique_ptr<Submission> SubmissionOf(const std::string& id, const std::string& type = "LATER",
                                         std::size_t padding = 0) {
  auto submission = std::make_unique<Submission>();
  submission->delivery.path = "/webhooks";
  submission->delivery.body = R"({"type":")" + type + R"(","webhookId":")" + id + "\"}" + std::string(padding, ' ');
  submission->delivery.received_at = kNow;
  submission->event = ReadEvent(submission->delivery).value();
  return submission;
}

class CommitterTest : public testing::Test {
 protected:
  Committer::Options Options() {
    const auto open = [this]() -> Result<std::unique_ptr<Store>> {
      if (refuse_to_open_) return Fail(ErrorCode::kUnavailable, "cannot open");
      return disk_.Open();
    };
    return {.writing = {.open = open, .writer = "w"},
            .budget = std::make_shared<Budget>(Budget::Amount{.deliveries = 4096, .bytes = std::size_t{64} << 20}),
            .clock = [] { return kNow; },
            .on_first_event = [this](auto type, auto path) { first_.push_back(std::string(type) + std::string(path)); },
            .on_failure = [this](const Error& error) { failures_.push_back(error.message); }};
  }

  void Start() { Start(Options()); }
  void Start(Committer::Options options) {
    budget_ = options.budget;
    committer_.emplace(std::move(options), disk_.Open());
  }

  // The outcome, later.
  std::future<Ack> Submit(std::unique_ptr<Submission> submission) {
    auto outcome = std::make_shared<std::promise<Ack>>();
    auto future = outcome->get_future();
    if (!committer_->Submit(std::move(submission), [outcome](Ack ack) { outcome->set_value(std::move(ack)); }))
      return {};
    return future;
  }
  std::future<Ack> Submit(const std::string& id) { return Submit(SubmissionOf(id)); }

  AckStatus Accept(const std::string& id) { return Submit(id).get().status; }

  // Lets one delivery be on its way to the disk, so that those that follow wait.
  std::future<Ack> Block() {
    disk_.Hold();
    auto first = Submit("first");
    disk_.AwaitHeld();
    return first;
  }

  FakeDisk disk_;
  std::atomic<bool> refuse_to_open_{false};
  std::vector<std::string> first_, failures_;  // of the writer's thread: to be read after Stop()
  std::shared_ptr<Budget> budget_;
  std::optional<Committer> committer_;
};

TEST_F(CommitterTest, WhatWaitsSharesACommit) {
  Start();
  auto first = Block();
  std::vector<std::future<Ack>> others;
  for (int i = 0; i < 100; ++i) others.push_back(Submit("w" + std::to_string(i)));
  EXPECT_EQ(budget_->taken().deliveries, 100u);
  EXPECT_EQ(first.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);  // not before the commit
  disk_.Release();
  EXPECT_EQ(first.get().event_id, "first");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(others[static_cast<std::size_t>(i)].get().event_id, "w" + std::to_string(i));
  const auto commits = disk_.commits();
  ASSERT_EQ(commits.size(), 2u);
  EXPECT_EQ(commits[0].events.size(), 1u);
  EXPECT_EQ(commits[1].events.size(), 100u);
  EXPECT_EQ(commits[1].events[99], "w99");
  EXPECT_EQ(committer_->counters().commits, 2u);
}

TEST_F(CommitterTest, AGroupHasAnEndInNumberAndBytes) {
  Start();
  auto first = Block();
  std::vector<std::future<Ack>> others;
  for (int i = 0; i < 1'000; ++i) others.push_back(Submit("w" + std::to_string(i)));
  for (int i = 0; i < 5; ++i)
    others.push_back(Submit(SubmissionOf("b" + std::to_string(i), "LATER", std::size_t{7} << 20)));
  disk_.Release();
  for (auto& other : others) EXPECT_EQ(other.get().status, AckStatus::kStored);
  std::size_t events = 0, most = 0;
  for (const auto& commit : disk_.commits()) {
    events += commit.events.size();
    most = std::max(most, commit.events.size());
  }
  EXPECT_EQ(events, 1'006u);
  EXPECT_LE(most, 512u);
  EXPECT_GE(disk_.commits().size(), 4u);
}

TEST_F(CommitterTest, TheQueueIsBoundedInNumber) {
  auto options = Options();
  options.budget = std::make_shared<Budget>(Budget::Amount{.deliveries = 3, .bytes = 1'000'000});
  Start(std::move(options));
  auto first = Block();
  std::vector<std::future<Ack>> taken;
  for (const char* id : {"a", "b", "c"}) taken.push_back(Submit(id));
  bool called = false;
  EXPECT_FALSE(committer_->Submit(SubmissionOf("d"), [&](Ack) { called = true; }));
  EXPECT_FALSE(Submit("e").valid());
  disk_.Release();
  for (auto& one : taken) EXPECT_EQ(one.get().status, AckStatus::kStored);
  EXPECT_EQ(Accept("f"), AckStatus::kStored);  // there is room again
  committer_->Stop();
  EXPECT_FALSE(called);
}

TEST_F(CommitterTest, TheQueueIsBoundedInBytes) {
  auto options = Options();
  options.budget = std::make_shared<Budget>(Budget::Amount{.deliveries = 100, .bytes = 1'000});
  Start(std::move(options));
  auto first = Block();
  auto large = Submit(SubmissionOf("a", "LATER", 900));
  ASSERT_TRUE(large.valid());
  EXPECT_FALSE(Submit(SubmissionOf("b", "LATER", 100)).valid());
  const auto bytes = budget_->taken().bytes;
  EXPECT_GT(bytes, 900u);
  EXPECT_LE(bytes, 1'000u);
  disk_.Release();
  EXPECT_EQ(large.get().status, AckStatus::kStored);
  EXPECT_FALSE(Submit(SubmissionOf("c", "LATER", 1'001)).valid());  // alone too large
  EXPECT_EQ(Submit(SubmissionOf("d", "LATER", 900)).get().status, AckStatus::kStored);
  committer_->Stop();
  EXPECT_EQ(budget_->taken().bytes, 0u);
}

TEST_F(CommitterTest, StopCommitsWhatWasTaken) {
  Start();
  auto first = Block();
  std::vector<std::future<Ack>> taken;
  for (int i = 0; i < 20; ++i) taken.push_back(Submit("w" + std::to_string(i)));
  auto stopping = std::async(std::launch::async, [this] { committer_->Stop(); });
  while (Submit("late").valid()) std::this_thread::yield();
  disk_.Release();
  stopping.get();
  for (auto& one : taken) EXPECT_EQ(one.get().status, AckStatus::kStored);
  EXPECT_FALSE(Submit("z").valid());
  committer_->Stop();
}

TEST_F(CommitterTest, AFailureKeepsNothingAndTheStoreIsOpenedAnew) {
  Start();
  // Not kCorrupt: GroupWriterTest.WritesNoMoreToAFileThatACommitFoundDamaged.
  for (const ErrorCode code : {ErrorCode::kUnavailable, ErrorCode::kUnknown, ErrorCode::kInternal}) {
    const int opened = disk_.opened();
    disk_.FailCommit(code);
    EXPECT_EQ(Accept("a"), AckStatus::kBusy);
    EXPECT_FALSE(committer_->healthy());
    disk_.FailBegin(code);
    EXPECT_EQ(Accept("b"), AckStatus::kBusy);
    EXPECT_EQ(Accept("c"), AckStatus::kStored);
    EXPECT_TRUE(committer_->healthy());
    EXPECT_EQ(disk_.opened(), opened + 2);
  }
  EXPECT_EQ(committer_->counters().failures, 6u);
  committer_->Stop();
  EXPECT_EQ(failures_.size(), 3u);  // one for each time that it went wrong after it went well
  for (const auto& commit : disk_.commits()) EXPECT_EQ(commit.events, std::vector<std::string>{"c"});
}

TEST_F(CommitterTest, WhileTheStoreCannotBeOpenedTheAnswerIsBusy) {
  Start();
  disk_.FailCommit(ErrorCode::kUnavailable);
  refuse_to_open_ = true;
  for (const char* id : {"a", "b", "c"}) EXPECT_EQ(Accept(id), AckStatus::kBusy);
  refuse_to_open_ = false;
  EXPECT_EQ(Accept("a"), AckStatus::kStored);
}

TEST_F(CommitterTest, WhatTheStoreRefusesOfOneGoesToQuarantineAlone) {
  Start();
  disk_.Refuse("w2");
  auto first = Block();
  std::vector<std::future<Ack>> acks;
  for (int i = 0; i < 5; ++i) acks.push_back(Submit("w" + std::to_string(i)));
  disk_.Release();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(acks[i].get().status, i == 2 ? AckStatus::kQuarantined : AckStatus::kStored) << i;
  }
  std::set<std::string> stored;
  std::vector<std::string> held;
  for (const auto& commit : disk_.commits()) {
    stored.insert(commit.events.begin(), commit.events.end());
    held.insert(held.end(), commit.held.begin(), commit.held.end());
  }
  EXPECT_EQ(stored, (std::set<std::string>{"first", "w0", "w1", "w3", "w4"}));
  EXPECT_EQ(held, std::vector<std::string>{"the database refused it: refused by the test"});
  EXPECT_TRUE(committer_->healthy());
}

TEST_F(CommitterTest, TellsOfTheFirstEventOfEachType) {
  Start();
  for (const char* type : {"A", "B", "A"}) Submit(SubmissionOf(type, type)).get();
  disk_.FailCommit(ErrorCode::kUnavailable);
  Submit(SubmissionOf("c", "C")).get();
  committer_->Stop();
  EXPECT_EQ(first_, (std::vector<std::string>{"A/webhooks", "B/webhooks"}));
}

std::vector<RefusalCount> RefusalsOf(const FakeDisk& disk) {
  std::vector<RefusalCount> all;
  for (const auto& commit : disk.commits()) all.insert(all.end(), commit.refusals.begin(), commit.refusals.end());
  return all;
}

TEST_F(CommitterTest, RefusalsAreWrittenWithTheNextCommit) {
  Start();
  committer_->CountRefusal("404", "/x");
  committer_->CountRefusal("404", "/x");
  committer_->CountRefusal("404", "/y");
  committer_->CountRefusal("405", "/x");
  EXPECT_EQ(Accept("a"), AckStatus::kStored);
  const auto refusals = RefusalsOf(disk_);
  ASSERT_EQ(refusals.size(), 3u);
  EXPECT_EQ(refusals[0].kind + refusals[0].detail, "404/x");
  EXPECT_EQ(refusals[0].requests, 2);
  EXPECT_EQ(refusals[0].writer, "w");
  EXPECT_EQ(refusals[0].day, 20514);
  EXPECT_EQ(refusals[0].last_received_at, kNow);
}

TEST_F(CommitterTest, RefusalsOfAFailedCommitAreWrittenWithTheNextOne) {
  Start();
  disk_.FailCommit(ErrorCode::kUnavailable);
  committer_->CountRefusal("404", "/x");
  EXPECT_EQ(Accept("a"), AckStatus::kBusy);
  committer_->CountRefusal("404", "/x");
  EXPECT_EQ(Accept("b"), AckStatus::kStored);
  const auto refusals = RefusalsOf(disk_);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].requests, 2);
}

TEST_F(CommitterTest, RefusalsOfASplitGroupAreWrittenWithTheNextCommit) {
  Start();
  disk_.Refuse("w1");
  auto first = Block();
  committer_->CountRefusal("404", "/x");
  std::vector<std::future<Ack>> acks;
  for (const char* id : {"w0", "w1"}) acks.push_back(Submit(id));
  disk_.Release();
  for (auto& ack : acks) ack.get();
  EXPECT_EQ(Accept("w2"), AckStatus::kStored);
  const auto refusals = RefusalsOf(disk_);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].detail, "/x");
}

TEST_F(CommitterTest, StopWritesTheRefusals) {
  Start();
  committer_->CountRefusal("404", std::string(300, 'x'));
  committer_->Stop();
  const auto refusals = RefusalsOf(disk_);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].detail, std::string(200, 'x'));
}

TEST_F(CommitterTest, BeyondAThousandDetailsTheyCountAsOther) {
  Start();
  auto first = Block();
  for (int i = 0; i < 1'500; ++i) committer_->CountRefusal("404", "/" + std::to_string(i));
  committer_->CountRefusal("404", "/7");
  disk_.Release();
  committer_->Stop();
  std::map<std::string, std::int64_t> counts;
  std::int64_t all = 0;
  for (const RefusalCount& refusal : RefusalsOf(disk_)) {
    counts[refusal.detail] += refusal.requests;
    all += refusal.requests;
  }
  EXPECT_EQ(all, 1'501);
  EXPECT_EQ(counts["/7"], 2);
  EXPECT_EQ(counts["other"], 500);
  EXPECT_LE(counts.size(), 1'001u);
}

// Whoever asks for one made-up path after another must not fill the disk.
TEST_F(CommitterTest, AThousandDetailsADayAreTheMost) {
  Start();
  std::set<std::string> details;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 600; ++i) committer_->CountRefusal("404", "/" + std::to_string(round * 1'000 + i));
    EXPECT_EQ(Accept("w" + std::to_string(round)), AckStatus::kStored);
  }
  for (const RefusalCount& refusal : RefusalsOf(disk_)) details.insert(refusal.detail);
  EXPECT_LE(details.size(), 1'001u);
}

TEST_F(CommitterTest, ManyThreadsEachGetTheirOwnOutcome) {
  Start();
  std::vector<std::future<int>> threads;
  for (int t = 0; t < 8; ++t) {
    threads.push_back(std::async(std::launch::async, [this, t] {
      int right = 0;
      for (int i = 0; i < 100; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        right += Submit(id).get().event_id == id;
        committer_->CountRefusal("404", id);
        (void)committer_->counters();
      }
      return right;
    }));
  }
  for (auto& thread : threads) EXPECT_EQ(thread.get(), 100);
  committer_->Stop();
  EXPECT_EQ(RefusalsOf(disk_).size(), 800u);
}

}  // namespace
}  // namespace crmsink
