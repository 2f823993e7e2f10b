#pragma once

#include <memory>

#include "soak.h"
#include "support/postgres_cluster.h"

namespace crmsink::soak {

// The server on PostgreSQL with a synchronous standby and a spool: kill -9 of the program, immediate stop and SIGSTOP
// of the database, kills of its processes, and failovers, after each of which the new primary gets a new standby.
class PostgresSoak final : public Soak {
 public:
  using Soak::Soak;

 private:
  void Chapter(std::uint64_t number, steady_clock::time_point end) override;
  // False: the server must be started anew, with another URL.
  bool Trouble(Server& server);
  void FailOver(Server& server);
  std::string Url() const;
  void AwaitDrained(const Server& server);

  std::unique_ptr<PostgresCluster> primary_, standby_;
};

}  // namespace crmsink::soak
