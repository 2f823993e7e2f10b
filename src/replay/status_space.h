#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "replay/status.h"
#include "storage/query.h"

namespace crmsink {

// Adds how much room is left where a SQLite database and a spool are, and how long it lasts at the pace of the last
// seven days; and a WAL that has grown beyond what it should. Nothing where there is no such file.
[[nodiscard]] Result<void> DescribeSpace(const std::string& url, QueryConnection& connection, Millis now,
                                         const StatusOptions& options, std::vector<StatusLine>& lines);

// Reads the whole database and adds what is damaged in it; false where something is. Of PostgreSQL it only says what
// looks there.
[[nodiscard]] bool CheckDatabase(QueryConnection& connection, std::vector<StatusLine>& lines);

// Adds when the certificate expires: a finding 14 days before.
void DescribeCertificate(const std::string& file, Millis now, std::vector<StatusLine>& lines);

}  // namespace crmsink
