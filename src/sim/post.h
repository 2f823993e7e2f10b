#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "signature/signer.h"
#include "sim/world.h"

namespace crmsink::sim {

struct PostOptions {
  std::string url;  // http://HOST:PORT, with a prefix of the paths or none
  double rate = 0;  // deliveries per second; 0: as fast as they are answered
  int connections = 8;
  // A 429 is sent again after its Retry-After (at least a second), a lost connection after a second: so often.
  int most_retries = 12;
};

struct PostReport {
  std::map<int, std::size_t> answers;  // by status, the last one of each delivery; 0: no answer at all
  std::size_t retries = 0;
  std::chrono::duration<double> took{};

  std::size_t Done() const;
  std::size_t Kept() const;  // answered 2xx
};

// Posts the deliveries in their order, over several connections at once, each with its signature. Calls `on_progress`
// every two seconds. kInvalid: no such URL.
[[nodiscard]] Result<PostReport> Post(const std::vector<Sent>& sent, const Signer& signer, const PostOptions& options,
                                      const std::function<void(const PostReport& so_far)>& on_progress);

}  // namespace crmsink::sim
