#pragma once

#include <string_view>

namespace crmsink {

// What a column of this name means in whichever table it stands; empty where only its declaration's note says it. For
// names that several tables have.
[[nodiscard]] std::string_view MeaningOf(std::string_view column);

}  // namespace crmsink
