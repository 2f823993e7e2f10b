#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace crmsink {

struct BackupOptions {
  bool overwrite = false;  // a file that is there is replaced; else that is kInvalid
  // Called after each portion. False gives up: kUnavailable, and nothing is left behind.
  std::function<bool(std::uint64_t done, std::uint64_t total)> on_progress = {};  // bytes
  std::uint64_t portion = std::uint64_t{8} << 20;  // bytes that are read, written and synced at a time
};

struct BackupReport {
  std::uint64_t bytes = 0;
};

// Copies a SQLite database into a new file: everything that was committed when it began, and nothing of what came
// later. Servers may write meanwhile; none of them waits for it, but the WAL keeps what they write until it is over.
// The copy gets its name only when it is whole and on stable storage, is one file without a WAL, and may be read by its
// owner alone.
//
// kInvalid: PostgreSQL (the message says how to back that up), or a FILE that must not be replaced. kNotFound: no
// database. kCorrupt: it is none of ours. kUnavailable: the disk. A failure leaves FILE as it was.
[[nodiscard]] Result<BackupReport> Backup(const std::string& url, const std::string& file,
                                          const BackupOptions& options = {});

}  // namespace crmsink
