#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"

namespace crmsink {

// What the program and systemd, where that started it, tell each other. Without it nothing is there and nothing
// happens.

// Sockets that listen already, which systemd has opened; they become the caller's. -1: none.
struct InheritedSockets {
  int webhooks = -1;
  int admin = -1;
};

// Takes them out of the environment. By their names (FileDescriptorName=), `public` and `admin`; one of another name is
// what is missing of the two, `public` first. kInvalid: more than these. Call it before there are threads.
[[nodiscard]] Result<InheritedSockets> TakeInheritedSockets();

// How often it wants to hear that the program is alive: half of WatchdogSec=. Nothing: not at all.
[[nodiscard]] std::optional<std::chrono::microseconds> WatchdogInterval();

// The program serves, also again after a reload; is reading its settings again; is about to end. `status` is what
// `systemctl status` shows. Thread-safe, and silent where nobody listens.
void NotifyReady(const std::string& status);
void NotifyReloading();
void NotifyStopping(const std::string& status);
// REQUIRES: somebody has looked whether it is true.
void NotifyAlive();

}  // namespace crmsink
