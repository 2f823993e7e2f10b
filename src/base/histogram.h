#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace crmsink {

// How many values fell up to each of a few bounds, and their sum. A value is a whole number of the owner's unit:
// microseconds, deliveries.
//
// Thread-safety: all methods from any thread. None takes a lock; a snapshot may miss a value that is being observed.
class Histogram {
 public:
  static constexpr std::size_t kMostBounds = 16;

  struct Snapshot {
    std::span<const std::uint64_t> bounds = {};
    std::vector<std::uint64_t> counts = {};  // one per bound, and one for what is above them; not cumulative
    std::uint64_t sum = 0;
  };

  // The bounds ascend and live as long as every snapshot.
  explicit Histogram(std::span<const std::uint64_t> bounds) : bounds_(bounds) { assert(bounds.size() <= kMostBounds); }

  void Observe(std::uint64_t value) {
    const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    sum_.fetch_add(value, std::memory_order_relaxed);
  }

  [[nodiscard]] Snapshot snapshot() const {
    Snapshot now{.bounds = bounds_, .counts = {}, .sum = sum_.load(std::memory_order_relaxed)};
    for (std::size_t i = 0; i <= bounds_.size(); ++i) {
      now.counts.push_back(counts_[i].load(std::memory_order_relaxed));
    }
    return now;
  }

 private:
  const std::span<const std::uint64_t> bounds_;
  std::array<std::atomic<std::uint64_t>, kMostBounds + 1> counts_{};
  std::atomic<std::uint64_t> sum_{0};
};

// 1 ms to 10 s.
inline constexpr std::array<std::uint64_t, 13> kLatencyMicros = {1'000,     2'500,     5'000,     10'000,  25'000,
                                                                 50'000,    100'000,   250'000,   500'000, 1'000'000,
                                                                 2'500'000, 5'000'000, 10'000'000};

}  // namespace crmsink
