#include "ingest/last_events.h"

#include <algorithm>
#include <exception>

namespace crmsink {
namespace {

constexpr std::size_t kLongest = 64;

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= kLongest && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

void LastEvents::Note(std::string_view location, Millis at) noexcept {
  if (!IsId(location)) return;
  try {
    const std::lock_guard lock(mutex_);
    Insert(location, at);
  } catch (const std::exception&) {
    // It is noted with the next event.
  }
}

// REQUIRES: the lock. Time goes on, so the place is nearly always the first one.
void LastEvents::Insert(std::string_view location, Millis at) {
  const auto place = std::ranges::find_if(entries_, [at](const Entry& entry) { return entry.at <= at; });
  if (const auto known = by_location_.find(location); known != by_location_.end()) {
    const auto entry = known->second;
    if (at <= entry->at) return;
    entry->at = at;
    entries_.splice(place, entries_, entry);
    return;
  }
  Entries added{{std::string(location), at}};
  by_location_.emplace(added.front().location, added.begin());
  entries_.splice(place, added);
  if (entries_.size() <= most_) return;
  by_location_.erase(entries_.back().location);
  entries_.pop_back();
}

std::vector<std::pair<std::string, Millis>> LastEvents::All() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, Millis>> all;
  all.reserve(entries_.size());
  for (const Entry& entry : entries_) all.emplace_back(entry.location, entry.at);
  return all;
}

}  // namespace crmsink
