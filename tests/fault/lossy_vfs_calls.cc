#include "fault/lossy_vfs.h"

namespace crmsink::fault {

// SQLite's calls, handed on.
struct LossyVfs::Thunks {
  static File* Of(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
  static sqlite3_file* Real(sqlite3_file* file) { return Of(file)->Real(); }
  static LossyVfs* Of(sqlite3_vfs* vfs) { return static_cast<LossyVfs*>(vfs->pAppData); }

  static int Close(sqlite3_file* file) {
    sqlite3_file* real = Real(file);
    const int code = real->pMethods == nullptr ? SQLITE_OK : real->pMethods->xClose(real);
    delete Of(file)->handle;
    return code;
  }
  static int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    return Real(file)->pMethods->xRead(Real(file), out, size, offset);
  }
  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    Handle& handle = *Of(file)->handle;
    return handle.vfs->Write(handle, Real(file), static_cast<const char*>(bytes), static_cast<std::size_t>(size),
                             static_cast<std::size_t>(offset));
  }
  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    Handle& handle = *Of(file)->handle;
    return handle.vfs->Truncate(handle, Real(file), static_cast<std::size_t>(size));
  }
  static int Sync(sqlite3_file* file, int) { return Of(file)->handle->vfs->Sync(*Of(file)->handle); }
  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    return Real(file)->pMethods->xFileSize(Real(file), size);
  }
  static int Lock(sqlite3_file* file, int level) { return Real(file)->pMethods->xLock(Real(file), level); }
  static int Unlock(sqlite3_file* file, int level) { return Real(file)->pMethods->xUnlock(Real(file), level); }
  static int CheckReservedLock(sqlite3_file* file, int* out) {
    return Real(file)->pMethods->xCheckReservedLock(Real(file), out);
  }
  static int FileControl(sqlite3_file* file, int what, void* argument) {
    return Real(file)->pMethods->xFileControl(Real(file), what, argument);
  }
  static int SectorSize(sqlite3_file* file) { return Real(file)->pMethods->xSectorSize(Real(file)); }
  static int DeviceCharacteristics(sqlite3_file* file) {
    return Real(file)->pMethods->xDeviceCharacteristics(Real(file));
  }
  static int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, out);
  }
  static int ShmLock(sqlite3_file* file, int offset, int n, int flags) {
    return Real(file)->pMethods->xShmLock(Real(file), offset, n, flags);
  }
  static void ShmBarrier(sqlite3_file* file) { Real(file)->pMethods->xShmBarrier(Real(file)); }
  static int ShmUnmap(sqlite3_file* file, int remove) { return Real(file)->pMethods->xShmUnmap(Real(file), remove); }

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    return Of(vfs)->Open(path, file, flags, out_flags);
  }
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) { return Of(vfs)->Remove(path, sync_folder); }
  static int Access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    return Of(vfs)->real_->xAccess(Of(vfs)->real_, path, flags, out);
  }
  static int FullPathname(sqlite3_vfs* vfs, const char* path, int size, char* out) {
    return Of(vfs)->real_->xFullPathname(Of(vfs)->real_, path, size, out);
  }
  static int Randomness(sqlite3_vfs* vfs, int size, char* out) {
    return Of(vfs)->real_->xRandomness(Of(vfs)->real_, size, out);
  }
  static int Sleep(sqlite3_vfs* vfs, int micros) { return Of(vfs)->real_->xSleep(Of(vfs)->real_, micros); }
  static int CurrentTime(sqlite3_vfs* vfs, double* out) { return Of(vfs)->real_->xCurrentTime(Of(vfs)->real_, out); }
  static int CurrentTimeInt64(sqlite3_vfs* vfs, sqlite3_int64* out) {
    return Of(vfs)->real_->xCurrentTimeInt64(Of(vfs)->real_, out);
  }
  static int GetLastError(sqlite3_vfs* vfs, int size, char* out) {
    return Of(vfs)->real_->xGetLastError(Of(vfs)->real_, size, out);
  }
};

// Version 2: without memory-mapped reading, which would go round this.
const sqlite3_io_methods LossyVfs::kFileMethods = {
    .iVersion = 2,
    .xClose = Thunks::Close,
    .xRead = Thunks::Read,
    .xWrite = Thunks::Write,
    .xTruncate = Thunks::Truncate,
    .xSync = Thunks::Sync,
    .xFileSize = Thunks::FileSize,
    .xLock = Thunks::Lock,
    .xUnlock = Thunks::Unlock,
    .xCheckReservedLock = Thunks::CheckReservedLock,
    .xFileControl = Thunks::FileControl,
    .xSectorSize = Thunks::SectorSize,
    .xDeviceCharacteristics = Thunks::DeviceCharacteristics,
    .xShmMap = Thunks::ShmMap,
    .xShmLock = Thunks::ShmLock,
    .xShmBarrier = Thunks::ShmBarrier,
    .xShmUnmap = Thunks::ShmUnmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

LossyVfs::LossyVfs(const std::string& name) : name_(name), real_(sqlite3_vfs_find(nullptr)) {
  vfs_.iVersion = 2;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.mxPathname = real_->mxPathname;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = Thunks::Open;
  vfs_.xDelete = Thunks::Delete;
  vfs_.xAccess = Thunks::Access;
  vfs_.xFullPathname = Thunks::FullPathname;
  vfs_.xRandomness = Thunks::Randomness;
  vfs_.xSleep = Thunks::Sleep;
  vfs_.xCurrentTime = Thunks::CurrentTime;
  vfs_.xCurrentTimeInt64 = Thunks::CurrentTimeInt64;
  vfs_.xGetLastError = Thunks::GetLastError;
  sqlite3_vfs_register(&vfs_, 0);
}

LossyVfs::~LossyVfs() { sqlite3_vfs_unregister(&vfs_); }

}  // namespace crmsink::fault
