#include "ingest/group_writer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fake_disk.h"

namespace crmsink {
namespace {

class GroupWriterTest : public testing::Test {
 protected:
  GroupWriter::Options Options() {
    return {.open = [this] { return disk_.TryOpen(); },
            .writer = "w",
            .on_commit =
                [this] {
                  if (++commits_ == away_after_) disk_.GoAway();
                }};
  }

  GroupWriter::Written Write(GroupWriter& writer, int events) {
    submissions_.clear();
    std::vector<Submission*> group;
    for (int i = 0; i < events; ++i) {
      auto& submission = *submissions_.emplace_back(std::make_unique<Submission>());
      submission.delivery.path = "/webhooks";
      submission.delivery.body = R"({"type":"LATER","webhookId":"w)" + std::to_string(i) + "\"}";
      submission.event = ReadEvent(submission.delivery).value();
      group.push_back(&submission);
    }
    return writer.Write(group);
  }

  FakeDisk disk_;
  std::vector<std::unique_ptr<Submission>> submissions_;
  int commits_ = 0, away_after_ = -1;
};

TEST_F(GroupWriterTest, WritesNoMoreToAFileThatACommitFoundDamaged) {
  GroupWriter writer(Options(), disk_.Open());
  disk_.FailCommit(ErrorCode::kCorrupt);
  for (int i = 0; i < 3; ++i) {
    const auto written = Write(writer, 2);
    ASSERT_TRUE(written.failure) << "try " << i;
    EXPECT_EQ(written.failure->code, ErrorCode::kCorrupt);
  }
  EXPECT_EQ(disk_.begun(), 1);
  EXPECT_EQ(disk_.opened(), 1) << "it was opened again";
}

TEST_F(GroupWriterTest, FindsTheRefusedOneOf64InFourteenTransactions) {
  GroupWriter writer(Options(), disk_.Open());
  disk_.Refuse("w41");
  const auto written = Write(writer, 64);
  EXPECT_FALSE(written.failure);
  for (std::size_t i = 0; i < 64; ++i) {
    ASSERT_TRUE(written.acks[i]) << i;
    EXPECT_EQ(written.acks[i]->status, i == 41 ? AckStatus::kQuarantined : AckStatus::kStored) << i;
  }
  EXPECT_LE(disk_.begun(), 14);
  EXPECT_EQ(disk_.Log().size(), 63u);
  const auto log = disk_.Log();
  const auto number = [](const std::string& id) { return std::stoi(id.substr(1)); };
  EXPECT_TRUE(std::ranges::is_sorted(log, {}, number));
  EXPECT_EQ(writer.counters().failures, 0u);
}

TEST_F(GroupWriterTest, FindsEachOfSeveral) {
  GroupWriter writer(Options(), disk_.Open());
  for (const char* id : {"w0", "w3", "w4", "w6"}) disk_.Refuse(id);
  const auto written = Write(writer, 7);
  std::string outcome;
  for (const auto& ack : written.acks) outcome += ack->status == AckStatus::kStored ? 's' : 'q';
  EXPECT_EQ(outcome, "qssqqsq");
}

TEST_F(GroupWriterTest, OfASplitGroupThoseBeforeTheFailureAreKept) {
  GroupWriter writer(Options(), disk_.Open());
  disk_.Refuse("w1");
  away_after_ = 2;
  const auto written = Write(writer, 8);
  ASSERT_TRUE(written.failure);
  EXPECT_EQ(written.failure->code, ErrorCode::kUnavailable);
  EXPECT_EQ(written.acks[0]->status, AckStatus::kStored);
  EXPECT_EQ(written.acks[1]->status, AckStatus::kQuarantined);
  for (std::size_t i = 2; i < 8; ++i) EXPECT_FALSE(written.acks[i]) << i;
  EXPECT_EQ(disk_.Log(), std::vector<std::string>{"w0"});
}

TEST_F(GroupWriterTest, AServersFailedConnectionIsGivenBackAndAFilesIsKept) {
  for (const bool keeps : {false, true}) {
    auto options = Options();
    options.keeps_failed = keeps;
    GroupWriter writer(std::move(options), disk_.Open());
    disk_.GoAway();
    EXPECT_TRUE(Write(writer, 1).failure);
    EXPECT_TRUE(Write(writer, 1).failure);
    EXPECT_EQ(disk_.open_now(), keeps ? 1 : 0);
    disk_.ComeBack();
    EXPECT_FALSE(Write(writer, 1).failure);
    EXPECT_EQ(disk_.open_now(), 1);
  }
}

TEST_F(GroupWriterTest, ProbesWithACommitOfNothing) {
  GroupWriter writer(Options(), nullptr);
  EXPECT_TRUE(writer.Probe());
  ASSERT_EQ(disk_.commits().size(), 1u);
  EXPECT_TRUE(disk_.Log().empty());
  disk_.FailCommit(ErrorCode::kUnknown);
  EXPECT_FALSE(writer.Probe());
  EXPECT_EQ(writer.store(), nullptr);
  EXPECT_TRUE(writer.Probe());
  EXPECT_EQ(disk_.opened(), 2);
  EXPECT_EQ(writer.counters().failures, 0u);  // nothing was lost by it
  EXPECT_EQ(commits_, 0);
}

}  // namespace
}  // namespace crmsink
