#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "signature/signing.h"

namespace crmsink::testing {

// HighLevel, as far as it matters here: posts signed deliveries over TLS, each with an id of its own, on several
// connections that are kept alive, until it is stopped.
class Sender {
 public:
  struct Report {
    std::map<std::string, std::size_t>
        answers;  // "200", "429 by the proxy", "429 by an instance", "429 without Retry-After", "no answer: ..."
    std::set<std::string> kept;  // ids answered 2xx
  };

  Sender() = default;
  ~Sender() { Stop(); }
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;

  std::string Pem() const { return signer_.Pem(); }

  void Start(int port, int connections = 8);
  void Stop();

  Report report() const;
  std::size_t Count(const std::string& answer) const;
  // Returns when there are so many more of it; false: not within 30 s.
  bool Await(const std::string& answer, std::size_t more) const;

 private:
  void Send(int port, int connection);
  // The body has what a proxy might change: letters beyond ASCII, white space, escapes.
  static std::string BodyOf(const std::string& id);

  Ed25519Signer signer_;
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
  mutable std::mutex mutex_;
  Report report_;
};

}  // namespace crmsink::testing
