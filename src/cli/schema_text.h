#pragma once

#include <string>

#include "storage/schema.h"

namespace crmsink {

// Every entity that the program knows, in the order of their tables: for people, for programs, and as the DDL that a
// migration starts from.
[[nodiscard]] std::string SchemaMarkdown();
[[nodiscard]] std::string SchemaJson();
[[nodiscard]] std::string SchemaSql(Dialect dialect);

}  // namespace crmsink
