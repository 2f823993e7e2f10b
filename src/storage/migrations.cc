#include "storage/migrations.h"

#include <algorithm>

#include "base/sha256.h"

namespace crmsink {

std::string ChecksumOf(const Migration& migration) { return Hex(Sha256({migration.sql})); }

std::string TitleOf(int version, std::string_view name) {
  const std::string number = std::to_string(version);
  return std::string(4 - std::min<std::size_t>(number.size(), 4), '0') + number + "_" + std::string(name);
}

Result<void> CompareMigrations(std::span<const AppliedMigration> applied, std::span<const Migration> known) {
  for (std::size_t i = 0; i < applied.size(); ++i) {
    const std::string title = TitleOf(applied[i].version, applied[i].name);
    if (i >= known.size()) {
      return Fail(ErrorCode::kCorrupt, "the database is newer than this program: it has migration " + title +
                                           ", this program knows " + std::to_string(known.size()) +
                                           "; install the newer version");
    }
    if (applied[i].version != known[i].version) {
      return Fail(ErrorCode::kCorrupt, "migration " + TitleOf(known[i].version, known[i].name) +
                                           " was never applied, but " + title +
                                           " was: the database was not made by this program");
    }
    if (applied[i].checksum != ChecksumOf(known[i])) {
      return Fail(ErrorCode::kCorrupt, "migration " + title +
                                           " is not the one that was applied: its checksum has changed; migrations "
                                           "are never edited, so install the version that made this database or newer");
    }
  }
  return {};
}

}  // namespace crmsink
