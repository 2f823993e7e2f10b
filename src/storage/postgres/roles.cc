#include "storage/database.h"

namespace crmsink {

Result<void> GrantRoles(const std::string&, const std::string&, const std::string&) {
  return Fail(ErrorCode::kInvalid, "not yet");
}

}  // namespace crmsink
