#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "storage/store.h"

namespace crmsink {

// How a database is named: sqlite:FILE, sqlite://FILE. Fails with kInvalid and the forms that there are.
struct DatabaseUrl {
  std::string file;
  [[nodiscard]] static Result<DatabaseUrl> Parse(std::string_view url);
  // The file's absolute path.
  std::string AbsolutePath() const;
};

struct OpenOptions {
  bool create = false;   // make the database when it is not there; else that is kNotFound
  bool migrate = false;  // bring its schema up to date; else an old schema is kInvalid, saying what to run
  std::string synchronous = "FULL";
  std::string vfs = "";  // SQLite's; empty: the default
  // Called for each migration that is being applied.
  std::function<void(std::string_view name)> on_migration = {};
};

// Opens a store. kNotFound: "no database at ABSOLUTE PATH". kCorrupt: not a database, damaged, newer than this program,
// or its applied migrations are not the ones that this program knows.
[[nodiscard]] Result<std::unique_ptr<Store>> OpenStore(const std::string& url, const OpenOptions& options);

struct MigrationStatus {
  int version = 0;
  std::string name;
  std::optional<std::string> applied_at;  // nullopt: pending
};

// Every migration that this program knows; kNotFound where there is no database.
[[nodiscard]] Result<std::vector<MigrationStatus>> MigrationsOf(const std::string& url);

// Holds a database for one server. The lock ends with the object or the process.
class ServerLock {
 public:
  // kUnavailable: another server has it.
  [[nodiscard]] static Result<std::unique_ptr<ServerLock>> Take(const std::string& url);
  ~ServerLock();
  ServerLock(const ServerLock&) = delete;
  ServerLock& operator=(const ServerLock&) = delete;

 private:
  explicit ServerLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace crmsink
