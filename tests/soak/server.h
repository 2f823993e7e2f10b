#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "fault/server_process.h"

namespace crmsink::soak {

// `crmsink serve`, again and again. Throws where it does not start.
// Thread-safety: none.
class Server {
 public:
  // `arguments` behind "serve"; listeners are added.
  Server(std::string program, std::vector<std::string> arguments, std::string log_file)
      : program_(std::move(program)), arguments_(std::move(arguments)), log_file_(std::move(log_file)) {}

  void Start();
  void Kill();
  // The exit code.
  int Stop();
  void Freeze();
  void Thaw();

  const std::string& url() const { return url_; }
  // A number of /metrics; -1 where there is none.
  double Metric(const std::string& name) const;
  // The most memory that any of them has had, in KiB.
  std::int64_t peak_memory() const { return peak_memory_; }
  std::string log() const;

  std::vector<std::string>& arguments() { return arguments_; }  // for the next start

 private:
  void NoteMemory();

  const std::string program_;
  std::vector<std::string> arguments_;
  const std::string log_file_;
  std::unique_ptr<fault::ServerProcess> process_;
  std::string url_;
  std::int64_t peak_memory_ = 0;
};

}  // namespace crmsink::soak
