#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ingest/group_writer.h"
#include "ingest/outage.h"
#include "storage/spool/spool.h"

namespace crmsink {

// Brings what is in the spool into the database, oldest first, as ordinary ingest with the time of arrival that was
// kept; and finds out when a database that was away is back. What it has committed leaves the spool afterwards, so that
// whatever fails or dies in between, it is sent again and found to be there.
//
// While the database is away it tries again and again, after pauses that grow and are never the same for two. One
// commit says that it is back; where nothing is in the spool, an empty one. The groups get smaller with each failure
// and larger with each success, so that one that is too much for the server ends as single deliveries. A single one
// that fails, while an empty commit works, is at fault itself: it stays in the spool, those behind it go on, and it is
// tried again when they are through.
//
// Thread-safety: all methods from any thread. Callbacks come from the drainer's own.
class Drainer {
 public:
  struct Options {
    GroupWriter::Options writing;
    std::chrono::milliseconds first_pause{100}, longest_pause{10'000};
    // The database is back, and so many deliveries are still to be drained.
    std::function<void(std::uint64_t deliveries)> on_back = {};
    // Called after that, with a store that works.
    std::function<void(Store& store)> after_outage = {};
    // The spool has become empty; so many have been drained since it last was.
    std::function<void(std::uint64_t deliveries)> on_drained = {};
    // A delivery is passed over, or the spool fails. Once for the same message between two outages.
    std::function<void(const Error& error)> on_stuck = {};
    // Deliveries are committed, and about to leave the spool.
    std::function<void()> on_deleting = {};
  };

  // Both outlive the drainer.
  Drainer(Options options, Spool& spool, Outage& outage);
  ~Drainer();  // Stop()
  Drainer(const Drainer&) = delete;
  Drainer& operator=(const Drainer&) = delete;

  // Finishes the group that it is at, and ends the thread; what is in the spool stays. Idempotent.
  void Stop();

  std::uint64_t drained() const { return drained_; }
  GroupWriter::Counters counters() const { return writer_.counters(); }

 private:
  enum class Next { kAgain, kWait, kPause };

  void Run();
  Next Step();
  Next AtTheEnd();
  Next Drain(std::vector<Spool::Entry>& entries);
  void Remove(std::span<const Spool::Entry> entries);
  Next AfterFailure(std::span<const Spool::Entry> left, const Error& failure);
  bool LooksForDatabase();
  void Back();
  void TellStuck(const Error& error);
  std::chrono::milliseconds NextPause();

  const Options options_;
  Spool& spool_;
  Outage& outage_;
  GroupWriter writer_;
  std::int64_t after_ = 0;  // up to here everything is drained or passed over
  std::size_t limit_;       // of the next group
  std::chrono::milliseconds pause_;
  std::uint64_t drained_since_empty_ = 0;
  std::set<std::string> told_;  // since the last outage
  std::minstd_rand dice_;
  std::atomic<std::uint64_t> drained_{0};
  std::atomic<bool> stopped_{false};
  std::thread thread_;  // last: it uses everything above
};

}  // namespace crmsink
