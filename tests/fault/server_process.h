#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/paths.h"

namespace crmsink::fault {

// The real program as a process of its own; what it logs goes to a file. It is killed with the object, and with the
// thread that started it where that ends first.
class ServerProcess {
 public:
  // `arguments` without the program's name.
  ServerProcess(const std::vector<std::string>& arguments, const std::string& log_file,
                const std::string& program = BinaryPath());
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // Its address, as soon as it has said that it listens. Empty: it ended, or said nothing in time.
  std::string AwaitUrl(std::chrono::milliseconds patience = std::chrono::seconds(20));
  // That of its admin listener, after AwaitUrl.
  const std::string& admin_url() const { return admin_url_; }

  // Whether it has ended by itself within the time.
  bool AwaitEnd(std::chrono::milliseconds patience = std::chrono::seconds(20));
  // After AwaitEnd; -1 where a signal ended it.
  int exit_code() const { return exit_code_; }
  // kill -9, and waits until it is gone.
  void Kill();
  void Signal(int signal) const;
  pid_t process() const { return process_; }
  // SIGTERM; its exit code, or -1 where a signal ended it.
  int Stop();

 private:
  pid_t process_ = -1;
  int output_ = -1;
  int exit_code_ = -1;
  std::string admin_url_;
};

}  // namespace crmsink::fault
