#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace crmsink {

// Where a migrated database and the declarations disagree: for each disagreement the DDL that would mend it, or, where
// none can, what it is. Empty when they agree.
std::vector<std::string> SchemaFaults(SQLite::Database& db);

}  // namespace crmsink
