#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "fault/evidence.h"
#include "fault/lossy_vfs.h"
#include "sink.h"

namespace crmsink::fault {

// Forty deliveries in a dozen groups on a file behind a LossyVfs, with checkpoints between some groups: the same calls
// in the same order each time, so that the n-th of them is always the same one. A group is handed in from the outcome
// of the one before, on the writer's thread, so it is committed as one. Each refused delivery comes again, as its
// sender would send it, at most `tries` times.
class ShortRun {
 public:
  struct Options {
    std::string synchronous = "FULL";
    int tries = 1;
    std::uint64_t seed = 1;
    bool checkpoints = true;  // of another connection, between some groups
    int checkpoint_frames =
        64'000;  // a small one lets the store's own run beside the groups; then no two runs are alike
  };

  ShortRun(LossyVfs& vfs, std::string file, const Options& options);

  // To the end, closing included. False: the database could not even be opened.
  bool Go();

  const Promised& promised() const { return promised_; }
  std::size_t refused() const { return refused_; }    // still, after the last try
  std::size_t failures() const { return failures_; }  // commits that failed
  const std::string& error() const { return error_; }

 private:
  struct Item {
    MadeEvent event;
    int tries_left;
  };

  void MakeGroups(std::uint64_t seed);
  void HandIn(std::size_t group);
  void Note(std::size_t group, const Item& item, const Ack& ack);
  void Checkpoint(std::size_t group);

  LossyVfs& vfs_;
  const std::string file_;
  const Options options_;
  std::vector<std::vector<Item>> groups_;
  std::unique_ptr<Sink> sink_;
  std::size_t open_ = 0;  // outcomes of the group that are to come
  std::vector<Item> again_;
  std::promise<void> end_;
  Promised promised_;
  std::size_t refused_ = 0, failures_ = 0;
  std::string error_;
};

// The calls that opening a new database makes, its migrations included; always the same.
struct OpeningCalls {
  std::size_t writes = 0, syncs = 0, truncations = 0, opens = 0;
};
OpeningCalls CountOpeningCalls();

// The call after the n-th at which something is to go wrong next: every step-th of what follows the opening, but only
// some dozen of the opening, since that grows with each migration.
std::size_t NextCall(std::size_t n, std::size_t opening, std::size_t step);

}  // namespace crmsink::fault
