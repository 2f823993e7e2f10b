#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "entities/entity.h"
#include "naive_json.h"

namespace crmsink::naive {

inline constexpr std::size_t kMaxKeyBytes = 255;

// The pieces of `text` between separators; none of an empty text.
std::vector<std::string> Split(std::string_view text, char separator);

std::string LowerCase(std::string_view text);

// A value on its way into a column. `cell` is what a dump shows, null where it does not fit.
struct Cell {
  Json cell;
  bool fits = true;
};

// `indexed`: the column is a key or stands in an index, where a text of more than kMaxKeyBytes does not fit.
Cell Convert(const Column& column, const Json& value, bool indexed);

// A scalar as text, as written; nullopt of null, "", a list or an object.
std::optional<std::string> AsText(const Json& value);

// true, false, "true" and "false".
std::optional<bool> AsBoolean(const Json& value);

// Whether `column` stands in one of the entity's indexes.
bool IsIndexed(const Entity& entity, std::string_view column);

}  // namespace crmsink::naive
