#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace crmsink::fault {

// A SQLite VFS over the default one. Files live where they are said to; beside them it keeps, in memory, what a power
// cut would leave, and it can make calls fail.
//
// What is durable:
//   a file's bytes      as of its latest successful sync; all writes and truncations since are pending
//   names of files      which are there and which are removed: as of the latest sync of the folder. SQLite's unix VFS
//                       does that with the first sync of a new journal or WAL, and where a removal asks for it
//   -shm                never; it is memory
// A sync that fails throws the pending writes of its file away for ever, as Linux does: a second sync of them says
// that all is well, and they are not there. Whoever else has the file open is told of it by the next sync, once; who
// opens it afterwards never hears of it. A write that fails has written its first half; a truncation or an opening
// that fails has done nothing.
// Nothing is really synced, so a run is fast.
//
// Thread-safety: all methods may be called from any thread. The files must be closed before it is destroyed.
class LossyVfs {
 public:
  static constexpr std::size_t kForEver = std::numeric_limits<std::size_t>::max();

  enum class Call { kWrite, kSync, kTruncate, kOpen };
  // What of the pending writes a power cut leaves: none, or by the dice: whole ones, sectors of one, a new file's
  // name, a removal.
  enum class Survival { kNothing, kTorn };

  explicit LossyVfs(const std::string& name);
  ~LossyVfs();
  LossyVfs(const LossyVfs&) = delete;
  LossyVfs& operator=(const LossyVfs&) = delete;

  const std::string& name() const { return name_; }

  // The power goes at the n-th sync from the beginning on, before it takes effect: from then on everything that
  // changes a file fails.
  void CutAtSync(std::size_t n, Survival survival, std::uint64_t seed);
  // The power goes now.
  void Cut();
  bool is_cut() const;
  // The process dies at the n-th sync from the beginning on, before it takes effect: everything that changes a file
  // fails until Resume(), as if nobody asked for it. What was written stays pending, in the memory of the system.
  void DieAtSync(std::size_t n);
  void Resume();
  // Writes what the cut has left, or what it would leave now, into a folder.
  void WriteDurable(const std::filesystem::path& folder) const;

  // The n-th call of the kind from the beginning on fails with an I/O error, and so do the next ones, `times` in all.
  void FailAt(Call call, std::size_t n, std::size_t times = 1);
  // The files may have so many bytes together; a write beyond that says that the disk is full.
  void SetRoom(std::uint64_t bytes);
  // From now on nothing can be written, and what is opened is opened for reading.
  void SetReadOnly();
  // Nothing fails any more (but a cut is a cut).
  void Heal();

  std::size_t syncs() const;
  std::size_t writes() const;
  std::size_t truncations() const;
  std::size_t opens() const;     // of files that are kept
  std::size_t failures() const;  // calls that were made to fail
  // Syncs of a handle on which one had failed: they cannot be believed.
  std::size_t syncs_after_failure() const;
  std::uint64_t bytes() const;

 private:
  struct Operation {
    bool is_truncation;
    std::size_t offset;  // of a truncation: the new size
    std::string bytes;
  };
  struct Inode {
    std::string durable;
    std::vector<Operation> pending;
    std::uint64_t size = 0;
    std::size_t failures = 0;  // of syncs
  };
  using Folder = std::map<std::string, std::shared_ptr<Inode>>;
  struct Handle {
    LossyVfs* vfs;
    std::string path;  // empty: a temporary file, which nobody keeps
    std::shared_ptr<Inode> inode;
    bool syncs_folder;  // with its next sync
    std::size_t failures_seen;
    bool sync_failed = false;
  };
  // What SQLite holds; the default VFS's own file stands behind it.
  struct File {
    sqlite3_file base;
    Handle* handle;
    sqlite3_file* Real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  };
  struct Thunks;
  static const sqlite3_io_methods kFileMethods;
  struct Fault {
    std::size_t at = 0, times = 0;
  };

  static void Perform(const Operation& operation, std::string& content);
  bool IsDue(Call call, std::size_t count);
  int Open(const char* path, sqlite3_file* file, int flags, int* out_flags);
  int Remove(const char* path, int sync_folder);
  int Write(Handle& handle, sqlite3_file* real, const char* bytes, std::size_t size, std::size_t offset);
  int Truncate(Handle& handle, sqlite3_file* real, std::size_t size);
  int Sync(Handle& handle);
  std::shared_ptr<Inode> Enter(const std::string& path);
  std::uint64_t TotalBytes() const;
  void CutLocked();
  std::string Survivor(const Inode& inode);
  void TearInto(const Operation& operation, std::string& content);
  bool Dice() { return (random_() & 1U) != 0; }

  const std::string name_;
  sqlite3_vfs* const real_;
  sqlite3_vfs vfs_{};

  mutable std::mutex mutex_;
  Folder files_;          // as the running program sees the folder
  Folder durable_files_;  // as the disk does
  bool cut_ = false;
  std::map<std::string, std::string> left_;  // after the cut
  std::size_t cut_at_ = 0, die_at_ = 0;
  bool dead_ = false;
  Survival survival_ = Survival::kNothing;
  std::mt19937_64 random_;
  std::map<Call, Fault> faults_;
  bool read_only_ = false;
  std::uint64_t room_ = std::numeric_limits<std::uint64_t>::max();
  std::size_t syncs_ = 0, writes_ = 0, truncations_ = 0, opens_ = 0, failures_ = 0, syncs_after_failure_ = 0;
};

}  // namespace crmsink::fault
