#pragma once

#include <memory>
#include <vector>

#include "storage/database.h"
#include "storage/query.h"

namespace crmsink::postgres {

// What storage/database.h and storage/query.h promise, for a PostgreSQL server.
[[nodiscard]] Result<std::unique_ptr<Store>> OpenStore(const DatabaseUrl& url, const OpenOptions& options);
[[nodiscard]] Result<std::vector<MigrationStatus>> MigrationsOf(const DatabaseUrl& url);
[[nodiscard]] Result<std::unique_ptr<QueryConnection::Backend>> OpenQuery(const DatabaseUrl& url);
[[nodiscard]] Result<std::unique_ptr<QueryConnection::Backend>> OpenServer(const DatabaseUrl& url);

}  // namespace crmsink::postgres
