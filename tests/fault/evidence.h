#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fault/load.h"
#include "signature/verifier.h"

namespace crmsink::fault {

// What a sender was told is kept.
struct Promised {
  std::map<std::string, MadeEvent> events;           // by event id
  std::map<std::string, std::uint64_t> quarantined;  // bodies
};

// Looks, past the product's own code, for everything that was promised: each event once in the log with its exact
// bytes and its row in the tables, each quarantined body in the quarantine. Then asks SQLite whether the file is whole
// and the product whether tables and log agree. Returns a sentence for each thing that is wrong.
std::vector<std::string> Broken(const std::string& file, const Promised& promised, const Verifier* verifier = nullptr);

}  // namespace crmsink::fault
