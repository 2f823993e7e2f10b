#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/migrations.h"
#include "storage/sqlite/connection.h"

namespace crmsink::sqlite {

// Fails with kCorrupt where the database cannot have been made by this program: newer than it, an applied migration
// changed or missing.
[[nodiscard]] Result<std::vector<MigrationStatus>> CheckMigrations(Connection& connection,
                                                                   std::span<const Migration> known);

// Applies what is pending, each migration in a transaction of its own. Two migrators at once: the second waits, then
// finds the work done.
[[nodiscard]] Result<void> Migrate(Connection& connection, std::span<const Migration> known,
                                   const std::function<void(std::string_view)>& on_migration);

}  // namespace crmsink::sqlite
