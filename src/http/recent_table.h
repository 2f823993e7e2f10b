#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace crmsink::http {

// Values by key, of which only the most recently touched `capacity` are kept. Not thread-safe.
template <class Key, class Value, class Hash>
class RecentTable {
 public:
  RecentTable(std::size_t capacity, Hash hash) : capacity_(capacity), places_(0, hash) {}

  // Null: it is not there.
  const Value* Find(const Key& key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &found->second->second;
  }

  // Puts it there if need be, as `fresh`, and makes it the last to be forgotten.
  Value& Touch(const Key& key, const Value& fresh) {
    const auto found = places_.find(key);
    if (found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->second;
    }
    entries_.emplace_front(key, fresh);
    try {
      places_.emplace(key, entries_.begin());
    } catch (...) {
      entries_.pop_front();
      throw;
    }
    if (entries_.size() > capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
    return entries_.front().second;
  }

  std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<std::pair<Key, Value>>;

  const std::size_t capacity_;
  Entries entries_;  // the last touched one first
  std::unordered_map<Key, typename Entries::iterator, Hash> places_;
};

}  // namespace crmsink::http
