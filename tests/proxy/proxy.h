#pragma once

#include <memory>
#include <string>
#include <vector>

#include "fault/server_process.h"

namespace crmsink::testing {

// A proxy with the configuration that config/ has for it, but for addresses, certificate and the longest wait for an
// answer, which is three seconds. It ends with the object.
class Proxy {
 public:
  enum class Kind { kHaproxy, kNginx, kCaddy };

  static bool IsInstalled(Kind kind);

  // `ports` of the instances, three of them. Throws where it does not start.
  Proxy(Kind kind, const std::string& folder, const std::vector<int>& ports);

  int port() const { return port_; }  // of 127.0.0.1, with TLS

 private:
  void AwaitPort() const;

  const int port_;
  const std::string log_;
  std::unique_ptr<fault::ServerProcess> process_;
};

}  // namespace crmsink::testing
