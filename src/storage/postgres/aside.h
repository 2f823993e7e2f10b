#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/postgres/session.h"
#include "storage/store.h"

namespace crmsink::postgres {

// The tables beside the log: quarantine, unverified, event_counts, refusals. Statements of one transaction; what writes
// without a result is put off until the session is flushed. Belongs to the session's thread.
class Aside {
 public:
  Aside(Session& session, const std::string& schema) : session_(session), schema_(schema + ".") {}

  Result<Held> Hold(Holding where, const Delivery& delivery, std::string_view reason);
  Result<std::vector<HeldDelivery>> HeldAfter(Holding where, std::int64_t id, std::size_t limit);
  void Release(Holding where, std::int64_t id);
  void Count(std::span<const EventCount> counts);
  void Count(std::span<const RefusalCount> counts);

 private:
  Result<bool> HasRoom(const Delivery& delivery);
  std::string TableOf(Holding where) const;

  Session& session_;
  const std::string schema_;  // with its dot
};

}  // namespace crmsink::postgres
