#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sink.h"
#include "store_under_test.h"
#include "support/temp_folder.h"

namespace crmsink::contract {

// The program itself, by its public door, on an SQLite file in a folder of its own.
//
// Thread-safety: Accept may be called from several threads if all posts arrive at the same time, since the clock is one
// for all; the others only while none of them runs.
class SqliteStore final : public StoreUnderTest {
 public:
  SqliteStore();
  ~SqliteStore() override;

  std::vector<Ack> Accept(const std::vector<Post>& posts) override;
  std::string Dump() override;
  std::string DumpLog() override;
  std::size_t QuarantineCount() override;

  // Delivers without waiting in between, so that many share a commit, and returns when all outcomes are there.
  void SubmitAtOnce(const std::vector<Post>& posts);

  // The program's own door, for a server in front of it; whatever comes through it arrives at `now`.
  Sink& SinkAt(Millis now) {
    now_ = now;
    return *sink_;
  }

  // Makes the tables anew from the log, in place.
  void Replay();
  // The dump of another database, made from this one's log.
  std::string DumpOfReplayInto();
  // What `verify` finds, a line per difference.
  std::string Differences();

 private:
  TempFolder folder_;
  const std::string url_;
  std::atomic<Millis> now_ = 0;
  std::unique_ptr<Sink> sink_;
};

std::unique_ptr<StoreUnderTest> MakeSqliteStore();

}  // namespace crmsink::contract
