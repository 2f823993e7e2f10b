#include "ingest/refusals.h"

#include <algorithm>

namespace crmsink {
namespace {

constexpr std::size_t kMost = 1000;
constexpr std::size_t kMaxDetailBytes = 200;

}  // namespace

void Refusals::Count(std::string_view kind, std::string_view detail, Millis now) {
  if (DayOf(now) != day_) {
    day_ = DayOf(now);
    details_.clear();
  }
  Key key(kind, detail.substr(0, kMaxDetailBytes));
  if (details_.size() < kMost) details_.insert(key);
  if (!details_.contains(key)) key.second = "other";
  RefusalCount& count = counts_[key];
  if (count.requests++ == 0) {
    count.day = DayOf(now);
    count.kind = key.first;
    count.detail = key.second;
    count.writer = writer_;
  }
  count.last_received_at = now;
}

std::vector<RefusalCount> Refusals::Take() {
  std::vector<RefusalCount> taken;
  taken.reserve(counts_.size());  // from here on nothing fails
  for (auto& [key, count] : counts_) taken.push_back(std::move(count));
  counts_.clear();
  return taken;
}

void Refusals::Return(std::span<const RefusalCount> counts) {
  for (const RefusalCount& returned : counts) {
    Key key(returned.kind, returned.detail);
    if (counts_.size() >= kMost && !counts_.contains(key)) key.second = "other";
    RefusalCount& count = counts_[key];
    const RefusalCount counted_since = count;
    count = returned;
    count.detail = key.second;
    count.requests += counted_since.requests;
    count.last_received_at = std::max(count.last_received_at, counted_since.last_received_at);
  }
}

}  // namespace crmsink
