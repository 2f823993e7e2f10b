#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/migrations.h"
#include "storage/postgres/session.h"

namespace crmsink::postgres {

// Fails with kCorrupt where the schema cannot have been made by this program: newer than it, an applied migration
// changed or missing, or tables that are not its own.
[[nodiscard]] Result<std::vector<MigrationStatus>> CheckMigrations(Session& session, const std::string& schema,
                                                                   std::span<const Migration> known);

// Makes the schema, and applies what is pending, each migration in a transaction of its own. Any number of migrators at
// once: one works, the others wait for it and find the work done.
[[nodiscard]] Result<void> Migrate(Session& session, const std::string& schema, std::span<const Migration> known,
                                   const std::function<void(std::string_view)>& on_migration);

}  // namespace crmsink::postgres
