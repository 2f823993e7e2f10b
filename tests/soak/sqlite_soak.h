#pragma once

#include "soak.h"

namespace crmsink::soak {

// The server on a SQLite file: kill -9 at random moments, SIGTERM, SIGSTOP, the file locked by somebody else, and, in
// every third chapter, which is short and on a tmpfs, a disk that is full for a while. That one needs root.
class SqliteSoak final : public Soak {
 public:
  using Soak::Soak;

 private:
  void Chapter(std::uint64_t number, steady_clock::time_point end) override;
  void Trouble(Server& server, const TempFolder& folder, bool is_small);
  void FillDisk(Server& server, const TempFolder& folder);
};

}  // namespace crmsink::soak
