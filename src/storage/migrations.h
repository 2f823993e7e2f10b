#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace crmsink {

// A numbered step of the schema. Forward only; each runs in a transaction of its own.
struct Migration {
  int version;            // 1, 2, ...: no gaps
  std::string_view name;  // create_contacts
  std::string_view sql;
};

// The files of migrations/sqlite and migrations/postgres, in order, embedded when the program is built. Both have the
// same numbers and names.
std::span<const Migration> SqliteMigrations();
std::span<const Migration> PostgresMigrations();

// Hex SHA-256 of its SQL: an applied migration must never change.
std::string ChecksumOf(const Migration& migration);

// "0002_create_contacts"
std::string TitleOf(int version, std::string_view name);

// A row of schema_migrations.
struct AppliedMigration {
  int version = 0;
  std::string name, checksum, at;
};

// Whether what was applied, by version, is the beginning of what is known; kCorrupt says what is not.
[[nodiscard]] Result<void> CompareMigrations(std::span<const AppliedMigration> applied,
                                             std::span<const Migration> known);

}  // namespace crmsink
