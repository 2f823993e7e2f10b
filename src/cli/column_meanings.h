#pragma once

#include <string_view>

namespace crmsink {

// What a column of this name means, for the document of the tables; empty where only its declaration's note says it.
[[nodiscard]] std::string_view MeaningOf(std::string_view column);

}  // namespace crmsink
