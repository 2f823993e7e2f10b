#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "event/delivery.h"

namespace crmsink {

// When the latest event of each location came, of the locations that were heard of last. Bounded: a further one takes
// the place of the one that has been silent for longest. A location is named by its id, up to 64 letters, digits, '-'
// and '_'; what looks otherwise is none.
//
// Thread-safety: all methods from any thread.
class LastEvents {
 public:
  explicit LastEvents(std::size_t most = 1000) : most_(most) {}

  // An event came then; an earlier time than the one that is known changes nothing. Where there is no memory, nothing
  // is noted.
  void Note(std::string_view location, Millis at) noexcept;

  // The latest first.
  [[nodiscard]] std::vector<std::pair<std::string, Millis>> All() const;

 private:
  struct Entry {
    std::string location;
    Millis at;
  };
  using Entries = std::list<Entry>;

  void Insert(std::string_view location, Millis at);

  const std::size_t most_;
  mutable std::mutex mutex_;
  Entries entries_;                                                      // the latest first
  std::unordered_map<std::string_view, Entries::iterator> by_location_;  // named by the entries' own texts
};

}  // namespace crmsink
