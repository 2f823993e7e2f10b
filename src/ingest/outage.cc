#include "ingest/outage.h"

namespace crmsink {

void Outage::Begin(const Error& reason) {
  if (away_.exchange(true)) return;
  if (on_begin_) on_begin_(reason);
  Ring();
}

void Outage::Ring() {
  {
    const std::lock_guard lock(mutex_);
    rung_ = true;
  }
  wake_.notify_one();
}

void Outage::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  wake_.notify_one();
}

bool Outage::AwaitRing() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return rung_ || stopped_; });
  rung_ = false;
  return !stopped_;
}

bool Outage::Pause(std::chrono::milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, duration, [this] { return stopped_; });
}

}  // namespace crmsink
