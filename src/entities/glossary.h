#pragma once

#include <string>
#include <string_view>

#include "entities/entity.h"

namespace crmsink {

// What a column of this name means in whichever table it stands; empty where only its declaration's note says it. For
// names that several tables have.
[[nodiscard]] std::string_view MeaningOf(std::string_view column);

// What a declared column means: that, its note, what it refers to. Empty where nothing is said of it.
[[nodiscard]] std::string Meaning(const Column& column);

}  // namespace crmsink
