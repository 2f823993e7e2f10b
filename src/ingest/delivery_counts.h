#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/delivery.h"
#include "event/event.h"

namespace crmsink {

// How many deliveries had which outcome, by the type of their event. There are as many types as the catalogue has: its
// events, and its entities for what only its shape told; whatever else came, or was not read, is "other".
//
// Thread-safety: all methods from any thread; none takes a lock.
class DeliveryCounts {
 public:
  static constexpr std::size_t kOutcomes = static_cast<std::size_t>(AckStatus::kSpooled) + 1;
  // Names a type.
  using Slot = std::size_t;
  static constexpr Slot kOther = 0;

  DeliveryCounts();

  [[nodiscard]] Slot SlotOf(const std::optional<Event>& event) const;
  void Add(Slot slot, AckStatus outcome) {
    counts_[slot][static_cast<std::size_t>(outcome)].fetch_add(1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t Of(AckStatus outcome) const;

  struct Line {
    std::string_view type;  // lives as long as the program
    AckStatus outcome = AckStatus::kBusy;
    std::uint64_t deliveries = 0;
  };
  // What is not 0, and every outcome of "other".
  [[nodiscard]] std::vector<Line> ByType() const;

 private:
  using Counts = std::array<std::atomic<std::uint64_t>, kOutcomes>;

  std::vector<std::string_view> names_;
  std::unordered_map<std::string_view, Slot> slots_;
  std::unique_ptr<Counts[]> counts_;
};

}  // namespace crmsink
