#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "storage/sqlite/connection.h"

namespace crmsink::sqlite {

// Brings the WAL into the database beside the connection that writes. A checkpoint of the writer's own would hold it up
// for as long as it takes to copy and sync some 100 MB.
//
// A thread copies what is there, on a connection of its own (SQLite's PASSIVE checkpoint), and syncs the database,
// again and again until little is left. The writer copies that between two commits, so that the WAL begins anew: under
// load the thread would never catch up with it, and the WAL would grow without end.
//
// A checkpoint that fails is no failure of a commit, as the WAL has everything. But what the system does with writes
// whose sync failed nobody knows: the connections are to be given up, and new ones copy everything again.
class Checkpointer {
 public:
  struct Limits {
    int begin;      // at so many frames of the WAL the thread begins
    int hand_over;  // at so few that are left it is the writer's turn
  };

  // Takes the place of the writer's automatic checkpoints. Throws what SQLiteCpp throws. REQUIRES: `writer` is in WAL
  // mode and outlives this; `vfs` is the one below its own.
  Checkpointer(Connection& writer, const std::string& vfs, const Limits& limits);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // True once a checkpoint has failed, for ever. From any thread.
  bool has_failed() const { return turn_ == Turn::kForgetting || turn_ == Turn::kFailed; }

 private:
  enum class Turn {
    kNobody,
    kThread,
    kWriter,
    kForgetting,  // the thread's, after a failure: what was copied is not to count
    kFailed,
  };

  void OnCommit(int frames);
  void WakeThread(Turn turn);
  static Turn TurnAfterFailure(Connection& connection);
  void Finish();
  void Work();
  Turn CopyMost();

  const Limits limits_;
  Connection& writer_;
  Connection copier_;         // the thread's
  int next_ = limits_.begin;  // the writer's: at so many frames
  std::atomic<int> frames_{0};
  std::atomic<Turn> turn_{Turn::kNobody};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable changed_;  // turn_ or stopping_
  std::thread thread_;
};

}  // namespace crmsink::sqlite
