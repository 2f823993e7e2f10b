#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sink.h"

namespace crmsink::http {

// Tells from two looks, one after the other, whether the program gets on: the I/O threads, and the writers. Not
// thread-safe.
class Liveness {
 public:
  // `beats`: how often each I/O thread has come round since the last look; `waiting`: requests that wait for their
  // outcome. The first look says true. A writer hangs where some waited at both looks and nothing was done in between;
  // a commit that fails is something.
  [[nodiscard]] bool Check(const std::vector<std::uint64_t>& beats, std::size_t waiting, const Sink::Counters& now);

 private:
  bool has_looked_ = false;
  std::size_t waiting_ = 0;
  std::uint64_t done_ = 0;
};

}  // namespace crmsink::http
