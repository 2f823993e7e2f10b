#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/time.h"
#include "cli/doctor/checks.h"

namespace crmsink::doctor {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr rlim_t kFewDescriptors = 10'240;  // as many connections as the edge takes, and some
constexpr std::size_t kSyncs = 50;
constexpr std::chrono::seconds kSyncTime{3};
constexpr std::chrono::milliseconds kSlowSync{20}, kWorstSync{1000};
constexpr double kClockSlack = 2.0;               // seconds
constexpr std::time_t kEarliest = 1'767'225'600;  // 2026-01-01, when this program did not exist

// A file that is gone with the object.
class TryFile {
 public:
  explicit TryFile(const std::filesystem::path& folder) : name_((folder / ".crmsink-doctor-XXXXXX").string()) {
    descriptor_ = ::mkstemp(name_.data());
  }
  ~TryFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(name_.c_str());
  }
  TryFile(const TryFile&) = delete;
  TryFile& operator=(const TryFile&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  std::string name_;
  int descriptor_ = -1;
};

// What is known of a kind of file system; nullptr: nothing is wrong with it.
const char* FaultOf(const std::filesystem::path& folder) {
  struct statfs state {};
  if (::statfs(folder.c_str(), &state) != 0) return nullptr;
  switch (static_cast<std::uint32_t>(state.f_type)) {
    case 0x01021994:
    case 0x858458F6:
      return "is in memory (tmpfs): everything is gone after a restart";
    case 0x6969:
    case 0x517B:
    case 0xFF534D42:
    case 0xFE534D42:
    case 0x01021997:
      return "is on a network file system: SQLite's WAL and locks do not work there";
    default:
      return nullptr;
  }
}

std::string Mebibytes(std::uint64_t bytes) { return std::to_string(bytes / kMiB) + " MiB"; }

std::string Milliseconds(Clock::duration time) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f ms", std::chrono::duration<double, std::milli>(time).count());
  return text.data();
}

void CheckRoom(const std::string& what, const std::filesystem::path& folder, std::uint64_t least_bytes,
               Checks& checks) {
  struct statvfs state {};
  if (::statvfs(folder.c_str(), &state) != 0) return;
  const std::uint64_t left = std::uint64_t{state.f_bavail} * state.f_frsize;
  const std::string name = what + " disk";
  const std::string found = Mebibytes(left) + " left on the disk of " + folder.string();
  const char* const remedy = "make room, or choose another disk: while it is full, every delivery is answered 429";
  if (left < least_bytes) return Problem(checks, name, found, remedy);
  if (left < 4 * least_bytes) return Warn(checks, name, found, remedy);
  if (state.f_files > 0 && state.f_favail < 1000) {
    return Problem(checks, name, "no room for files on the disk of " + folder.string(),
                   "remove files: it lacks inodes");
  }
  Ok(checks, name, found);
}

// How long it took, write by write, sorted; empty: the disk failed.
std::vector<Clock::duration> MeasureSyncs(int descriptor) {
  const std::array<char, 4096> page{};
  std::vector<Clock::duration> times;
  const auto end = Clock::now() + kSyncTime;
  for (std::size_t i = 0; i < kSyncs && (i < 3 || Clock::now() < end); ++i) {
    const auto began = Clock::now();
    const auto offset = static_cast<off_t>(i * page.size());
    if (::pwrite(descriptor, page.data(), page.size(), offset) != ssize_t{4096} || ::fdatasync(descriptor) != 0) {
      return {};
    }
    times.push_back(Clock::now() - began);
  }
  std::ranges::sort(times);
  return times;
}

void CheckSyncs(const std::string& what, int descriptor, Checks& checks) {
  const auto times = MeasureSyncs(descriptor);
  const std::string name = what + " sync";
  if (times.empty()) {
    return Problem(checks, name, std::string("writing 4 KiB failed: ") + std::strerror(errno),
                   "look at the disk (dmesg)");
  }
  const auto median = times[times.size() / 2];
  const std::string found = "median " + Milliseconds(median) + ", worst " + Milliseconds(times.back()) + " of " +
                            std::to_string(times.size()) + " syncs of 4 KiB";
  if (median > kSlowSync) {
    return Warn(checks, name, found,
                "every answer waits for a sync; what waits shares one. A faster disk, if it matters");
  }
  if (times.back() > kWorstSync) {
    return Warn(checks, name, found, "something else keeps the disk busy at times, or it is failing");
  }
  Ok(checks, name, found);
}

// By the clock of the disk's machine, where that is another one.
void CheckFileTime(const std::string& what, int descriptor, Checks& checks) {
  struct stat state {};
  if (::futimens(descriptor, nullptr) != 0 || ::fstat(descriptor, &state) != 0) return;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  const double apart = std::abs(std::difftime(now.tv_sec, state.st_mtim.tv_sec));
  if (apart <= kClockSlack) return;
  Warn(checks, what + " clock",
       "files there are dated " + std::to_string(static_cast<long>(apart)) + " s from our clock",
       "set the clocks of both machines by NTP");
}

void CheckClock(Checks& checks) {
  timex state{};
  const int answer = ::adjtimex(&state);
  const std::time_t now = std::time(nullptr);
  const std::string shown = FormatSqlTime(Millis{now} * 1000) + " UTC";
  if (now < kEarliest) {
    return Problem(checks, "clock", shown + " is in the past", "set it by NTP: times of events hang on it");
  }
  if (answer == TIME_ERROR || (answer >= 0 && (state.status & STA_UNSYNC) != 0)) {
    return Warn(checks, "clock", shown + ", not synchronised by NTP as far as the kernel knows",
                "run systemd-timesyncd or chrony; inside a container the host has to");
  }
  Ok(checks, "clock", shown + (answer >= 0 ? ", synchronised" : ""));
}

void CheckDescriptors(Checks& checks) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const std::string found =
      limit.rlim_max == RLIM_INFINITY ? "any number of open files" : std::to_string(limit.rlim_max) + " open files";
  if (limit.rlim_max < kFewDescriptors) {
    return Warn(checks, "descriptors", found + ": fewer connections than 10,000",
                "LimitNOFILE=16384 in the service, or ulimit -Hn");
  }
  Ok(checks, "descriptors", found);
}

}  // namespace

void CheckMachine(Checks& checks) {
  if (::geteuid() == 0) {
    Warn(checks, "user", "root, who may do what the server's user may not",
         "run it as that user: runuser -u crmsink -- crmsink doctor");
  } else {
    Ok(checks, "user", std::to_string(::geteuid()));
  }
  CheckDescriptors(checks);
  CheckClock(checks);
}

void CheckFolder(const std::string& what, const std::filesystem::path& folder, std::uint64_t least_bytes,
                 Checks& checks) {
  const TryFile file(folder);
  if (file.descriptor() < 0) {
    return Problem(checks, what + " folder", folder.string() + ": " + std::strerror(errno),
                   "make it, and let the server's user write in it");
  }
  if (const char* fault = FaultOf(folder)) {
    Problem(checks, what + " folder", folder.string() + " " + fault, "choose a folder on a disk of this machine");
  } else {
    Ok(checks, what + " folder", folder.string() + " may be written");
  }
  CheckRoom(what, folder, least_bytes, checks);
  CheckSyncs(what, file.descriptor(), checks);
  CheckFileTime(what, file.descriptor(), checks);
}

}  // namespace crmsink::doctor
