#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "entities/entity.h"
#include "projection/change.h"
#include "storage/store.h"

namespace crmsink {

// Brings the tables to what the log says with these events, which are in it and were not before this transaction;
// returns how many entities were folded from the log. An entity whose new events are all later than what is there gets
// them applied in order, any other one is folded; each changed row is written once, and of the child lists what
// differs.
[[nodiscard]] Result<std::uint64_t> UpdateTables(Transaction& transaction, std::span<const Change* const> fresh);

// The states of entities of one kind as their whole log tells them; what Fold makes of LogOf. Events that this version
// reads as another entity's are left out.
[[nodiscard]] Result<std::vector<State>> FoldFromLog(Transaction& transaction, const Entity& entity,
                                                     std::span<const EntityKey> keys);

}  // namespace crmsink
