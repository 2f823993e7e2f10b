#pragma once

#include <string>
#include <vector>

#include "support/postgres_database.h"

namespace crmsink {

// Where a migrated database of PostgreSQL and the declarations disagree, comments included: for each disagreement the
// DDL that would mend it, or, where none can, what it is. Empty when they agree.
std::vector<std::string> PostgresSchemaFaults(const std::string& url);

}  // namespace crmsink
