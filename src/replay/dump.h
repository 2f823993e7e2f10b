#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crmsink {

// Gives the tables of entities as canonical NDJSON, a line (without its end) per row:
//   {"row":{...},"table":T}
// Tables by name, mirrors with their tombstones under the name of their table (contacts_all), rows by key in byte
// order, members sorted, times as RFC 3339, numbers by value, json columns as JSON, without the columns that record
// arrival: equal states give equal bytes. With the log also events and quarantine, their bytes as base64 in "payload".
// Reads in slices, so that writing goes on meanwhile.
[[nodiscard]] Result<void> Dump(const std::string& url, bool with_log,
                                const std::function<void(std::string_view line)>& write);

}  // namespace crmsink
