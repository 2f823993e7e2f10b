// The spool on a disk that fails, and without power: what it took is there afterwards, unless it was drained.
#include <gmock/gmock.h>

#include <set>

#include "lossy_vfs.h"
#include "storage/spool/spool.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using Call = LossyVfs::Call;
using Survival = LossyVfs::Survival;

class SpoolFaultTest : public testing::Test {
 protected:
  void Put(Spool& spool, const std::string& name) {
    const Delivery delivery{.source = "webhook",
                            .path = name,
                            .body = std::string(3'000, 'x'),
                            .received_at = 1,
                            .signature_scheme = {},
                            .signature_key = {},
                            .signature = {}};
    const Delivery* const one[] = {&delivery};
    tried_.insert(name);
    if (spool.Put(one)) promised_.insert(name);
  }

  // Puts twelve deliveries into the spool, one by one, and drains six of them in between.
  void Run(LossyVfs& vfs, const std::string& file) {
    promised_.clear();
    tried_.clear();
    auto spool = Spool::Open(file, std::uint64_t{1} << 30, vfs.name());
    for (int i = 0; spool && i < 12; ++i) {
      Put(**spool, std::to_string(i));
      if (i % 4 == 3) Drain(**spool);
    }
    vfs.Cut();
  }

  void Drain(Spool& spool) {
    const auto entries = spool.Oldest(0, 2, 1'000'000);
    if (!entries) return;
    for (const Spool::Entry& entry : *entries) promised_.erase(entry.delivery.path);
    if (!spool.Delete(*entries)) return;
    for (const Spool::Entry& entry : *entries) tried_.erase(entry.delivery.path);
  }

  // What the power cut has left, with a disk and a system that work.
  void ExpectNothingLost(const LossyVfs& vfs, const std::string& what) {
    SCOPED_TRACE(what);
    TempFolder after;
    vfs.WriteDurable(after.path());
    const auto spool = Spool::Open(after.File("spool.db"), std::uint64_t{1} << 30);
    ASSERT_TRUE(spool) << spool.error().message;
    const auto entries = (*spool)->Oldest(0, 100, 1'000'000);
    ASSERT_TRUE(entries) << entries.error().message;
    EXPECT_EQ((*spool)->size().deliveries, entries->size());
    std::set<std::string> there;
    for (const Spool::Entry& entry : *entries) {
      EXPECT_TRUE(there.insert(entry.delivery.path).second) << entry.delivery.path << " is there twice";
      EXPECT_EQ(entry.delivery.body.size(), 3'000u);
    }
    for (const std::string& name : promised_) EXPECT_TRUE(there.contains(name)) << name << " is lost";
    for (const std::string& name : there) EXPECT_TRUE(tried_.contains(name)) << name << " came back";
  }

  std::set<std::string> promised_;  // was taken, and not given out
  std::set<std::string> tried_;     // may be there
};

class AnyCallTest : public SpoolFaultTest, public testing::WithParamInterface<Call> {};

TEST_P(AnyCallTest, MayFailOnceOrThreeTimesInARow) {
  for (const std::size_t times : {1, 3}) {
    std::size_t runs = 0, with_promises = 0;
    for (std::size_t n = 1;; ++n, ++runs) {
      TempFolder folder;
      LossyVfs vfs("spool");
      vfs.FailAt(GetParam(), n, times);
      Run(vfs, folder.File("spool.db"));
      if (vfs.failures() == 0) break;
      with_promises += promised_.size() > 3;
      ExpectNothingLost(vfs, "call " + std::to_string(n));
      ASSERT_LT(n, 1'000u);
    }
    EXPECT_GT(runs, 15u);
    EXPECT_GT(with_promises, 8u);
  }
}

INSTANTIATE_TEST_SUITE_P(Calls, AnyCallTest, testing::Values(Call::kWrite, Call::kSync));

TEST_F(SpoolFaultTest, LosesNothingWhereThePowerGoesAtAnySync) {
  for (const Survival survival : {Survival::kNothing, Survival::kTorn}) {
    for (std::size_t n = 1;; ++n) {
      TempFolder folder;
      LossyVfs vfs("spool");
      vfs.CutAtSync(n, survival, n);
      Run(vfs, folder.File("spool.db"));
      ExpectNothingLost(vfs, "sync " + std::to_string(n));
      if (vfs.syncs() < n) break;
    }
  }
}

// What the first process wrote and could not sync is in the memory of the system, so the second one finds it; but what
// it writes behind that would be lost with it.
TEST_F(SpoolFaultTest, LosesNothingOfAProcessAfterOneWhoseSyncsFailed) {
  TempFolder folder;
  LossyVfs vfs("spool");
  auto spool = Spool::Open(folder.File("spool.db"), std::uint64_t{1} << 30, vfs.name());
  ASSERT_TRUE(spool);
  Put(**spool, "before");
  vfs.FailAt(Call::kSync, 1, LossyVfs::kForEver);
  Put(**spool, "during");
  EXPECT_EQ(promised_.size(), 1u);
  spool->reset();
  vfs.Heal();
  spool = Spool::Open(folder.File("spool.db"), std::uint64_t{1} << 30, vfs.name());
  ASSERT_TRUE(spool);
  Put(**spool, "after");
  EXPECT_EQ(promised_.size(), 2u);
  vfs.Cut();
  ExpectNothingLost(vfs, "");
}

TEST_F(SpoolFaultTest, LosesNothingWhereTheDiskIsFull) {
  for (std::uint64_t room = 10'000; room < 120'000; room += 5'000) {
    TempFolder folder;
    LossyVfs vfs("spool");
    vfs.SetRoom(room);
    Run(vfs, folder.File("spool.db"));
    ExpectNothingLost(vfs, std::to_string(room) + " bytes");
  }
}

}  // namespace
}  // namespace crmsink::fault
