#pragma once

#include <span>
#include <string>
#include <string_view>

namespace crmsink {

// A numbered step of the schema. Forward only; each runs in a transaction of its own.
struct Migration {
  int version;            // 1, 2, ...: no gaps
  std::string_view name;  // create_contacts
  std::string_view sql;
};

// The files of migrations/sqlite, in order, embedded when the program is built.
std::span<const Migration> SqliteMigrations();

// Hex SHA-256 of its SQL: an applied migration must never change.
std::string ChecksumOf(const Migration& migration);

}  // namespace crmsink
