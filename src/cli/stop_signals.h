#pragma once

#include <chrono>
#include <csignal>
#include <optional>
#include <string>

namespace crmsink {

// SIGTERM, SIGINT and SIGHUP, taken by whoever waits for them and not by a handler; SIGPIPE is ignored, so that a
// closed pipe is a failed write. Make it before the first thread, so that every thread leaves them to Wait().
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Its name. After SIGTERM or SIGINT a second Ctrl-C (SIGINT) ends the program at once; further SIGTERMs change
  // nothing, since those that send them tend to repeat themselves.
  std::string Wait();
  // The same, or nothing after that time.
  std::optional<std::string> WaitFor(std::chrono::milliseconds time);

 private:
  sigset_t set_{};
};

}  // namespace crmsink
