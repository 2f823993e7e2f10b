#include "fault/lossy_vfs.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace crmsink::fault {
namespace {

constexpr std::size_t kSector = 512;
constexpr int kKept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

void LossyVfs::CutAtSync(std::size_t n, Survival survival, std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  cut_at_ = n;
  survival_ = survival;
  random_.seed(seed);
}

void LossyVfs::Cut() {
  const std::lock_guard lock(mutex_);
  if (!cut_) CutLocked();
}

void LossyVfs::DieAtSync(std::size_t n) {
  const std::lock_guard lock(mutex_);
  die_at_ = n;
}

void LossyVfs::Resume() {
  const std::lock_guard lock(mutex_);
  dead_ = false;
  die_at_ = 0;
}

bool LossyVfs::is_cut() const {
  const std::lock_guard lock(mutex_);
  return cut_;
}

void LossyVfs::WriteDurable(const std::filesystem::path& folder) const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::string> left = left_;
  if (!cut_) {
    for (const auto& [path, inode] : durable_files_) left[path] = inode->durable;
  }
  for (const auto& [path, content] : left) {
    std::ofstream(folder / std::filesystem::path(path).filename(), std::ios::binary) << content;
  }
}

void LossyVfs::FailAt(Call call, std::size_t n, std::size_t times) {
  const std::lock_guard lock(mutex_);
  faults_[call] = {n, times};
}

void LossyVfs::SetRoom(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  room_ = bytes;
}

void LossyVfs::SetReadOnly() {
  const std::lock_guard lock(mutex_);
  read_only_ = true;
}

void LossyVfs::Heal() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
  read_only_ = false;
  room_ = std::numeric_limits<std::uint64_t>::max();
}

std::size_t LossyVfs::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

std::size_t LossyVfs::writes() const {
  const std::lock_guard lock(mutex_);
  return writes_;
}

std::size_t LossyVfs::truncations() const {
  const std::lock_guard lock(mutex_);
  return truncations_;
}

std::size_t LossyVfs::opens() const {
  const std::lock_guard lock(mutex_);
  return opens_;
}

std::size_t LossyVfs::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

std::size_t LossyVfs::syncs_after_failure() const {
  const std::lock_guard lock(mutex_);
  return syncs_after_failure_;
}

std::uint64_t LossyVfs::bytes() const {
  const std::lock_guard lock(mutex_);
  return TotalBytes();
}

std::uint64_t LossyVfs::TotalBytes() const {
  std::uint64_t total = 0;
  for (const auto& [path, inode] : files_) total += inode->size;
  return total;
}

bool LossyVfs::IsDue(Call call, std::size_t count) {
  const auto fault = faults_.find(call);
  const bool due =
      fault != faults_.end() && count >= fault->second.at && count - fault->second.at < fault->second.times;
  if (due) ++failures_;
  return due;
}

std::shared_ptr<LossyVfs::Inode> LossyVfs::Enter(const std::string& path) {
  auto& inode = files_[path];
  if (inode != nullptr) return inode;
  inode = std::make_shared<Inode>();
  if (std::filesystem::exists(path)) {  // made before by somebody else, and safe
    inode->durable = ReadWhole(path);
    inode->size = inode->durable.size();
    durable_files_[path] = inode;
  }
  return inode;
}

int LossyVfs::Open(const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto* own = reinterpret_cast<File*>(file);
  own->base.pMethods = nullptr;
  const bool is_kept = path != nullptr && (flags & kKept) != 0;
  const std::lock_guard lock(mutex_);
  if ((cut_ || dead_) && is_kept && (flags & SQLITE_OPEN_CREATE) != 0 && !std::filesystem::exists(path))
    return SQLITE_CANTOPEN;
  if (is_kept && IsDue(Call::kOpen, ++opens_)) return SQLITE_CANTOPEN;
  if (read_only_ && is_kept) {
    if (!std::filesystem::exists(path)) return SQLITE_CANTOPEN;
    flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
  }
  const std::string name = is_kept ? path : "";
  auto inode = is_kept && std::filesystem::exists(name) ? Enter(name) : nullptr;
  sqlite3_file* real = own->Real();
  real->pMethods = nullptr;
  const int code = real_->xOpen(real_, path, real, flags, out_flags);
  if (code != SQLITE_OK) return code;
  const bool is_new_journal = inode == nullptr && is_kept && (flags & SQLITE_OPEN_MAIN_DB) == 0;
  if (inode == nullptr) {
    inode = std::make_shared<Inode>();
    if (is_kept) files_[name] = inode;
  }
  own->handle = new Handle{this, name, inode, is_new_journal, inode->failures};
  own->base.pMethods = &kFileMethods;
  return SQLITE_OK;
}

int LossyVfs::Remove(const char* path, int sync_folder) {
  const std::lock_guard lock(mutex_);
  if (cut_ || dead_) return SQLITE_IOERR_DELETE;
  const int code = real_->xDelete(real_, path, 0);
  if (code == SQLITE_OK) {
    files_.erase(path);
    if (sync_folder != 0) durable_files_ = files_;
  }
  return code;
}

int LossyVfs::Write(Handle& handle, sqlite3_file* real, const char* bytes, std::size_t size, std::size_t offset) {
  const std::lock_guard lock(mutex_);
  if (cut_ || dead_ || read_only_) return SQLITE_IOERR_WRITE;
  const bool fails = !handle.path.empty() && IsDue(Call::kWrite, ++writes_);
  if (fails) size /= 2;
  const std::uint64_t end = offset + size;
  if (end > handle.inode->size) {
    if (!handle.path.empty() && TotalBytes() + (end - handle.inode->size) > room_) {
      ++failures_;
      return SQLITE_FULL;
    }
    handle.inode->size = end;
  }
  if (size > 0) {
    const int code = real->pMethods->xWrite(real, bytes, static_cast<int>(size), static_cast<sqlite3_int64>(offset));
    if (code != SQLITE_OK) return code;
    if (!handle.path.empty()) handle.inode->pending.push_back({false, offset, std::string(bytes, size)});
  }
  return fails ? SQLITE_IOERR_WRITE : SQLITE_OK;
}

int LossyVfs::Truncate(Handle& handle, sqlite3_file* real, std::size_t size) {
  const std::lock_guard lock(mutex_);
  if (cut_ || dead_ || read_only_) return SQLITE_IOERR_TRUNCATE;
  if (!handle.path.empty() && IsDue(Call::kTruncate, ++truncations_)) return SQLITE_IOERR_TRUNCATE;
  const int code = real->pMethods->xTruncate(real, static_cast<sqlite3_int64>(size));
  if (code != SQLITE_OK) return code;
  handle.inode->size = size;
  handle.inode->pending.push_back({true, size, ""});
  return SQLITE_OK;
}

int LossyVfs::Sync(Handle& handle) {
  const std::lock_guard lock(mutex_);
  if (cut_ || dead_) return SQLITE_IOERR_FSYNC;
  if (handle.path.empty()) return SQLITE_OK;
  if (++syncs_ == cut_at_) {
    CutLocked();
    return SQLITE_IOERR_FSYNC;
  }
  if (syncs_ == die_at_) {
    dead_ = true;
    return SQLITE_IOERR_FSYNC;
  }
  if (handle.sync_failed) ++syncs_after_failure_;
  Inode& inode = *handle.inode;
  if (IsDue(Call::kSync, syncs_)) {
    inode.pending.clear();
    ++inode.failures;
  }
  if (std::exchange(handle.failures_seen, inode.failures) != inode.failures) {
    handle.sync_failed = true;
    return SQLITE_IOERR_FSYNC;
  }
  for (const Operation& operation : inode.pending) Perform(operation, inode.durable);
  inode.pending.clear();
  if (std::exchange(handle.syncs_folder, false)) durable_files_ = files_;
  return SQLITE_OK;
}

void LossyVfs::Perform(const Operation& operation, std::string& content) {
  if (operation.is_truncation) {
    content.resize(operation.offset, '\0');
    return;
  }
  const std::size_t end = operation.offset + operation.bytes.size();
  if (content.size() < end) content.resize(end, '\0');
  content.replace(operation.offset, operation.bytes.size(), operation.bytes);
}

void LossyVfs::CutLocked() {
  cut_ = true;
  const bool torn = survival_ == Survival::kTorn;
  for (const auto& [path, inode] : durable_files_) {
    const auto now = files_.find(path);
    const bool is_other = now != files_.end() && now->second != inode;
    if (now == files_.end() && torn && Dice()) continue;  // its removal had got to the disk
    if (is_other && torn && Dice()) continue;             // so had the new file's name, below
    left_[path] = Survivor(*inode);
  }
  for (const auto& [path, inode] : files_) {
    if (!left_.contains(path) && torn && Dice()) left_[path] = Survivor(*inode);
  }
}

std::string LossyVfs::Survivor(const Inode& inode) {
  std::string content = inode.durable;
  if (survival_ == Survival::kNothing) return content;
  for (const Operation& operation : inode.pending) {
    if (Dice()) {
      TearInto(operation, content);
    } else if (Dice()) {
      Perform(operation, content);
    }
  }
  return content;
}

// Of a write, only some sectors.
void LossyVfs::TearInto(const Operation& operation, std::string& content) {
  if (operation.is_truncation) return;
  const std::size_t end = operation.offset + operation.bytes.size();
  for (std::size_t from = operation.offset; from < end;) {
    const std::size_t to = std::min(end, (from / kSector + 1) * kSector);
    if (Dice()) Perform({false, from, operation.bytes.substr(from - operation.offset, to - from)}, content);
    from = to;
  }
}

}  // namespace crmsink::fault
