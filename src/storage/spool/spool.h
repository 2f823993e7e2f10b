#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/delivery.h"

namespace crmsink {

namespace sqlite {
class Connection;
}

// Deliveries that wait for a database that is away: whole, durable, in the order in which they were put there, bounded
// by bytes. A SQLite file of its own.
//
// What is in it was promised to its sender, so nothing leaves it but by Delete. A Put that fails keeps nothing, or,
// where the disk failed half-way, perhaps all of it: then it is sent twice, which is harmless. A Delete that the disk
// does not take (it may be full, which is when a spool has to be emptied) is made up for later, and what it named is
// not given out again by this object; the next process would find it, which is harmless too.
//
// Thread-safety: all methods from any thread; what writes waits for its turn and for the disk, size() and has_room()
// wait for neither. One object has a file at a time: take a ServerLock.
class Spool {
 public:
  struct Size {
    std::uint64_t deliveries = 0;
    std::uint64_t bytes = 0;  // bodies, headers and 64 bytes for each delivery
    std::optional<Millis> oldest_received_at = {};
  };

  struct Entry {
    std::int64_t id = 0;
    std::uint64_t bytes = 0;  // what it counts for
    Delivery delivery;
  };

  // Opens the file, or makes it; `vfs` is SQLite's, for tests. kCorrupt: it is no spool, a newer program's, or damaged.
  [[nodiscard]] static Result<std::unique_ptr<Spool>> Open(const std::string& file, std::uint64_t max_bytes,
                                                           const std::string& vfs = "");
  // What another process has in its spool; nothing where there is no file. Changes nothing.
  [[nodiscard]] static Result<Size> Look(const std::string& file);

  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // Keeps all of them, in one transaction; when it returns they are on stable storage. kUnavailable: no room, in the
  // spool or on the disk.
  [[nodiscard]] Result<void> Put(std::span<const Delivery* const> deliveries);

  // The oldest ones above `after`, ascending: up to `limit`, and of more than one no more than `max_bytes` of bodies.
  [[nodiscard]] Result<std::vector<Entry>> Oldest(std::int64_t after, std::size_t limit, std::size_t max_bytes);

  // Removes them; their deliveries may be moved from. REQUIRES: Oldest gave them out.
  [[nodiscard]] Result<void> Delete(std::span<const Entry> entries);

  // Gives the file back; what is called next would open it again.
  void Close();

  Size size() const;
  // Is there room for more, and did the disk take the latest Put?
  bool has_room() const;

 private:
  Spool(std::string file, std::uint64_t max_bytes, std::string vfs);

  Result<void> Connect();
  Result<void> Measure();
  Result<void> PrepareToWrite();
  Result<void> Insert(std::span<const Delivery* const> deliveries);
  Result<void> DeleteDue();
  Result<void> StartAnew();
  void ShowSize();
  // Runs `work` on an open connection, and closes that where it fails.
  template <class Work>
  auto Do(std::string_view doing, Work&& work) -> decltype(work());

  const std::string file_;
  const std::uint64_t max_bytes_;
  const std::string vfs_;

  std::mutex mutex_;                            // of the file
  std::unique_ptr<sqlite::Connection> failed_;  // the last one that failed, until another one is open
  std::unique_ptr<sqlite::Connection> connection_;
  bool is_synced_ = false;    // nothing in the file is unsynced since before it was opened
  std::int64_t next_id_ = 1;  // never given twice, also not after a Put that failed
  std::uint64_t file_deliveries_ = 0, file_bytes_ = 0;
  std::map<std::int64_t, std::uint64_t> due_;  // in the file, to be deleted and not given out any more; and their bytes
  std::uint64_t due_bytes_ = 0;

  mutable std::mutex size_mutex_;  // of size_; taken last, and never for long
  Size size_;                      // of the file without what is due
  std::atomic<bool> takes_{true};
};

}  // namespace crmsink
