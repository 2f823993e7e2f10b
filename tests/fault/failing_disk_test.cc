// Writes and syncs that fail, a full disk, a database that somebody else has locked: the sender is told to come again,
// and all is well as soon as the fault is gone.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "fault/short_run.h"
#include "support/sanitizer.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using Call = LossyVfs::Call;
using ::testing::IsEmpty;

Sink::Options OptionsFor(const std::string& file, const std::string& vfs = "") {
  Sink::Options options;
  options.database = "sqlite:" + file;
  options.signature_required = false;
  options.vfs = vfs;
  return options;
}

Arrival ContactCreate(const std::string& id, std::size_t note_bytes = 0) {
  return {"/webhooks",
          R"({"type":"ContactCreate","timestamp":"2025-10-01T10:00:00Z","id":")" + id + R"(","webhookId":")" + id +
              R"(","note":")" + std::string(note_bytes, 'n') + "\"}",
          {},
          {}};
}

// One fault, at the n-th call: whatever was refused comes again until it is kept.
struct FaultyRun {
  bool was_opened = false, fault_came = false;
  std::size_t refused = 0, syncs_after_failure = 0;
  std::vector<std::string> broken;
};

FaultyRun RunWithFault(Call call, std::size_t n, const ShortRun::Options& options) {
  FaultyRun result;
  TempFolder folder, after;
  LossyVfs vfs("faulty");
  vfs.FailAt(call, n);
  const std::string file = folder.File("crmsink.db");
  ShortRun run(vfs, file, options);
  result.was_opened = run.Go();
  result.fault_came = vfs.failures() > 0;
  if (!result.was_opened) {
    EXPECT_THAT(run.error(), testing::AnyOf(testing::HasSubstr("disk I/O error"),
                                            testing::HasSubstr("unable to open database file")))
        << n;
    ShortRun again(vfs, file, {});
    EXPECT_TRUE(again.Go()) << again.error();
    result.broken = Broken(file, again.promised());
    return result;
  }
  result.refused = run.refused();
  result.syncs_after_failure = vfs.syncs_after_failure();
  result.broken = Broken(file, run.promised());
  vfs.Cut();
  vfs.WriteDurable(after.path());
  for (const auto& what : Broken(after.File("crmsink.db"), run.promised())) result.broken.push_back("cut: " + what);
  return result;
}

std::size_t CallsOfOpening(Call call) {
  const OpeningCalls calls = CountOpeningCalls();
  switch (call) {
    case Call::kWrite:
      return calls.writes;
    case Call::kSync:
      return calls.syncs;
    case Call::kTruncate:
      return calls.truncations;
    case Call::kOpen:
      return calls.opens;
  }
  return 0;
}

const ShortRun::Options kAlone{.tries = 3, .checkpoints = false};
const ShortRun::Options kBesideOthers{.tries = 3};
const ShortRun::Options kBesideCheckpoints{.tries = 3, .checkpoints = false, .checkpoint_frames = 12};

// At every step-th call after the opening, of which there are more than `least`.
void ExpectSurvives(Call call, const ShortRun::Options& options, std::size_t step = 1, std::size_t least = 10) {
  const std::size_t opening = CallsOfOpening(call);
  for (std::size_t n = 1;; n = NextCall(n, opening, step)) {
    const FaultyRun run = RunWithFault(call, n, options);
    EXPECT_THAT(run.broken, IsEmpty()) << "call " << n;
    EXPECT_EQ(run.refused, 0U) << "call " << n << ": refused after the fault was gone";
    EXPECT_EQ(run.syncs_after_failure, 0U) << "call " << n << ": a failed sync was tried again";
    if (!run.fault_came) {
      EXPECT_GT(n, opening + least);
      return;
    }
    if (testing::Test::HasFailure()) return;
  }
}

TEST(FailingDiskTest, LosesNothingWhereAnySyncFailsOnce) { ExpectSurvives(Call::kSync, kAlone); }

TEST(FailingDiskTest, LosesNothingWhereAnySyncFailsOnceAndOthersHaveTheFileOpen) {
  ExpectSurvives(Call::kSync, kBesideOthers);
}

TEST(FailingDiskTest, LosesNothingWhereAnySyncFailsOnceBesideCheckpoints) {
  ExpectSurvives(Call::kSync, kBesideCheckpoints);
}

TEST(FailingDiskTest, LosesNothingWhereAnyWriteFailsOnceBesideCheckpoints) {
  ExpectSurvives(Call::kWrite, kBesideCheckpoints, kIsSanitized ? 20 : 5);
}

TEST(FailingDiskTest, LosesNothingWhereAnyWriteFailsOnce) {
  ExpectSurvives(Call::kWrite, kBesideOthers, kIsSanitized ? 20 : 5);
}

TEST(FailingDiskTest, LosesNothingWhereAnyTruncationFailsOnce) { ExpectSurvives(Call::kTruncate, kBesideOthers, 1, 0); }

TEST(FailingDiskTest, LosesNothingWhereAnyFileCannotBeOpenedOnce) { ExpectSurvives(Call::kOpen, kBesideOthers, 1, 3); }

// A sync fails, its writes are gone, and soon afterwards the power goes, too.
void ExpectSurvivesThePowerAfterAFailedSync(const ShortRun::Options& options) {
  const std::size_t opening = CountOpeningCalls().syncs;
  std::size_t runs = 0;
  for (std::size_t n = opening; n < opening + 26; n += 2) {
    for (const std::size_t later : {1U, 2U, 3U, 6U}) {
      TempFolder folder, after;
      LossyVfs vfs("faulty");
      vfs.FailAt(Call::kSync, n);
      vfs.CutAtSync(n + later, LossyVfs::Survival::kTorn, n);
      ShortRun run(vfs, folder.File("crmsink.db"), options);
      if (!run.Go()) continue;  // so early that there is nothing to lose
      ++runs;
      vfs.Cut();
      vfs.WriteDurable(after.path());
      EXPECT_THAT(Broken(after.File("crmsink.db"), run.promised()), IsEmpty()) << "sync " << n << " and " << n + later;
    }
  }
  EXPECT_GT(runs, 30U);
}

TEST(FailingDiskTest, LosesNothingWhereThePowerGoesAfterAFailedSync) {
  ExpectSurvivesThePowerAfterAFailedSync(kAlone);
  ExpectSurvivesThePowerAfterAFailedSync(kBesideOthers);
}

TEST(FailingDiskTest, LosesNothingWhereThePowerGoesAfterAFailedSyncOfACheckpoint) {
  ExpectSurvivesThePowerAfterAFailedSync(kBesideCheckpoints);
}

// A few single deliveries on a file behind a VFS.
class SingleDeliveriesTest : public testing::Test {
 protected:
  void Open() {
    Sink::Options options = OptionsFor(folder_.File("crmsink.db"), vfs_.name());
    options.on_failure = [this](const Error& error) { failures_.push_back(error.message); };
    auto sink = Sink::Open(options);
    ASSERT_TRUE(sink) << sink.error().message;
    sink_ = *std::move(sink);
  }

  AckStatus Accept(const std::string& id) {
    const Arrival arrival = ContactCreate(id);
    const AckStatus status = sink_->Accept(arrival).status;
    if (status == AckStatus::kStored || status == AckStatus::kDuplicate) {
      promised_.events[id] = {"/webhooks", arrival.body, id, "contacts_all", id};
    }
    return status;
  }

  // The power goes now.
  void ExpectNothingLost() {
    vfs_.Cut();
    vfs_.WriteDurable(after_.path());
    sink_->Close();
    EXPECT_THAT(Broken(after_.File("crmsink.db"), promised_), IsEmpty());
  }

  TempFolder folder_, after_;
  LossyVfs vfs_{"faulty"};
  std::vector<std::string> failures_;
  Promised promised_;
  std::unique_ptr<Sink> sink_;
};

class LastingFaultTest : public SingleDeliveriesTest, public testing::WithParamInterface<Call> {};

TEST_P(LastingFaultTest, IsAnsweredBusyUntilItIsGone) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Accept("before"), AckStatus::kStored);
  EXPECT_TRUE(sink_->Ready());

  vfs_.FailAt(GetParam(), 1, LossyVfs::kForEver);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Accept("during"), AckStatus::kBusy) << "try " << i;
  EXPECT_FALSE(sink_->Ready());
  EXPECT_EQ(failures_.size(), 1U) << "the operator is told once";
  EXPECT_EQ(sink_->counters().commit_failures, 5U);

  vfs_.Heal();
  EXPECT_THAT(Accept("during"), testing::AnyOf(AckStatus::kStored, AckStatus::kDuplicate));
  EXPECT_TRUE(sink_->Ready());
  EXPECT_EQ(Accept("afterwards"), AckStatus::kStored);
  ExpectNothingLost();
}

INSTANTIATE_TEST_SUITE_P(Calls, LastingFaultTest, testing::Values(Call::kWrite, Call::kSync));

using ReadOnlyTest = SingleDeliveriesTest;

TEST_F(ReadOnlyTest, AFileSystemThatOnlyReadsIsAnsweredBusyUntilItWritesAgain) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Accept("before"), AckStatus::kStored);
  vfs_.SetReadOnly();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Accept("during"), AckStatus::kBusy) << "try " << i;
  EXPECT_FALSE(sink_->Ready());
  EXPECT_EQ(failures_.size(), 1U) << "the operator is told once";
  SQLite::Database reader(folder_.File("crmsink.db"));
  EXPECT_EQ(reader.execAndGet("SELECT count(*) FROM contacts").getInt(), 1) << "reads go on";
  vfs_.Heal();
  EXPECT_THAT(Accept("during"), testing::AnyOf(AckStatus::kStored, AckStatus::kDuplicate));
  EXPECT_TRUE(sink_->Ready());
  ExpectNothingLost();
}

// What a process has written and not synced is seen by the next one, but it is not safe.
using DeadProcessTest = SingleDeliveriesTest;

TEST_F(DeadProcessTest, ARedeliveryIsNotAnsweredBeforeWhatItRepeatsIsSafe) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Accept("before"), AckStatus::kStored);
  vfs_.DieAtSync(vfs_.syncs() + 1);
  EXPECT_EQ(Accept("during"), AckStatus::kBusy);  // nobody hears it
  sink_->Close();
  vfs_.Resume();
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_THAT(Accept("during"), testing::AnyOf(AckStatus::kStored, AckStatus::kDuplicate));
  ExpectNothingLost();
}

// The service is started again, in the hope that it helps.
TEST_F(DeadProcessTest, ARestartAfterSyncsThatFailedLosesNothing) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Accept("before"), AckStatus::kStored);
  vfs_.FailAt(Call::kSync, 1, LossyVfs::kForEver);
  EXPECT_EQ(Accept("during"), AckStatus::kBusy);
  sink_->Close();
  vfs_.Heal();
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_THAT(Accept("during"), testing::AnyOf(AckStatus::kStored, AckStatus::kDuplicate));
  EXPECT_EQ(Accept("afterwards"), AckStatus::kStored);
  ExpectNothingLost();
}

TEST_F(DeadProcessTest, ClosingAfterAFailedCommitTriesNoSyncAgain) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Accept("before"), AckStatus::kStored);
  vfs_.FailAt(Call::kSync, vfs_.syncs() + 1);
  EXPECT_EQ(Accept("during"), AckStatus::kBusy);
  sink_->Close();
  EXPECT_EQ(vfs_.failures(), 1U);
  EXPECT_EQ(vfs_.syncs_after_failure(), 0U);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_THAT(Accept("during"), testing::AnyOf(AckStatus::kStored, AckStatus::kDuplicate));
  ExpectNothingLost();
}

TEST(FailingDiskTest, AFullDiskIsAnsweredBusyUntilThereIsRoom) {
  TempFolder folder, after;
  LossyVfs vfs("full");
  Sink::Options options = OptionsFor(folder.File("crmsink.db"), vfs.name());
  std::string failure;
  options.on_failure = [&failure](const Error& error) { failure = error.message; };
  auto sink = Sink::Open(options);
  ASSERT_TRUE(sink) << sink.error().message;
  vfs.SetRoom(vfs.bytes() + 300'000);
  Promised promised;
  std::size_t stored = 0;
  for (; stored < 100; ++stored) {
    const std::string id = "contact-" + std::to_string(stored);
    const Arrival arrival = ContactCreate(id, 20'000);
    if ((*sink)->Accept(arrival).status != AckStatus::kStored) break;
    promised.events[id] = {"/webhooks", arrival.body, id, "contacts_all", id};
  }
  EXPECT_GT(stored, 2U);
  EXPECT_LT(stored, 100U);
  EXPECT_THAT(failure, testing::HasSubstr("disk is full"));
  EXPECT_EQ((*sink)->Accept(ContactCreate("large", 400'000)).status, AckStatus::kBusy);

  vfs.Heal();
  const Arrival last = ContactCreate("large", 400'000);
  EXPECT_EQ((*sink)->Accept(last).status, AckStatus::kStored);
  promised.events["large"] = {"/webhooks", last.body, "large", "contacts_all", "large"};
  vfs.Cut();
  vfs.WriteDurable(after.path());
  (*sink)->Close();
  EXPECT_THAT(Broken(after.File("crmsink.db"), promised), IsEmpty());
}

TEST(FailingDiskTest, ALockedDatabaseIsAnsweredBusyAfterTwoSeconds) {
  TempFolder folder;
  const std::string file = folder.File("crmsink.db");
  Sink::Options options = OptionsFor(file);
  std::string failure;
  options.on_failure = [&failure](const Error& error) { failure = error.message; };
  auto sink = Sink::Open(options);
  ASSERT_TRUE(sink) << sink.error().message;
  SQLite::Database other(file, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  for (int i = 0; i < 2; ++i) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ((*sink)->Accept(ContactCreate("waiting")).status, AckStatus::kBusy);
    const auto waited = std::chrono::steady_clock::now() - start;
    EXPECT_GT(waited, std::chrono::milliseconds(1900));
    EXPECT_LT(waited, std::chrono::milliseconds(4500));
  }
  EXPECT_THAT(failure, testing::HasSubstr("another program is writing to the database"));
  EXPECT_FALSE((*sink)->Ready());
  other.exec("ROLLBACK");
  EXPECT_EQ((*sink)->Accept(ContactCreate("waiting")).status, AckStatus::kStored);
  EXPECT_TRUE((*sink)->Ready());
}

TEST(FailingDiskTest, ALockThatEndsInTimeIsOnlyWaitedFor) {
  TempFolder folder;
  const std::string file = folder.File("crmsink.db");
  auto sink = Sink::Open(OptionsFor(file));
  ASSERT_TRUE(sink) << sink.error().message;
  SQLite::Database other(file, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  std::promise<Ack> outcome;
  (*sink)->Submit(ContactCreate("waiting"), [&outcome](Ack ack) { outcome.set_value(std::move(ack)); });
  auto future = outcome.get_future();
  EXPECT_EQ(future.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  other.exec("ROLLBACK");
  EXPECT_EQ(future.get().status, AckStatus::kStored);
  EXPECT_EQ((*sink)->counters().commit_failures, 0U);
}

}  // namespace
}  // namespace crmsink::fault
