#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace crmsink {

// What a database takes, and what there is for it.

struct DiskSpace {
  std::uint64_t free_bytes = 0;  // for this user
  std::uint64_t size_bytes = 0;
};

// Of the file system that the file is in, or is to be in; nullopt where that cannot be said.
[[nodiscard]] std::optional<DiskSpace> DiskSpaceOf(const std::string& file);

// nullopt where there is no such file.
[[nodiscard]] std::optional<std::uint64_t> FileBytes(const std::string& file);

// For a QueryConnection of PostgreSQL: the bytes of the tables, with indexes, of the schema $1.
inline constexpr const char* kSchemaBytes =
    "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = "
    "c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'm')";

}  // namespace crmsink
