#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "base/result.h"

namespace crmsink {

// What the writers of one database tell each other and their drainer: that it is away, and that there is something to
// drain. Thread-safe.
class Outage {
 public:
  // `on_begin` is called by whoever finds that the database is away.
  explicit Outage(std::function<void(const Error& reason)> on_begin) : on_begin_(std::move(on_begin)) {}

  bool away() const { return away_; }

  // It is away. Nothing new where that is known; else it is told, and the drainer is rung for.
  void Begin(const Error& reason);
  // It is back. False: it was not away.
  bool End() { return away_.exchange(false); }

  // There is something to drain.
  void Ring();
  // Ends waiting, now and for ever.
  void Stop();
  // Of the drainer alone: waits until somebody has rung since the last time, or for so long. False: it is to stop.
  [[nodiscard]] bool AwaitRing();
  [[nodiscard]] bool Pause(std::chrono::milliseconds duration);

 private:
  const std::function<void(const Error& reason)> on_begin_;
  std::atomic<bool> away_{false};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool rung_ = false, stopped_ = false;
};

}  // namespace crmsink
