#include "base/histogram.h"

#include <gtest/gtest.h>

#include <numeric>
#include <thread>
#include <vector>

namespace crmsink {
namespace {

using Counts = std::vector<std::uint64_t>;

constexpr std::array<std::uint64_t, 3> kBounds = {1, 10, 100};

TEST(HistogramTest, AValueBelongsToTheFirstBoundThatIsNotBelowIt) {
  Histogram histogram(kBounds);
  for (const std::uint64_t value : {0, 1, 2, 10, 11, 100, 101, 5000}) histogram.Observe(value);
  EXPECT_EQ(histogram.snapshot().counts, (Counts{2, 2, 2, 2}));
  EXPECT_EQ(histogram.snapshot().sum, 5225U);
}

TEST(HistogramTest, LosesNothingOfManyThreads) {
  Histogram histogram(kLatencyMicros);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t i = 0; i < 4; ++i) {
      threads.emplace_back([&histogram, i] {
        for (int n = 0; n < 10'000; ++n) histogram.Observe(i * 1'000'000);
      });
    }
  }
  const auto now = histogram.snapshot();
  EXPECT_EQ(std::accumulate(now.counts.begin(), now.counts.end(), std::uint64_t{0}), 40'000U);
  EXPECT_EQ(now.sum, 60'000'000'000U);
}

}  // namespace
}  // namespace crmsink
