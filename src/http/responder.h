#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "http/exchange.h"

namespace crmsink::http {

// Turns an exchange into the bytes of its answer by running httplib's server on it, in memory. What differs between the
// versions of httplib is in responder.cc.
//
// httplib is shown a request line alone, with the path "/": the edge has read everything else, has matched the path by
// string comparison and has taken the body, so that nothing of the sender's is decoded, matched by a regular expression
// or refused a second time.
//
// Not thread-safe: one for each I/O thread.
class Responder {
 public:
  // `keep_alive` is what an idle connection is promised.
  explicit Responder(std::chrono::seconds keep_alive);
  ~Responder();
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  // Replaces `out` with the whole answer and returns its status. An exception from Render makes a 429, and says nothing
  // of the exception.
  int Respond(Routes& routes, const Exchange& exchange, bool close, std::string& out);

 private:
  class InMemoryServer;
  std::unique_ptr<InMemoryServer> server_;
};

// The answer for what the edge refuses by itself, in JSON: it closes the connection. For 400, 408, 411, 413, 414, 415,
// 431 and 429; another number gives the 429. Allocates at its first call only. Thread-safe.
std::string_view RefusalAnswer(int status);

}  // namespace crmsink::http
