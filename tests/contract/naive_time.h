#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "event/delivery.h"
#include "naive_json.h"

namespace crmsink::naive {

// A text YYYY-MM-DD, with (T| )hh:mm, :ss, fraction and zone as far as they are there, or a number of seconds (below
// 1e11) or milliseconds since 1970. Cut to milliseconds. nullopt: no such thing, or outside of the years 0001 to 9999.
std::optional<Millis> ReadTime(const Json& value);

// The day as written in such a text; of a number, its day in UTC. YYYY-MM-DD.
std::optional<std::string> ReadDate(const Json& value);

// 2024-05-08T12:04:55.828Z
std::string FormatTime(Millis time);

}  // namespace crmsink::naive
