#include "storage/sqlite/gathering_vfs.h"

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace crmsink::sqlite {
namespace {

// SQLite's own VFS takes less than 128 KiB in one call, as no page is longer than 64.
constexpr std::size_t kGathered = std::size_t{120} << 10;

// A WAL, as SQLite sees it; the base's file lies behind it in the same memory.
struct WalFile {
  sqlite3_file file;  // first: SQLite knows only this
  std::vector<char>* gathered;
  sqlite3_int64 offset;  // in the file, of the first byte gathered

  sqlite3_file* base() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

WalFile& Wal(sqlite3_file* file) { return *reinterpret_cast<WalFile*>(file); }

int HandOn(WalFile& wal) {
  if (wal.gathered->empty()) return SQLITE_OK;
  const int size = static_cast<int>(wal.gathered->size());
  const int result = wal.base()->pMethods->xWrite(wal.base(), wal.gathered->data(), size, wal.offset);
  wal.gathered->clear();
  return result;
}

// Hands on what was gathered, then calls the base's method.
template <class... Parameters, class... Values>
int Pass(sqlite3_file* file, int (*sqlite3_io_methods::*method)(sqlite3_file*, Parameters...), Values... values) {
  WalFile& wal = Wal(file);
  if (const int result = HandOn(wal); result != SQLITE_OK) return result;
  return (wal.base()->pMethods->*method)(wal.base(), values...);
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  WalFile& wal = Wal(file);
  const auto count = static_cast<std::size_t>(size);
  const bool follows = offset == wal.offset + static_cast<sqlite3_int64>(wal.gathered->size());
  if (!follows || wal.gathered->size() + count > kGathered) {
    if (const int result = HandOn(wal); result != SQLITE_OK) return result;
    wal.offset = offset;
  }
  if (count > kGathered) return wal.base()->pMethods->xWrite(wal.base(), bytes, size, offset);
  const char* const first = static_cast<const char*>(bytes);
  wal.gathered->insert(wal.gathered->end(), first, first + count);  // within what was reserved
  return SQLITE_OK;
}

int Close(sqlite3_file* file) {
  WalFile& wal = Wal(file);
  const int written = HandOn(wal);
  delete std::exchange(wal.gathered, nullptr);
  const int closed = wal.base()->pMethods->xClose(wal.base());
  return closed != SQLITE_OK ? closed : written;
}

using Methods = sqlite3_io_methods;

int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  return Pass(file, &Methods::xRead, bytes, size, offset);
}
int Truncate(sqlite3_file* file, sqlite3_int64 size) { return Pass(file, &Methods::xTruncate, size); }
int Sync(sqlite3_file* file, int flags) { return Pass(file, &Methods::xSync, flags); }
int FileSize(sqlite3_file* file, sqlite3_int64* size) { return Pass(file, &Methods::xFileSize, size); }
int Lock(sqlite3_file* file, int level) { return Pass(file, &Methods::xLock, level); }
int Unlock(sqlite3_file* file, int level) { return Pass(file, &Methods::xUnlock, level); }
int CheckReservedLock(sqlite3_file* file, int* result) { return Pass(file, &Methods::xCheckReservedLock, result); }
int FileControl(sqlite3_file* file, int what, void* argument) {
  return Pass(file, &Methods::xFileControl, what, argument);
}
int SectorSize(sqlite3_file* file) { return Wal(file).base()->pMethods->xSectorSize(Wal(file).base()); }
int Characteristics(sqlite3_file* file) { return Wal(file).base()->pMethods->xDeviceCharacteristics(Wal(file).base()); }

// Without shared memory and mapped pages, which SQLite asks of the database's own file only.
constexpr Methods kMethods = {
    1,
    Close,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReservedLock,
    FileControl,
    SectorSize,
    Characteristics,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

}  // namespace

int GatheringVfs::Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs& base = *reinterpret_cast<Registered*>(vfs)->base;
  if ((flags & SQLITE_OPEN_WAL) == 0) return base.xOpen(&base, name, file, flags, out_flags);
  WalFile& wal = Wal(file);
  wal.file.pMethods = nullptr;  // nothing to close unless this succeeds
  std::unique_ptr<std::vector<char>> gathered;
  try {
    gathered = std::make_unique<std::vector<char>>();
    gathered->reserve(kGathered);
  } catch (const std::exception&) {
    return SQLITE_NOMEM;
  }
  const int result = base.xOpen(&base, name, wal.base(), flags, out_flags);
  if (result != SQLITE_OK) {
    if (wal.base()->pMethods != nullptr) wal.base()->pMethods->xClose(wal.base());
    return result;
  }
  wal.gathered = gathered.release();
  wal.offset = 0;
  wal.file.pMethods = &kMethods;
  return SQLITE_OK;
}

GatheringVfs::GatheringVfs(const std::string& base_name) : registered_{}, name_(base_name) {
  sqlite3_vfs* const base = sqlite3_vfs_find(base_name.empty() ? nullptr : base_name.c_str());
  if (base == nullptr) return;
  static std::atomic<unsigned> made = 0;
  name_ = "gathering-" + std::to_string(++made);
  registered_ = {*base, base};
  registered_.vfs.zName = name_.c_str();
  registered_.vfs.szOsFile = static_cast<int>(sizeof(WalFile)) + base->szOsFile;
  registered_.vfs.pNext = nullptr;
  registered_.vfs.xOpen = Open;
  sqlite3_vfs_register(&registered_.vfs, 0);
}

GatheringVfs::~GatheringVfs() {
  if (registered_.base != nullptr) sqlite3_vfs_unregister(&registered_.vfs);
}

}  // namespace crmsink::sqlite
