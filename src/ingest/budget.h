#pragma once

#include <cstddef>
#include <mutex>

namespace crmsink {

// What may wait for a commit in all queues of a sink together: deliveries, and bytes of their bodies. Thread-safe.
class Budget {
 public:
  struct Amount {
    std::size_t deliveries = 0, bytes = 0;
  };

  explicit Budget(Amount most) : most_(most) {}

  // False: there is no room for one more of so many bytes.
  [[nodiscard]] bool Take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (taken_.deliveries >= most_.deliveries || taken_.bytes + bytes > most_.bytes) return false;
    ++taken_.deliveries;
    taken_.bytes += bytes;
    return true;
  }

  void GiveBack(Amount amount) {
    const std::lock_guard lock(mutex_);
    taken_.deliveries -= amount.deliveries;
    taken_.bytes -= amount.bytes;
  }

  Amount taken() const {
    const std::lock_guard lock(mutex_);
    return taken_;
  }

 private:
  const Amount most_;
  mutable std::mutex mutex_;
  Amount taken_;
};

}  // namespace crmsink
