#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "replay/status.h"

namespace crmsink {

// Adds what `status` says of the database itself: where it is, its size, its migrations. False: nothing can be asked of
// its tables, because its server is away, its schema is not this program's, or it is damaged; a finding says so.
[[nodiscard]] Result<bool> DescribeDatabase(const std::string& url, std::vector<StatusLine>& lines);

// Adds what waits in a spool for its database: a finding, where it has waited for five minutes or cannot be read.
// Nothing where there is no spool.
void DescribeSpool(const std::string& file, Millis now, std::vector<StatusLine>& lines);

}  // namespace crmsink
