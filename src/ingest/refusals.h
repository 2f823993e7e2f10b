#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/store.h"

namespace crmsink {

// Refused requests that are counted and not yet written. A day has counts of its own for 1,000 details, and not more
// wait; the rest counts as "other". Thread-safety: none.
class Refusals {
 public:
  explicit Refusals(std::string writer) : writer_(std::move(writer)) {}

  void Count(std::string_view kind, std::string_view detail, Millis now);
  bool empty() const { return counts_.empty(); }
  // All of them, to be written; and back, where they could not be.
  std::vector<RefusalCount> Take();
  void Return(std::span<const RefusalCount> counts);

 private:
  using Key = std::pair<std::string, std::string>;  // kind, detail

  const std::string writer_;
  std::map<Key, RefusalCount> counts_;
  std::set<Key> details_;  // that have a count of their own today
  Day day_ = 0;
};

}  // namespace crmsink
