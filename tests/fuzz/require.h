#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace crmsink {

// Ends the process with the rule that was broken, whatever the build: a fuzzer keeps the input that led here.
inline void Require(bool holds, std::string_view rule) {
  if (holds) return;
  std::fprintf(stderr, "broken: %.*s\n", static_cast<int>(rule.size()), rule.data());
  std::abort();
}

}  // namespace crmsink
