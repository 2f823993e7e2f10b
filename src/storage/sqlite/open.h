#pragma once

#include <memory>
#include <vector>

#include "storage/database.h"
#include "storage/query.h"

namespace crmsink::sqlite {

// What storage/database.h and storage/query.h promise, for a file.
[[nodiscard]] Result<std::unique_ptr<Store>> OpenStore(const DatabaseUrl& url, const OpenOptions& options);
[[nodiscard]] Result<std::vector<MigrationStatus>> MigrationsOf(const DatabaseUrl& url);
[[nodiscard]] Result<std::unique_ptr<QueryConnection::Backend>> OpenQuery(const DatabaseUrl& url);

}  // namespace crmsink::sqlite
