// Whatever comes in whatever order, however often, over however many threads: the tables are those of the naive store.
//
// CRMSINK_SEEDS says how many streams are tried (20). A failure prints the configuration that repeats it; give that
// back in RC_PARAMS.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "sqlite_store.h"
#include "store_under_test.h"
#include "stream_features.h"
#include "stream_gen.h"

namespace crmsink::contract {
namespace {

// Tells rapidcheck how many streams to try. It reads its parameters once, at its first use.
const bool kSeedsAreSet = [] {
  const char* given = std::getenv("RC_PARAMS");
  const char* seeds = std::getenv("CRMSINK_SEEDS");
  const std::string params = given == nullptr ? "" : given;
  if (params.find("max_success") == std::string::npos) {
    ::setenv("RC_PARAMS", (params + " max_success=" + (seeds == nullptr ? "20" : seeds)).c_str(), 1);
  }
  return true;
}();

// The posts in any order, some of them several times.
std::vector<Post> ShuffleAndRepeat(const Stream& stream, std::mt19937_64& dice) {
  std::vector<Post> posts;
  for (const Sent& sent : stream) {
    posts.push_back(sent.post);
    while (dice() % 4 == 0) posts.push_back(sent.post);
  }
  std::shuffle(posts.begin(), posts.end(), dice);
  return posts;
}

std::vector<Post> InOrder(const Stream& stream) {
  std::vector<Post> posts;
  for (const Sent& sent : stream) posts.push_back(sent.post);
  return posts;
}

std::vector<Ack> AcceptFromThreads(StoreUnderTest& store, const std::vector<Post>& posts, std::size_t threads) {
  std::vector<std::vector<Post>> shares(threads);
  for (std::size_t i = 0; i < posts.size(); ++i) shares[i % threads].push_back(posts[i]);
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

// What a person wants to see of two dumps that should be equal: the lines that only one of them has.
std::string Difference(const std::string& expected, const std::string& actual) {
  const auto lines = [](const std::string& text) {
    std::vector<std::string> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto left = lines(expected);
  const auto right = lines(actual);
  std::vector<std::string> only;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(only));
  std::string report;
  for (const std::string& line : only) report += "naive  " + line + "\n";
  only.clear();
  std::set_difference(right.begin(), right.end(), left.begin(), left.end(), std::back_inserter(only));
  for (const std::string& line : only) report += "sqlite " + line + "\n";
  return report.empty() && expected != actual ? "the same lines in another order" : report;
}

// Whether a row of a call has what must stay in the log.
bool ShowsSecret(const std::string& dump) {
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(R"("table":"voice_ai_call)") != std::string::npos && line.find("s3cr3t") != std::string::npos) {
      return true;
    }
  }
  return false;
}

class PropertyTest : public testing::Test {
 protected:
  Stream PickStream() {
    const Stream stream = *Streams();
    for (const auto& [feature, count] : CountFeatures(stream)) met_[feature] += count;
    return stream;
  }
  static std::mt19937_64 PickDice() {
    return std::mt19937_64(*rc::gen::noShrink(rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << 63)));
  }
  static std::size_t PickThreads() { return *rc::gen::noShrink(rc::gen::inRange<std::size_t>(1, 17)); }

  // A run over all seeds has met everything that the generator is for.
  void ExpectFeaturesWereMet() const {
    if (HasFailure() || std::string(std::getenv("RC_PARAMS")).find("reproduce") != std::string::npos) return;
    for (const auto& [feature, count] : met_) {
      if (!feature.starts_with("column ")) std::cout << "  " << count << " x " << feature << "\n";
    }
    std::cout << "  " << ShareOfColumns(met_) * 100 << " % of all columns\n";
    for (const std::string& feature : RequiredFeatures()) EXPECT_TRUE(met_.contains(feature)) << feature;
    EXPECT_GT(ShareOfColumns(met_), 0.9);
  }

  Features met_;
};

TEST_F(PropertyTest, TheNaiveStoreDependsOnNoOrder) {
  ASSERT_TRUE(kSeedsAreSet);
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

TEST_F(PropertyTest, TheTablesAreThoseOfTheNaiveStore) {
  const bool holds = rc::check([this] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    const std::size_t threads = PickThreads();
    const auto naive = MakeNaiveStore();
    const std::vector<Ack> expected = naive->Accept(InOrder(stream));
    const std::vector<Post> posts = ShuffleAndRepeat(stream, dice);
    SqliteStore store;
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

TEST_F(PropertyTest, TheTablesOfLargeGroupsAreThoseOfTheNaiveStore) {
  const bool holds = rc::check([this] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    const auto naive = MakeNaiveStore();
    naive->Accept(InOrder(stream));
    SqliteStore store;
    store.SubmitAtOnce(ShuffleAndRepeat(stream, dice));
    RC_ASSERT(Difference(naive->Dump(), store.Dump()) == "");
    RC_ASSERT(Difference(naive->DumpLog(), store.DumpLog()) == "");
  });
  EXPECT_TRUE(holds);
}

TEST_F(PropertyTest, VerifyAndReplayAgreeWithTheTables) {
  const bool holds = rc::check([this] {
    const Stream stream = PickStream();
    std::mt19937_64 dice = PickDice();
    SqliteStore store;
    store.SubmitAtOnce(ShuffleAndRepeat(stream, dice));
    const std::string tables = store.Dump();
    const std::string log = store.DumpLog();
    RC_ASSERT(store.Differences() == "");
    RC_ASSERT(Difference(tables, store.DumpOfReplayInto()) == "");
    store.Replay();
    RC_ASSERT(Difference(tables, store.Dump()) == "");
    RC_ASSERT(Difference(log, store.DumpLog()) == "");
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace crmsink::contract
