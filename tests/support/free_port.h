#pragma once

namespace crmsink {

// A port of 127.0.0.1 that nobody listens at now. It is none of those that the system gives to connections, so that a
// server that ends and is started again finds it free. Throws where there is none.
int FreePort();

}  // namespace crmsink
