#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/json.h"
#include "base/time.h"

namespace crmsink {

// Longest id, key or indexed text, in bytes: PostgreSQL refuses index entries over some 2.7 kB.
inline constexpr std::size_t kMaxKeyBytes = 255;

// null and "" both say "nothing".
bool IsNothing(const json::Value& value);

// The text of a scalar as written; nullopt for nothing, lists and objects.
std::optional<std::string_view> TextOf(const json::Value& value);

// A time: ISO 8601 in a string, or a number of seconds (below 1e11) or milliseconds since 1970.
std::optional<Millis> TimeOf(const json::Value& value);

std::optional<Day> DateOf(const json::Value& value);

// true, false, "true", "false".
std::optional<bool> BooleanOf(const json::Value& value);

// What stands at a dotted path, `a.b`, with an optional condition `?sibling=value` on a member beside the last one.
// nullptr where nothing does. Under a null (or "") everything is null: the result is then that value.
const json::Value* At(const json::Value& root, std::string_view path);

}  // namespace crmsink
