#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sink.h"
#include "store_under_test.h"
#include "support/test_database.h"

namespace crmsink::contract {

using Backend = DatabaseUrl::Backend;

// The program itself, by its public door, on a database of its own.
//
// Thread-safety: Accept may be called from several threads if all posts arrive at the same time, since the clock is one
// for all; the others only while none of them runs.
class SinkStore final : public StoreUnderTest {
 public:
  explicit SinkStore(Backend backend);
  ~SinkStore() override;

  void Restart() override;
  std::vector<Ack> Accept(const std::vector<Post>& posts) override;
  std::string Dump() override;
  std::string DumpLog() override;
  // As `crmsink dump --log` gives it.
  std::string DumpWithLog();
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
  // The dump of another database, made from this one's log, and what `verify` finds there.
  std::string DumpOfReplayInto(Backend backend);
  // What `verify` finds, a line per difference.
  std::string Differences();

 private:
  void Open();

  const std::unique_ptr<TestDatabase> database_;
  std::map<Backend, std::unique_ptr<TestDatabase>> others_;  // that were replayed into
  std::atomic<Millis> now_ = 0;
  std::unique_ptr<Sink> sink_;
};

}  // namespace crmsink::contract
