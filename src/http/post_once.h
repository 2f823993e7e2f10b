#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace crmsink::http {

struct Answer {
  int status = 0;
  std::string body;
};

// One POST of a JSON text over HTTP, on a connection of its own, for a program that tries out a server. `url` is
// http://HOST:PORT, without a path. kInvalid: no such URL; kUnavailable: no answer in time.
[[nodiscard]] Result<Answer> PostOnce(const std::string& url, const std::string& path,
                                      const std::vector<std::pair<std::string, std::string>>& headers,
                                      const std::string& body, std::chrono::seconds patience);

}  // namespace crmsink::http
