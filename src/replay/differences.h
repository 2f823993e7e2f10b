#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "storage/store.h"

namespace crmsink {

// What an entity's tables should hold, and do not.
struct Correction {
  EntityKey key;
  std::int64_t events;  // that the state is folded from
  State state;
};

inline const EntityKey& KeyOf(const EntityKey& key) { return key; }
inline const EntityKey& KeyOf(const Correction& difference) { return difference.key; }

inline constexpr std::size_t kBatch = 32;  // entities that are loaded, and written, together

// Those in front that belong to one table, at most kBatch. REQUIRES: there are some, and by table.
template <class T>
std::span<const T> NextBatch(std::span<const T> all) {
  std::size_t size = 1;
  while (size < std::min(kBatch, all.size()) && KeyOf(all[size]).entity == KeyOf(all[0]).entity) ++size;
  return all.first(size);
}

// The states of entities of one table, ascending, with all their lists.
[[nodiscard]] Result<std::vector<State>> LoadWhole(Transaction& transaction, const Entity& entity,
                                                   std::span<const EntityKey> keys);

// Folds entities from the log and compares. REQUIRES: they are of one table, ascending, with events in the log.
[[nodiscard]] Result<std::vector<Correction>> DifferencesOf(Transaction& transaction, std::span<const EntityKey> keys);

// Writes them. Once the rows are locked it is known whether an event has come since: who has one is folded again.
// Returns how many were wrong still. REQUIRES: they are of one table, ascending.
[[nodiscard]] Result<std::size_t> WriteStates(Transaction& transaction, std::span<const Correction> differences);

}  // namespace crmsink
