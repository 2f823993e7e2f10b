#include "base/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace crmsink {
namespace {

std::uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// Field 22 of stat, in ticks since the start of the system; the second field may hold spaces and ends with ')'.
double StartedAt() {
  std::ifstream file("/proc/self/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream fields(text.substr(end + 1));
  std::string skipped;
  double ticks = 0, booted_at = 0;
  for (int i = 3; i < 22; ++i) fields >> skipped;
  fields >> ticks;
  std::ifstream system("/proc/stat");
  for (std::string name; system >> name && name != "btime";) std::getline(system, skipped);
  system >> booted_at;
  return booted_at > 0 ? booted_at + ticks / static_cast<double>(sysconf(_SC_CLK_TCK)) : 0;
}

std::uint64_t OpenDescriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator files("/proc/self/fd", error);
  if (error) return 0;
  const auto all = std::distance(begin(files), end(files));
  return static_cast<std::uint64_t>(all > 0 ? all - 1 : 0);  // one is the look itself
}

double CpuSeconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

ProcessFigures ThisProcess() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = 0;
  return {.cpu_seconds = CpuSeconds(),
          .started_at = StartedAt(),
          .resident_bytes = ResidentBytes(),
          .open_descriptors = OpenDescriptors(),
          .most_descriptors = limit.rlim_cur};
}

}  // namespace crmsink
