#include "storage/migrations.h"

#include "base/sha256.h"

namespace crmsink {

std::string ChecksumOf(const Migration& migration) { return Hex(Sha256({migration.sql})); }

}  // namespace crmsink
