// Whatever comes in whatever order, however often, over however many threads: the tables are those of the naive store.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "property_fixture.h"
#include "sink_store.h"

namespace crmsink::contract {
namespace {

class StorePropertyTest : public PropertyTest, public testing::WithParamInterface<Backend> {};
class PostgresTransferTest : public PropertyTest {};

std::vector<Ack> AcceptFromThreads(StoreUnderTest& store, const std::vector<Post>& posts, std::size_t threads) {
  const std::vector<std::vector<Post>> shares = PropertyTest::Deal(posts, threads);
  std::vector<std::vector<Ack>> acks(threads);
  {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < threads; ++i) {
      running.emplace_back([&, i] { acks[i] = store.Accept(shares[i]); });
    }
  }
  std::vector<Ack> all;
  for (const auto& some : acks) all.insert(all.end(), some.begin(), some.end());
  return all;
}

std::size_t Count(const std::vector<Ack>& acks, AckStatus status) {
  return static_cast<std::size_t>(
      std::count_if(acks.begin(), acks.end(), [&](const Ack& a) { return a.status == status; }));
}

TEST_F(PropertyTest, TheNaiveStoreDependsOnNoOrder) {
  const bool holds = rc::check([this] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    const auto one = MakeNaiveStore();
    const auto other = MakeNaiveStore();
    one->Accept(InOrder(stream));
    other->Accept(ShuffleAndRepeat(stream, dice));
    RC_ASSERT(Difference(one->Dump(), other->Dump()) == "");
    RC_ASSERT(Difference(one->DumpLog(), other->DumpLog()) == "");
    RC_ASSERT(one->QuarantineCount() == other->QuarantineCount());
  });
  EXPECT_TRUE(holds);
  ExpectFeaturesWereMet();
}

TEST_P(StorePropertyTest, TheTablesAreThoseOfTheNaiveStore) {
  SinkStore store(GetParam());
  const bool holds = rc::check([&] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    const std::size_t threads = PickThreads();
    const auto naive = MakeNaiveStore();
    const std::vector<Ack> expected = naive->Accept(InOrder(stream));
    const std::vector<Post> posts = ShuffleAndRepeat(stream, dice);
    store.Restart();
    const std::vector<Ack> acks = AcceptFromThreads(store, posts, threads);
    const std::string tables = store.Dump();
    RC_ASSERT(Difference(naive->Dump(), tables) == "");
    RC_ASSERT(!ShowsSecret(tables));
    RC_ASSERT(Difference(naive->DumpLog(), store.DumpLog()) == "");
    RC_ASSERT(store.QuarantineCount() == naive->QuarantineCount());
    RC_ASSERT(Count(acks, AckStatus::kStored) == Count(expected, AckStatus::kStored));
    RC_ASSERT(Count(acks, AckStatus::kStored) + Count(acks, AckStatus::kDuplicate) +
                  Count(acks, AckStatus::kQuarantined) ==
              posts.size());
  });
  EXPECT_TRUE(holds);
  ExpectFeaturesWereMet();
}

TEST_P(StorePropertyTest, TheTablesOfLargeGroupsAreThoseOfTheNaiveStore) {
  SinkStore store(GetParam());
  const bool holds = rc::check([&] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    const auto naive = MakeNaiveStore();
    naive->Accept(InOrder(stream));
    store.Restart();
    store.SubmitAtOnce(ShuffleAndRepeat(stream, dice));
    RC_ASSERT(Difference(naive->Dump(), store.Dump()) == "");
    RC_ASSERT(Difference(naive->DumpLog(), store.DumpLog()) == "");
  });
  EXPECT_TRUE(holds);
}

TEST_P(StorePropertyTest, VerifyAndReplayAgreeWithTheTables) {
  SinkStore store(GetParam());
  const bool holds = rc::check([&] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    store.Restart();
    store.SubmitAtOnce(ShuffleAndRepeat(stream, dice));
    const std::string tables = store.Dump();
    const std::string log = store.DumpLog();
    RC_ASSERT(store.Differences() == "");
    RC_ASSERT(Difference(tables, store.DumpOfReplayInto(GetParam())) == "");
    store.Replay();
    RC_ASSERT(Difference(tables, store.Dump()) == "");
    RC_ASSERT(Difference(log, store.DumpLog()) == "");
  });
  EXPECT_TRUE(holds);
}

CRMSINK_ON_EACH_BACKEND(StorePropertyTest);

TEST_F(PostgresTransferTest, ADatabaseMovesFromEachBackendToTheOther) {
  SinkStore lite(Backend::kSqlite), postgres(Backend::kPostgres);
  const bool holds = rc::check([&] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    lite.Restart();
    postgres.Restart();
    lite.SubmitAtOnce(ShuffleAndRepeat(stream, dice));
    postgres.SubmitAtOnce(ShuffleAndRepeat(stream, dice));
    const std::string tables = lite.Dump();
    RC_ASSERT(tables == postgres.Dump());
    RC_ASSERT(lite.DumpLog() == postgres.DumpLog());
    RC_ASSERT(Difference(tables, lite.DumpOfReplayInto(Backend::kPostgres)) == "");
    RC_ASSERT(Difference(tables, postgres.DumpOfReplayInto(Backend::kSqlite)) == "");
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace crmsink::contract
