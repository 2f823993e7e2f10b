#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/settings.h"

namespace crmsink::doctor {

// What `crmsink doctor` looks at before a server goes live. Each function adds a line for each thing that it looked at,
// and changes nothing that stays.
struct Check {
  enum class Level : std::uint8_t {
    kOk,
    kWarning,  // it works, but somebody should know
    kProblem,  // it will not work, or not for long
  };

  Level level = Level::kOk;
  std::string name;
  std::string found;
  std::string remedy = "";  // unless it is ok
};
using Checks = std::vector<Check>;

inline void Ok(Checks& checks, std::string name, std::string found) {
  checks.push_back({Check::Level::kOk, std::move(name), std::move(found)});
}
inline void Warn(Checks& checks, std::string name, std::string found, std::string remedy) {
  checks.push_back({Check::Level::kWarning, std::move(name), std::move(found), std::move(remedy)});
}
inline void Problem(Checks& checks, std::string name, std::string found, std::string remedy) {
  checks.push_back({Check::Level::kProblem, std::move(name), std::move(found), std::move(remedy)});
}

// The configuration file, signatures and keys, the certificate.
void CheckSettings(const Settings& settings, Checks& checks);
// That both addresses can be listened on: for a moment they are, and whoever posts in it is told to come again.
void CheckAddresses(const Settings& settings, Checks& checks);

// User, descriptors, clock.
void CheckMachine(Checks& checks);
// A folder that `what` ("database") is to be in: its kind of file system, the room that is left (a problem below
// `least_bytes`), and how long the disk takes to keep 4 KiB for good. It must be there and be writable for any of it.
void CheckFolder(const std::string& what, const std::filesystem::path& folder, std::uint64_t least_bytes,
                 Checks& checks);

// The database: its folder or server, rights, schema, other servers on it; the spool of PostgreSQL.
void CheckDatabase(const Settings& settings, Checks& checks);
void CheckServer(const Settings& settings, Checks& checks);  // of PostgreSQL; a part of CheckDatabase

// A whole server on a free port of 127.0.0.1, with a database in the folder for temporary files and a key made for it:
// what is signed must become a row, the same again a duplicate, and what is not signed must be refused.
void CheckRoundTrip(Checks& checks);

}  // namespace crmsink::doctor
