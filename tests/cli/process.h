#pragma once

#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace crmsink::testing {

struct Outcome {
  int exit_code = -1;  // 128 + the signal that ended it
  std::string out, err;
};

// The program itself, in a folder of the test's, with none of this process's CRMSINK_ variables. Both streams go to
// files in that folder. One that still runs is killed and waited for.
class Process {
 public:
  Process(const std::vector<std::string>& arguments, const std::string& folder,
          const std::map<std::string, std::string>& environment = {}, const std::string& input = "");
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The first line of standard output, without its end; empty if the program ends before, or after ten seconds.
  std::string FirstLine();
  // What is on standard output and standard error by now.
  std::string OutSoFar() const;
  std::string ErrSoFar() const;
  void Signal(int signal) const;
  // Waits for the end, at most thirty seconds, then kills it.
  Outcome Wait();

 private:
  [[nodiscard]] bool HasEnded();

  pid_t pid_ = -1;
  int status_ = 0;
  bool ended_ = false;
  std::string out_file_, err_file_;
};

// Runs it to the end.
Outcome RunProgram(const std::vector<std::string>& arguments, const std::string& folder,
                   const std::map<std::string, std::string>& environment = {}, const std::string& input = "");

}  // namespace crmsink::testing
