#include "storage/spool/spool.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <set>
#include <thread>

#include "support/temp_folder.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t kLarge = std::uint64_t{1} << 30;

class SpoolTest : public testing::Test {
 protected:
  std::unique_ptr<Spool> Open(std::uint64_t max_bytes = kLarge) {
    auto spool = Spool::Open(file_, max_bytes);
    EXPECT_TRUE(spool) << spool.error().message;
    return *std::move(spool);
  }

  static Delivery DeliveryOf(const std::string& name, std::size_t padding = 0, Millis received_at = 1'000) {
    return {.source = "webhook",
            .path = "/webhooks/" + name,
            .body = std::string(padding, 'x'),
            .received_at = received_at,
            .signature_scheme = {},
            .signature_key = {},
            .signature = {}};
  }

  static Result<void> Put(Spool& spool, const std::vector<Delivery>& deliveries) {
    std::vector<const Delivery*> group;
    for (const Delivery& delivery : deliveries) group.push_back(&delivery);
    return spool.Put(group);
  }
  static Result<void> Put(Spool& spool, const std::string& name, std::size_t padding = 0) {
    return Put(spool, {DeliveryOf(name, padding)});
  }

  static std::vector<Spool::Entry> Oldest(Spool& spool, std::int64_t after = 0, std::size_t limit = 1'000,
                                          std::size_t bytes = std::size_t{1} << 30) {
    auto entries = spool.Oldest(after, limit, bytes);
    EXPECT_TRUE(entries) << entries.error().message;
    return entries ? *std::move(entries) : std::vector<Spool::Entry>();
  }
  static std::vector<std::string> Names(const std::vector<Spool::Entry>& entries) {
    std::vector<std::string> names;
    for (const Spool::Entry& entry : entries) names.push_back(entry.delivery.path.substr(10));
    return names;
  }

  TempFolder folder_;
  std::string file_ = folder_.File("spool.db");
};

TEST_F(SpoolTest, KeepsADeliveryWhole) {
  const Delivery delivery{.source = "workflow",
                          .path = "/webhooks/\xff?",
                          .body = std::string("\0\xff{\"a\":1}\r\n", 12),
                          .received_at = 1'772'409'600'123,
                          .signature_scheme = "ed25519",
                          .signature_key = "0a",
                          .signature = "AA==,BB=="};
  ASSERT_TRUE(Put(*Open(), {delivery, DeliveryOf("empty")}));
  const auto spool = Open();  // as the next process would
  const auto entries = Oldest(*spool);
  ASSERT_EQ(entries.size(), 2u);
  const Delivery& kept = entries[0].delivery;
  EXPECT_EQ(kept.source, delivery.source);
  EXPECT_EQ(kept.path, delivery.path);
  EXPECT_EQ(kept.body, delivery.body);
  EXPECT_EQ(kept.received_at, delivery.received_at);
  EXPECT_EQ(kept.signature_scheme, delivery.signature_scheme);
  EXPECT_EQ(kept.signature_key, delivery.signature_key);
  EXPECT_EQ(kept.signature, delivery.signature);
  EXPECT_EQ(entries[1].delivery.body, "");
}

TEST_F(SpoolTest, GivesTheOldestFirstWithinTheLimits) {
  const auto spool = Open();
  for (const char* name : {"a", "b", "c", "d"}) ASSERT_TRUE(Put(*spool, name, 1'000));
  EXPECT_THAT(Names(Oldest(*spool)), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Names(Oldest(*spool, 0, 3)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Names(Oldest(*spool, 0, 3, 2'500)), ElementsAre("a", "b"));
  EXPECT_THAT(Names(Oldest(*spool, 0, 3, 10)), ElementsAre("a"));
  const auto first = Oldest(*spool, 0, 1);
  EXPECT_THAT(Names(Oldest(*spool, first[0].id)), ElementsAre("b", "c", "d"));
  ASSERT_TRUE(spool->Delete(Oldest(*spool, 0, 2)));
  EXPECT_THAT(Names(Oldest(*spool)), ElementsAre("c", "d"));
}

TEST_F(SpoolTest, KnowsItsSizeAndSoDoOthers) {
  EXPECT_EQ(Spool::Look(file_)->deliveries, 0u);
  EXPECT_FALSE(fs::exists(file_));
  auto spool = Open();
  EXPECT_EQ(spool->size().deliveries, 0u);
  EXPECT_FALSE(spool->size().oldest_received_at);
  ASSERT_TRUE(Put(*spool, {DeliveryOf("a", 100, 5'000), DeliveryOf("b", 200, 4'000), DeliveryOf("c", 300, 6'000)}));
  for (int i = 0; i < 2; ++i) {
    const auto looked = Spool::Look(file_);
    ASSERT_TRUE(looked) << looked.error().message;
    for (const Spool::Size& size : {spool->size(), *looked}) {
      EXPECT_EQ(size.deliveries, 3u);
      EXPECT_EQ(size.bytes, 600u + 3 * (64 + 7 + 11));
      EXPECT_EQ(size.oldest_received_at, 4'000);
    }
    spool.reset();
    spool = Open();
  }
  ASSERT_TRUE(spool->Delete(Oldest(*spool, 0, 2)));
  EXPECT_EQ(spool->size().deliveries, 1u);
  EXPECT_EQ(spool->size().oldest_received_at, 6'000);
  ASSERT_TRUE(spool->Delete(Oldest(*spool)));
  EXPECT_EQ(spool->size().bytes, 0u);
  EXPECT_FALSE(spool->size().oldest_received_at);
}

TEST_F(SpoolTest, WhereThereIsNoRoomNothingOfTheCallIsKept) {
  const auto spool = Open(1'000);
  ASSERT_TRUE(Put(*spool, "a", 600));
  const auto refused = Put(*spool, {DeliveryOf("b"), DeliveryOf("c", 300)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(refused.error().message, HasSubstr("is full"));
  EXPECT_THAT(Names(Oldest(*spool)), ElementsAre("a"));
  EXPECT_FALSE(spool->has_room());
  EXPECT_TRUE(Put(*spool, "d", 100));
  EXPECT_TRUE(spool->has_room());
  ASSERT_TRUE(spool->Delete(Oldest(*spool)));
  EXPECT_TRUE(Put(*spool, "e", 800));
}

TEST_F(SpoolTest, LeavesAloneWhatIsNoSpool) {
  std::ofstream(file_) << std::string(5'000, 'x');
  const auto refused = Spool::Open(file_, kLarge);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kCorrupt);
  EXPECT_FALSE(Spool::Look(file_));
  EXPECT_EQ(fs::file_size(file_), 5'000u);
  for (const char* sql : {"CREATE TABLE contacts (id)", "PRAGMA user_version = 7702"}) {
    fs::remove(file_);
    SQLite::Database(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
    const auto opened = Spool::Open(file_, kLarge);
    ASSERT_FALSE(opened) << sql;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(opened.error().message, HasSubstr("no spool"));
    EXPECT_FALSE(Spool::Look(file_));
  }
}

TEST_F(SpoolTest, ALargeFileIsGivenBackWhenItIsEmpty) {
  const auto spool = Open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Put(*spool, "n" + std::to_string(i), 1'000'000));
  ASSERT_TRUE(spool->Delete(Oldest(*spool, 0, 10)));
  EXPECT_GT(fs::file_size(file_), 16'000'000u);
  ASSERT_TRUE(spool->Delete(Oldest(*spool)));
  EXPECT_LT(fs::file_size(file_), 100'000u);
  ASSERT_TRUE(Put(*spool, "after"));
  EXPECT_THAT(Names(Oldest(*spool)), ElementsAre("after"));
  EXPECT_EQ(Spool::Look(file_)->deliveries, 1u);
}

// Files that cannot grow any more, as on a full disk.
class FullDiskTest : public SpoolTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before_), 0);
    ::signal(SIGXFSZ, SIG_IGN);
  }
  void TearDown() override { Grow(); }
  void Grow() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  void Limit(rlim_t bytes) {
    const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }

  rlimit before_{};
};

TEST_F(FullDiskTest, TakesNoMoreAndIsDrainedAllTheSame) {
  const auto spool = Open();
  Limit(300'000);
  std::vector<std::string> kept;
  for (int i = 0; i < 1'000; ++i) {
    const std::string name = std::to_string(i);
    const auto done = Put(*spool, name, 3'000);
    if (done) {
      kept.push_back(name);
    } else {
      EXPECT_EQ(done.error().code, ErrorCode::kUnavailable) << done.error().message;
    }
  }
  EXPECT_GT(kept.size(), 10u);
  EXPECT_LT(kept.size(), 200u);
  EXPECT_FALSE(spool->has_room());
  EXPECT_EQ(spool->size().deliveries, kept.size());
  Limit(60'000);  // now not even what is to be deleted can be written down, but a new file could be made
  std::vector<std::string> drained;
  for (auto entries = Oldest(*spool, 0, 7); !entries.empty(); entries = Oldest(*spool, 0, 7)) {
    for (std::string& name : Names(entries)) drained.push_back(std::move(name));
    (void)spool->Delete(entries);
    EXPECT_EQ(spool->size().deliveries, kept.size() - drained.size());
  }
  EXPECT_EQ(drained, kept);
  Grow();
  EXPECT_TRUE(Put(*spool, "after"));
  EXPECT_TRUE(spool->has_room());
  EXPECT_THAT(Names(Oldest(*spool)), ElementsAre("after"));
  EXPECT_EQ(spool->size().deliveries, 1u);
}

TEST_F(FullDiskTest, WhatWasToBeDeletedIsDeletedWhenThereIsRoom) {
  auto spool = Open();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(Put(*spool, std::to_string(i), 3'000));
  Limit(1);
  EXPECT_FALSE(spool->Delete(Oldest(*spool, 0, 20)));
  EXPECT_EQ(Oldest(*spool).size(), 30u);
  Grow();
  EXPECT_TRUE(spool->Delete(Oldest(*spool, 0, 1)));
  EXPECT_EQ(spool->size().deliveries, 29u);
  spool.reset();
  EXPECT_EQ(Names(Oldest(*Open())).front(), "21");
}

TEST_F(SpoolTest, ManyThreadsPutWhileOneDrains) {
  const auto spool = Open();
  std::vector<std::future<void>> threads;
  for (int t = 0; t < 4; ++t) {
    threads.push_back(std::async(std::launch::async, [&, t] {
      for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(Put(*spool, std::to_string(t * 1'000 + i), 10));
        (void)spool->size();
        (void)spool->has_room();
      }
    }));
  }
  std::set<std::string> drained;
  while (drained.size() < 200) {
    const auto entries = Oldest(*spool, 0, 10);
    for (const std::string& name : Names(entries)) EXPECT_TRUE(drained.insert(name).second) << name;
    EXPECT_TRUE(spool->Delete(entries));
  }
  for (auto& thread : threads) thread.get();
  EXPECT_EQ(spool->size().deliveries, 0u);
  EXPECT_THAT(Oldest(*spool), IsEmpty());
}

}  // namespace
}  // namespace crmsink
