#pragma once

#include <chrono>
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

// How a database is named: sqlite:FILE, sqlite://FILE, or postgresql://USER@HOST/DATABASE with what libpq knows behind
// `?`, and `schema`, the schema that everything is in. Fails with kInvalid and the forms that there are.
struct DatabaseUrl {
  enum class Backend { kSqlite, kPostgres };

  Backend backend = Backend::kSqlite;
  std::string file;           // of SQLite
  std::string connection;     // of PostgreSQL: the URL as libpq takes it
  std::string schema = {};    // of PostgreSQL
  bool has_password = false;  // in the URL; sslpassword counts, too

  [[nodiscard]] static Result<DatabaseUrl> Parse(std::string_view url);
  // The same URL; one of PostgreSQL that names no schema then names this one.
  [[nodiscard]] static std::string WithSchema(std::string url, std::string_view schema);
  // Letters, digits and _, no digit first, at most 63.
  [[nodiscard]] static bool IsSchemaName(std::string_view text);
  // For people and logs: the file's absolute path, or the URL without its password.
  std::string Shown() const;
};

// For what walks through a whole database: some of its statements read a whole table.
inline constexpr std::chrono::minutes kPatienceOfWalks{10};

struct OpenOptions {
  bool create = false;   // make the database when it is not there; else that is kNotFound
  bool migrate = false;  // bring its schema up to date; else an old schema is kInvalid, saying what to run
  std::string synchronous = "FULL";
  std::string vfs = "";  // SQLite's; empty: the default
  // SQLite's: how long the WAL becomes, in pages, before it is copied into the file. A long one writes a page that many
  // commits touch once; see docs/performance.md.
  int checkpoint_frames = 64'000;
  // PostgreSQL's; anything else lets two writers lose each other's events and is for tests only.
  std::string isolation = "READ COMMITTED";
  // How long PostgreSQL may take for a statement before it counts as away.
  std::chrono::milliseconds patience{10'000};
  // And how long each host of its URL may take to let us in, and then for each of the first questions; to find its
  // address not included.
  std::chrono::milliseconds connecting{5'000};
  // Called for each migration that is being applied.
  std::function<void(std::string_view name)> on_migration = {};
};

// Opens a store. kNotFound: "no database at ABSOLUTE PATH". kCorrupt: not a database, damaged, newer than this program,
// or its applied migrations are not the ones that this program knows. kUnavailable: the server is away. kInvalid: it
// does not let us in.
[[nodiscard]] Result<std::unique_ptr<Store>> OpenStore(const std::string& url, const OpenOptions& options);

// Grants on PostgreSQL what a role of reports needs (to read, later tables too, with the schema in its search_path and
// times in UTC), and what the role of a server needs (to write, but never to change the log); an empty name grants
// nothing. kInvalid: SQLite knows no roles.
[[nodiscard]] Result<void> GrantRoles(const std::string& url, const std::string& reader, const std::string& writer);

struct MigrationStatus {
  int version = 0;
  std::string name;
  std::optional<std::string> applied_at;  // nullopt: pending
};

// Every migration that this program knows; kNotFound where there is no database.
[[nodiscard]] Result<std::vector<MigrationStatus>> MigrationsOf(const std::string& url);

// Holds a file for one server: a database, or a spool. The lock ends with the object or the process.
class ServerLock {
 public:
  // Takes FILE-serve.lock. kUnavailable: another server has it; `what` names the file to people ("database").
  [[nodiscard]] static Result<std::unique_ptr<ServerLock>> Take(const std::string& file, std::string_view what);
  // Whether a server has it, as far as this process may see; takes nothing and makes no file.
  [[nodiscard]] static bool IsTaken(const std::string& file);
  ~ServerLock();
  ServerLock(const ServerLock&) = delete;
  ServerLock& operator=(const ServerLock&) = delete;

 private:
  explicit ServerLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace crmsink
