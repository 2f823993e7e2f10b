#include "base/service_manager.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <vector>

namespace crmsink {
namespace {

// As sd_listen_fds(3), sd_notify(3) and sd_watchdog_enabled(3) say it.
constexpr int kFirstDescriptor = 3;
constexpr char kListenPid[] = "LISTEN_PID", kListenDescriptors[] = "LISTEN_FDS", kListenNames[] = "LISTEN_FDNAMES";

std::string_view Variable(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// Of the whole text; nothing where it is no number.
std::optional<std::int64_t> NumberIn(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsForUs(const char* variable) { return NumberIn(Variable(variable)) == ::getpid(); }

// "public:admin"; where there are fewer names than sockets, the others have none.
std::vector<std::string> NamesIn(std::string_view list, std::size_t count) {
  std::vector<std::string> names(count);
  for (std::string& name : names) {
    const std::size_t end = list.find(':');
    name = list.substr(0, end);
    list = end == std::string_view::npos ? "" : list.substr(end + 1);
  }
  return names;
}

Result<InheritedSockets> Sort(const std::vector<std::string>& names) {
  const int count = static_cast<int>(names.size());
  InheritedSockets sockets;
  for (int i = 0; i < count; ++i) {
    const std::string_view name = names[static_cast<std::size_t>(i)];
    int* const place = name == "public" ? &sockets.webhooks : name == "admin" ? &sockets.admin : nullptr;
    if (place == nullptr) continue;
    if (*place >= 0) return Fail(ErrorCode::kInvalid, "systemd hands over two sockets named " + std::string(name));
    *place = kFirstDescriptor + i;
  }
  for (int i = 0; i < count; ++i) {
    const int descriptor = kFirstDescriptor + i;
    if (descriptor == sockets.webhooks || descriptor == sockets.admin) continue;
    (sockets.webhooks < 0 ? sockets.webhooks : sockets.admin) = descriptor;
  }
  return sockets;
}

// Says it to whoever started us, where that one listens.
void Notify(const std::string& message) {
  const std::string_view path = Variable("NOTIFY_SOCKET");
  sockaddr_un address{};
  // Its first byte is / or @, which stands for the zero of an abstract name; that one needs no zero behind it.
  const std::size_t longest = sizeof address.sun_path - (path.starts_with('/') ? 1 : 0);
  if (path.size() < 2 || path.size() > longest || (path[0] != '/' && path[0] != '@')) return;
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  if (path[0] == '@') address.sun_path[0] = '\0';
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  ::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
  ::close(descriptor);
}

}  // namespace

Result<InheritedSockets> TakeInheritedSockets() {
  const bool are_ours = IsForUs(kListenPid);
  const std::string count_text(Variable(kListenDescriptors)), names(Variable(kListenNames));
  for (const char* const variable : {kListenPid, kListenDescriptors, kListenNames}) ::unsetenv(variable);
  if (!are_ours || count_text.empty()) return InheritedSockets{};
  const auto count = NumberIn(count_text);
  if (!count || *count < 0 || *count > 2) {
    return Fail(ErrorCode::kInvalid,
                "systemd hands over " + count_text + " sockets; there is use for two, named `public` and `admin`");
  }
  for (int descriptor = kFirstDescriptor; descriptor < kFirstDescriptor + *count; ++descriptor) {
    if (::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0) continue;
    return Fail(ErrorCode::kInvalid, "descriptor " + std::to_string(descriptor) + ", which systemd hands over (" +
                                         kListenDescriptors + "), cannot be taken: " + std::strerror(errno));
  }
  return Sort(NamesIn(names, static_cast<std::size_t>(*count)));
}

std::optional<std::chrono::microseconds> WatchdogInterval() {
  const auto microseconds = NumberIn(Variable("WATCHDOG_USEC"));
  const bool is_for_us = Variable("WATCHDOG_PID").empty() || IsForUs("WATCHDOG_PID");
  if (!microseconds || *microseconds <= 0 || !is_for_us) return std::nullopt;
  return std::chrono::microseconds(*microseconds / 2);
}

void NotifyReady(const std::string& status) { Notify("READY=1\nSTATUS=" + status); }

void NotifyReloading() {
  std::timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto microseconds = std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  Notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void NotifyStopping(const std::string& status) { Notify("STOPPING=1\nSTATUS=" + status); }

void NotifyAlive() { Notify("WATCHDOG=1"); }

}  // namespace crmsink
