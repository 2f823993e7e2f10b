#pragma once

#include <chrono>

#include "base/result.h"
#include "storage/database.h"
#include "storage/postgres/libpq.h"

namespace crmsink::postgres {

// Connects to the first host of the URL that lets us in, each within its time: what libpq does by itself only where it
// may block. The caller ends it with PQfinish. The failures are those of Session::Connect.
[[nodiscard]] Result<PGconn*> OpenConnection(const DatabaseUrl& url, std::chrono::milliseconds patience);

}  // namespace crmsink::postgres
