#include "storage/postgres/open.h"

namespace crmsink::postgres {

Result<std::unique_ptr<Store>> OpenStore(const DatabaseUrl&, const OpenOptions&) {
  return Fail(ErrorCode::kInvalid, "not yet");
}
Result<std::vector<MigrationStatus>> MigrationsOf(const DatabaseUrl&) { return Fail(ErrorCode::kInvalid, "not yet"); }
Result<std::unique_ptr<QueryConnection::Backend>> OpenQuery(const DatabaseUrl&) {
  return Fail(ErrorCode::kInvalid, "not yet");
}

}  // namespace crmsink::postgres
