#include "base/service_manager.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>

#include <unistd.h>

namespace crmsink {
namespace {

Result<InheritedSockets> Sort(char** names, int count) {
  if (count > 2) {
    return Fail(ErrorCode::kInvalid, "systemd hands over " + std::to_string(count) +
                                         " sockets; there is use for two, named `public` and `admin`");
  }
  InheritedSockets sockets;
  for (int i = 0; i < count; ++i) {
    const std::string_view name = names[i];
    int* const place = name == "public" ? &sockets.webhooks : name == "admin" ? &sockets.admin : nullptr;
    if (place == nullptr) continue;
    if (*place >= 0) return Fail(ErrorCode::kInvalid, "systemd hands over two sockets named " + std::string(name));
    *place = SD_LISTEN_FDS_START + i;
  }
  for (int i = 0; i < count; ++i) {
    const int descriptor = SD_LISTEN_FDS_START + i;
    if (descriptor == sockets.webhooks || descriptor == sockets.admin) continue;
    (sockets.webhooks < 0 ? sockets.webhooks : sockets.admin) = descriptor;
  }
  return sockets;
}

}  // namespace

Result<InheritedSockets> TakeInheritedSockets() {
  char** names = nullptr;
  const int count = sd_listen_fds_with_names(1, &names);
  if (count < 0) {
    return Fail(ErrorCode::kInvalid, std::string("the sockets that systemd hands over cannot be taken: ") +
                                         std::strerror(-count) + " (LISTEN_FDS, LISTEN_FDNAMES)");
  }
  Result<InheritedSockets> sorted = Sort(names, count);
  for (int i = 0; i < count; ++i) std::free(names[i]);
  std::free(names);
  return sorted;
}

std::optional<std::chrono::microseconds> WatchdogInterval() {
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
  return std::chrono::microseconds(microseconds / 2);
}

void NotifyReady(const std::string& status) { sd_notify(0, ("READY=1\nSTATUS=" + status).c_str()); }

void NotifyReloading() {
  std::timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds)).c_str());
}

void NotifyStopping(const std::string& status) { sd_notify(0, ("STOPPING=1\nSTATUS=" + status).c_str()); }

void NotifyAlive() { sd_notify(0, "WATCHDOG=1"); }

}  // namespace crmsink
