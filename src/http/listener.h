#pragma once

#include <string>

namespace crmsink::http {

class Routes;
class TlsContext;

// Where the edge listens, and what for. What it points to outlives the edge.
struct Listener {
  std::string address;  // HOST:PORT or [HOST]:PORT; port 0 takes a free one
  Routes* routes = nullptr;
  TlsContext* tls = nullptr;  // null: plain HTTP
  // A socket that listens already, which somebody else has opened and may go on with afterwards; then `address` does
  // not matter. Becomes the edge's own. -1: none.
  int descriptor = -1;
};

}  // namespace crmsink::http
