#pragma once

#include <atomic>
#include <cstdint>

namespace crmsink::hostile {

// What a test and the library failing_malloc, which is preloaded into the program, share: a file that both map, named
// by CRMSINK_FAILING_MALLOC in the program's environment.
struct FailingMalloc {
  std::atomic<std::uint32_t> every{0};  // each so many-th allocation fails; 0: none
  std::atomic<std::uint32_t> asked{0};
  std::atomic<std::uint32_t> failed{0};
};

}  // namespace crmsink::hostile
