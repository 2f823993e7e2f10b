#include "storage/sqlite/gathering_vfs.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <type_traits>

namespace crmsink::sqlite {
namespace {

// SQLite's own VFS takes less than 128 KiB in one call, as no page is longer than 64.
constexpr std::size_t kGathered = std::size_t{120} << 10;
// A commit below the first has the WAL grow by the second, in pieces of the third.
constexpr std::size_t kSmall = std::size_t{60} << 10;
constexpr int kGrowth = 1 << 18, kPiece = 1 << 16;

}  // namespace

// What SQLite calls.
struct GatheringVfs::Calls {
  static GatheringVfs& Of(sqlite3_file* file) { return *reinterpret_cast<const Methods*>(file->pMethods)->owner; }

  // Of the VFS: as the base's, then takes the file over.
  static int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    static_assert(std::is_standard_layout_v<GatheringVfs>);
    GatheringVfs& self = *reinterpret_cast<GatheringVfs*>(vfs);  // its first member
    const int result = self.base_->xOpen(self.base_, name, file, flags, out_flags);
    if (result != SQLITE_OK) return result;
    if ((flags & SQLITE_OPEN_MAIN_DB) != 0 && self.database_ == nullptr) {
      TakeDatabase(self, *file);
    } else if ((flags & SQLITE_OPEN_WAL) != 0 && self.wal_ == nullptr && self.database_ != nullptr) {
      TakeWal(self, *file);
    }
    return result;
  }

  static void TakeDatabase(GatheringVfs& self, sqlite3_file& file) {
    if (file.pMethods->iVersion < 2) return;  // it has no shared memory to be told of a commit by
    self.database_ = file.pMethods;
    self.database_methods_ = {*file.pMethods, &self};
    self.database_methods_.table.xShmLock = ShmLock;
    self.database_methods_.table.xShmBarrier = ShmBarrier;
    file.pMethods = &self.database_methods_.table;
  }

  static void TakeWal(GatheringVfs& self, sqlite3_file& file) {
    try {
      self.gathered_.reserve(kGathered);
    } catch (const std::exception&) {
      return;  // it is written as SQLite would
    }
    self.wal_ = &file;
    self.length_ = 0;
    self.header_is_safe_ = false;
    self.unsynced_from_.reset();
    self.log_ = file.pMethods;
    self.log_methods_ = {*file.pMethods, &self};
    sqlite3_io_methods& table = self.log_methods_.table;
    table.iVersion = 1;  // no others are asked of a WAL
    table.xClose = Close;
    table.xRead = Read;
    table.xWrite = Write;
    table.xTruncate = Truncate;
    table.xSync = Sync;
    table.xFileSize = FileSize;
    table.xFileControl = FileControl;
    file.pMethods = &table;
  }

  // ---- Of the database's file

  static int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
    static_cast<void>(Of(file).HandOn());
    return Of(file).database_->xShmLock(file, offset, count, flags);
  }
  static void ShmBarrier(sqlite3_file* file) {
    static_cast<void>(Of(file).HandOn());
    Of(file).unsynced_from_.reset();  // what others know of is not cut off any more
    Of(file).database_->xShmBarrier(file);
  }

  // ---- Of the WAL

  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    GatheringVfs& self = Of(file);
    const auto count = static_cast<std::size_t>(size);
    const bool follows = offset == self.offset_ + static_cast<sqlite3_int64>(self.gathered_.size());
    if (!follows || self.gathered_.size() + count > kGathered) {
      if (const int result = self.HandOn(); result != SQLITE_OK) return result;
    }
    if (count > kGathered) return self.log_->xWrite(file, bytes, size, offset);
    if (self.gathered_.empty()) self.offset_ = offset;
    const char* const first = static_cast<const char*>(bytes);
    self.gathered_.insert(self.gathered_.end(), first, first + count);  // within what was reserved
    return SQLITE_OK;
  }

  static int Close(sqlite3_file* file) {
    GatheringVfs& self = Of(file);
    static_cast<void>(self.HandOn());
    self.wal_ = nullptr;
    return self.log_->xClose(file);
  }

  // Hands on what was gathered, then calls the base's method.
  template <class... Parameters, class... Values>
  static int Pass(sqlite3_file* file, int (*sqlite3_io_methods::*method)(sqlite3_file*, Parameters...),
                  Values... values) {
    if (const int result = Of(file).HandOn(); result != SQLITE_OK) return result;
    return (Of(file).log_->*method)(file, values...);
  }

  static int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
    return Pass(file, &sqlite3_io_methods::xRead, bytes, size, offset);
  }
  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    Of(file).length_ = 0;
    return Pass(file, &sqlite3_io_methods::xTruncate, size);
  }
  static int Sync(sqlite3_file* file, int flags) {
    GatheringVfs& self = Of(file);
    const int result = Pass(file, &sqlite3_io_methods::xSync, flags);
    if (result == SQLITE_OK) {
      self.header_is_safe_ = true;
    } else {
      self.CutOffUnsynced();
    }
    self.unsynced_ = 0;
    self.unsynced_from_.reset();
    return result;
  }
  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    return Pass(file, &sqlite3_io_methods::xFileSize, size);
  }
  static int FileControl(sqlite3_file* file, int what, void* argument) {
    return Pass(file, &sqlite3_io_methods::xFileControl, what, argument);
  }
};

// A sync of a file that has grown waits for its length, too, more than twice as long as one of a file that is written
// over. So one that grows by small commits grows ahead of them, as far as the disk has room. Zeros are no frames, but
// as long as the WAL's header is not safe, an older one may be there after a loss of power, and frames behind it that
// must not be found in part.
void GatheringVfs::Grow() {
  static constexpr char kZeros[kPiece] = {};
  const sqlite3_int64 end = offset_ + static_cast<sqlite3_int64>(gathered_.size());
  if (!header_is_safe_ || end <= length_ || unsynced_ > kSmall) return;
  if (log_->xFileSize(wal_, &length_) != SQLITE_OK || end <= length_) return;
  for (const sqlite3_int64 grown = length_ + kGrowth; length_ < grown; length_ += kPiece) {
    if (log_->xWrite(wal_, kZeros, kPiece, length_) != SQLITE_OK) return;
  }
}

// The system may have dropped what it could not write, and yet show it to whoever reads the file, until the power goes.
// Another process would find a commit there, and bring it into the database, to which the WAL that is left on the disk
// would be an older one.
void GatheringVfs::CutOffUnsynced() {
  if (!unsynced_from_) return;
  log_->xTruncate(wal_, *unsynced_from_);
  length_ = 0;
}

// What could not be written is forgotten, as its transaction is: the next one writes to the same place.
int GatheringVfs::HandOn() {
  if (gathered_.empty()) return SQLITE_OK;
  unsynced_ += gathered_.size();
  unsynced_from_ = std::min(unsynced_from_.value_or(offset_), offset_);
  if (offset_ == 0) header_is_safe_ = false;
  Grow();
  const int result = log_->xWrite(wal_, gathered_.data(), static_cast<int>(gathered_.size()), offset_);
  gathered_.clear();
  return result;
}

GatheringVfs::GatheringVfs(const std::string& base)
    : base_(sqlite3_vfs_find(base.empty() ? nullptr : base.c_str())), name_(base) {
  if (base_ == nullptr) return;
  static std::atomic<unsigned> made = 0;
  name_ = "gathering-" + std::to_string(++made);
  vfs_ = *base_;  // its other methods find in pAppData what is the base's
  vfs_.zName = name_.c_str();
  vfs_.pNext = nullptr;
  vfs_.xOpen = Calls::Open;
  sqlite3_vfs_register(&vfs_, 0);
}

GatheringVfs::~GatheringVfs() {
  if (base_ != nullptr) sqlite3_vfs_unregister(&vfs_);
}

}  // namespace crmsink::sqlite
