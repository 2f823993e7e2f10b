#include "http/liveness.h"

#include <algorithm>
#include <utility>

namespace crmsink::http {

bool Liveness::Check(const std::vector<std::uint64_t>& beats, std::size_t waiting, const Sink::Counters& now) {
  const std::uint64_t done = now.commits + now.commit_failures + now.spooled + now.drained;
  const bool writers_hang = waiting_ > 0 && waiting > 0 && done == done_;
  const bool loops_hang = std::ranges::find(beats, std::uint64_t{0}) != beats.end();
  waiting_ = waiting;
  done_ = done;
  return !std::exchange(has_looked_, true) || (!writers_hang && !loops_hang);
}

}  // namespace crmsink::http
