#include "ingest/delivery_counts.h"

#include "entities/catalog.h"

namespace crmsink {

DeliveryCounts::DeliveryCounts() : names_{"other"} {
  const auto add = [this](std::string_view name) {
    if (slots_.emplace(name, names_.size()).second) names_.push_back(name);
  };
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) add(event.name);
    add(entity->name);
  }
  counts_ = std::make_unique<Counts[]>(names_.size());
}

DeliveryCounts::Slot DeliveryCounts::SlotOf(const std::optional<Event>& event) const {
  if (!event || event->entity == nullptr) return kOther;
  const auto found = slots_.find(event->type);
  return found == slots_.end() ? kOther : found->second;
}

std::uint64_t DeliveryCounts::Of(AckStatus outcome) const {
  std::uint64_t sum = 0;
  for (Slot slot = 0; slot < names_.size(); ++slot) {
    sum += counts_[slot][static_cast<std::size_t>(outcome)].load(std::memory_order_relaxed);
  }
  return sum;
}

std::vector<DeliveryCounts::Line> DeliveryCounts::ByType() const {
  std::vector<Line> lines;
  for (Slot slot = 0; slot < names_.size(); ++slot) {
    for (std::size_t outcome = 0; outcome < kOutcomes; ++outcome) {
      const std::uint64_t deliveries = counts_[slot][outcome].load(std::memory_order_relaxed);
      if (deliveries > 0 || slot == kOther) {
        lines.push_back({names_[slot], static_cast<AckStatus>(outcome), deliveries});
      }
    }
  }
  return lines;
}

}  // namespace crmsink
