#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/query.h"

namespace crmsink {

// A member of payloads that no column takes, or whose value does not fit its column: it is kept in `extra`.
struct UnmappedField {
  std::string table;  // contacts
  std::string member;
  std::size_t events = 0;          // of the newest events, so many have it
  std::size_t rows = 0;            // of the newest rows of the table, so many have it
  std::int64_t example_event = 0;  // seq of the newest event that is known to have it; 0: none is
};

// What is looked at, so that a large log costs no more than a small one.
inline constexpr std::int64_t kSampledEvents = 1000;
inline constexpr std::int64_t kSampledRows = 1000;                   // of each table, the newest
inline constexpr std::size_t kSampledBytes = std::size_t{64} << 20;  // of events
inline constexpr std::size_t kFieldsPerTable = 20;                   // the rest is left out

// By table, then member.
[[nodiscard]] Result<std::vector<UnmappedField>> UnmappedFields(const std::string& url, QueryConnection& connection);

}  // namespace crmsink
