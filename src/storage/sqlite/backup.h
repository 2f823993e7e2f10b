#pragma once

#include "storage/backup.h"
#include "storage/database.h"

namespace crmsink::sqlite {

// Copies the database into `file`, which is there and empty, as storage/backup.h says; on a failure what is in it is of
// no use.
[[nodiscard]] Result<BackupReport> CopyInto(const DatabaseUrl& url, const std::string& file,
                                            const BackupOptions& options);

}  // namespace crmsink::sqlite
