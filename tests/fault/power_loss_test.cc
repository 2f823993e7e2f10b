// A power cut at every sync of a short run: what was answered is there afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fault/short_run.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using Survival = LossyVfs::Survival;
using ::testing::IsEmpty;

constexpr int kFewFrames = 12;

struct AfterCut {
  bool was_cut = false;
  std::size_t promised = 0;
  std::vector<std::string> broken;
};

// Runs until the power goes at the n-th sync, and starts again on what that left.
AfterCut RunUntilCut(std::size_t n, Survival survival, std::uint64_t seed, const ShortRun::Options& options_of_run) {
  TempFolder before, after;
  LossyVfs vfs("lossy");
  vfs.CutAtSync(n, survival, seed);
  ShortRun run(vfs, before.File("crmsink.db"), options_of_run);
  run.Go();
  AfterCut result;
  result.was_cut = vfs.is_cut();
  vfs.Cut();  // the end of the run is a moment, too
  vfs.WriteDurable(after.path());
  result.promised = run.promised().events.size();

  const std::string file = after.File("crmsink.db");
  Sink::Options options;
  options.database = "sqlite:" + file;
  options.signature_required = false;
  auto sink = Sink::Open(options);
  if (!sink) {
    result.broken.push_back("it does not open: " + sink.error().message);
    return result;
  }
  const Ack next = (*sink)->Accept({"/webhooks", R"({"type":"ContactCreate","id":"next","webhookId":"next"})", {}, {}});
  if (next.status != AckStatus::kStored) result.broken.push_back("it does not store");
  (*sink)->Close();
  const auto broken = Broken(file, run.promised());
  result.broken.insert(result.broken.end(), broken.begin(), broken.end());
  return result;
}

// After the opening. The number of cuts.
std::size_t CutAtEverySync(Survival survival, std::uint64_t seed, const ShortRun::Options& options = {}) {
  const std::size_t opening = CountOpeningCalls().syncs;
  std::size_t most = 0, cuts = 0;
  for (std::size_t n = 1;; n = NextCall(n, opening, 1), ++cuts) {
    const AfterCut after = RunUntilCut(n, survival, seed + n, options);
    EXPECT_THAT(after.broken, IsEmpty()) << "cut at sync " << n << ", seed " << seed + n;
    if (options.checkpoint_frames != kFewFrames) {
      EXPECT_GE(after.promised, most) << "cut at sync " << n;
    }
    most = std::max(most, after.promised);
    if (!after.was_cut || testing::Test::HasFailure()) return cuts;
  }
}

TEST(PowerLossTest, LosesNothingAnsweredAtAnySync) {
  const std::size_t cuts = CutAtEverySync(Survival::kNothing, 0);
  EXPECT_GT(cuts, 30U);
  RecordProperty("cuts", std::to_string(cuts));
}

TEST(PowerLossTest, LosesNothingAnsweredBesideCheckpoints) {
  EXPECT_GT(CutAtEverySync(Survival::kNothing, 0, {.checkpoint_frames = kFewFrames}), 30U);
}

class TornPowerLossTest : public testing::TestWithParam<std::uint64_t> {};

TEST_P(TornPowerLossTest, LosesNothingAnsweredWhereUnsyncedWritesSurviveInPieces) {
  EXPECT_GT(CutAtEverySync(Survival::kTorn, GetParam()), 30U);
  EXPECT_GT(CutAtEverySync(Survival::kTorn, GetParam(), {.checkpoint_frames = kFewFrames}), 30U)
      << "beside checkpoints";
}

INSTANTIATE_TEST_SUITE_P(Seeds, TornPowerLossTest, testing::Values(1000U, 2000U));

// The proof that the test can fail.
TEST(PowerLossTest, SeesTheLossWhereSyncsAreLeftOut) {
  std::size_t lossy_cuts = 0, other = 0;
  for (std::size_t n = 1;; ++n) {
    const AfterCut after = RunUntilCut(n, Survival::kNothing, n, {.synchronous = "NORMAL"});
    bool lost = false;
    for (const std::string& what : after.broken) {
      const bool is_loss = what.ends_with(" is lost") || what.starts_with("quarantined and not found");
      lost |= is_loss;
      if (!is_loss) ++other;
    }
    if (lost) ++lossy_cuts;
    if (!after.was_cut) break;
  }
  EXPECT_GT(lossy_cuts, 0U) << "synchronous=NORMAL lost nothing: the cut is no cut";
  EXPECT_EQ(other, 0U) << "but what is left is whole even so";
}

}  // namespace
}  // namespace crmsink::fault
