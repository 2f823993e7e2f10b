#pragma once

#include <cstdint>

namespace crmsink {

// What the system says of this process. 0 where it does not say.
struct ProcessFigures {
  double cpu_seconds = 0;
  double started_at = 0;  // seconds since 1970
  std::uint64_t resident_bytes = 0;
  std::uint64_t open_descriptors = 0;
  std::uint64_t most_descriptors = 0;
};

[[nodiscard]] ProcessFigures ThisProcess();

}  // namespace crmsink
