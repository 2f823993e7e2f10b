#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "ingest/last_events.h"
#include "sink.h"

namespace crmsink {

class QueryConnection;

// Takes the figures of a sink's database and disks when somebody asks for them, on a thread of its own, so that nobody
// waits for a database that hangs. Nobody asks: nothing is done, and there is no thread.
//
// Thread-safety: all methods from any thread.
class FigureTaker {
 public:
  struct Options {
    std::string database;    // its URL
    std::string spool_file;  // empty: there is none
    // Figures that are not older than this are not taken anew.
    std::chrono::milliseconds freshness{5'000};
  };

  // With the first figures `last_events` learns what event_counts say of the last 31 days; it outlives this.
  FigureTaker(Options options, LastEvents& last_events);
  ~FigureTaker();  // Stop()
  FigureTaker(const FigureTaker&) = delete;
  FigureTaker& operator=(const FigureTaker&) = delete;

  // See Sink::figures.
  [[nodiscard]] std::shared_ptr<const Sink::Figures> Latest();

  // Asks for nothing more; Stop() waits for what is under way, too, which a server that hangs can hold up for ten
  // seconds. Both idempotent.
  void BeginStop();
  void Stop();

 private:
  void Run();
  Sink::Figures Take();
  void Ask(QueryConnection& connection, const std::string& schema, Sink::Figures& figures);

  const Options options_;
  LastEvents& last_events_;
  bool has_last_events_ = false;  // of the thread alone
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = false, stopped_ = false;
  std::chrono::steady_clock::time_point taken_;
  std::shared_ptr<const Sink::Figures> latest_;
  std::thread thread_;
};

}  // namespace crmsink
