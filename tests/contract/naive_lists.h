#pragma once

#include <cstddef>

#include "naive_change.h"
#include "naive_ledger.h"

namespace crmsink::naive {

inline constexpr std::size_t kMaxElements = 10'000;

// Reads the lists of one child table out of the payload into change.lists, as far as they are there.
void ReadLists(const Child& child, const Event& event, const Json& payload, Ledger& ledger, Change& change);

}  // namespace crmsink::naive
