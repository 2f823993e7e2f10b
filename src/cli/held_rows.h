#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/held.h"
#include "storage/query.h"

namespace crmsink {

// One row of a table of deliveries that are kept aside, as it stands there.
struct HeldRow {
  std::vector<std::string> names;  // without the payload
  std::vector<QueryValue> values;
  std::string payload;
};

// The numbers of the rows that `which` names: a row's number, or the event id that stands in their bodies (webhookId).
// kInvalid where there is none.
[[nodiscard]] Result<std::vector<std::int64_t>> HeldNumbers(const HeldTable& table, const std::string& which,
                                                            QueryConnection& connection);
// REQUIRES: the row is there.
[[nodiscard]] Result<HeldRow> ReadHeldRow(const HeldTable& table, std::int64_t number, QueryConnection& connection);

// The webhookId of a body; empty where it has none or is no JSON.
[[nodiscard]] std::string WebhookIdOf(std::string_view body);

}  // namespace crmsink
