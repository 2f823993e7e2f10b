#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "base/log.h"
#include "base/result.h"
#include "cli/settings.h"
#include "sink.h"

namespace crmsink {

// What SIGHUP is for: reads the settings again, and the files that they name, and puts what a running server can change
// in the place of what it has: signature-key, log-level, log-format and log-file, which is opened anew. All of it, or,
// where any of it cannot be had, nothing. The log says which.
//
// Thread-safety: the counts from any thread, Reload() from one.
class Reloader {
 public:
  // `read` gives the settings anew; `settings` are those in use. Sink and log outlive this.
  Reloader(std::function<Result<Settings>()> read, Settings settings, bool err_is_terminal, Sink& sink, Log& log);

  // `also` replaces one thing more: where it fails, nothing is replaced.
  void Reload(const std::function<Result<void>()>& also = {});

  std::uint64_t done() const { return done_; }
  std::uint64_t failed() const { return failed_; }

 private:
  Result<std::size_t> Swap(const Settings& settings, const std::function<Result<void>()>& also);
  void NameWhatWantsARestart(const Settings& settings) const;

  const std::function<Result<Settings>()> read_;
  Settings settings_;
  const bool err_is_terminal_;
  Sink& sink_;
  Log& log_;
  std::atomic<std::uint64_t> done_{0}, failed_{0};
};

}  // namespace crmsink
