#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "fault/server_process.h"

namespace crmsink::fault {

// `crmsink serve` on a database of PostgreSQL, as a process of its own, with its spool and its log in a folder; it lets
// everyone in. Throws where it does not start.
// Thread-safety: none.
class Receiver {
 public:
  struct Options {
    std::string database;
    std::string folder;
    std::string name = "main";           // no two on one database
    std::vector<std::string> more = {};  // further arguments
    std::string spool = "";              // empty: in the folder
    std::string program = BinaryPath();  // or one that takes the same arguments
    bool waits = true;                   // false: it is launched, and nobody waits
  };

  explicit Receiver(Options options);

  // Again, after it was killed or has ended. Those that are to start at the same time are launched, and awaited.
  void Start();
  void Launch();
  void AwaitStart();
  void Kill() { process_->Kill(); }
  bool AwaitEnd() { return process_->AwaitEnd(); }
  // Its exit code.
  int Stop() { return process_->Stop(); }

  const std::string& url() const { return url_; }
  std::string Log() const;

  // ---- What its admin listener says

  // The body; "CODE body" where it is not 200.
  std::string Get(const std::string& path) const;
  // A number of /metrics; -1 where there is none.
  double Metric(const std::string& name) const;
  // Whether the database is there and the spool empty within the time.
  bool AwaitDrained(std::chrono::milliseconds patience = std::chrono::seconds(40)) const;
  // Whether the database is taken for there within the time.
  bool AwaitBack(std::chrono::milliseconds patience = std::chrono::seconds(40)) const;
  // Whether a metric gets at least so large within the time.
  bool AwaitMetric(const std::string& name, double least,
                   std::chrono::milliseconds patience = std::chrono::seconds(20)) const;

 private:
  std::vector<std::string> Arguments() const;

  const Options options_;
  std::unique_ptr<ServerProcess> process_;
  std::string url_;
};

// Runs a command of the program to its end.
struct CommandOutcome {
  int exit_code = -1;
  std::string output;  // both streams
};
CommandOutcome RunCommand(const std::vector<std::string>& arguments, const std::string& folder);

std::string ReadFile(const std::string& path);

}  // namespace crmsink::fault
