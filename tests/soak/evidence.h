#pragma once

#include <string>
#include <vector>

#include "account.h"
#include "signature/verifier.h"

namespace crmsink::soak {

// Looks, past the product's own code, for everything that an account promises: each event once in the log with its
// exact bytes and its row in the tables, each other body once in the quarantine, nothing of what nobody had signed.
// Then asks the product whether tables and log agree and every signature of the log is good, and SQLite whether its
// file is whole. Returns a sentence for each thing that is wrong, at most a hundred. REQUIRES: nobody sends, nobody
// writes.
std::vector<std::string> BrokenInSqlite(const std::string& file, const Account& account, const Verifier& verifier);
std::vector<std::string> BrokenInPostgres(const std::string& url, const Account& account, const Verifier& verifier);

}  // namespace crmsink::soak
