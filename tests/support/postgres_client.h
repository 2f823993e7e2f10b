#pragma once

#include <string>
#include <vector>

struct pg_conn;

namespace crmsink {

// A connection of the test's own, to look at a database and to change it behind the program's back. Belongs to one
// thread. Throws where something fails.
class PostgresClient {
 public:
  // `url` as the program takes it: a `schema` in it becomes the search path, the program's own schema where it has
  // none.
  explicit PostgresClient(const std::string& url);
  ~PostgresClient();
  PostgresClient(const PostgresClient&) = delete;
  PostgresClient& operator=(const PostgresClient&) = delete;

  // Any number of statements.
  void Execute(const std::string& sql);
  // The rows of one, values joined by ',' and rows by ' ', NULL as "NULL"; times and booleans as SQLite has them:
  // "2026-03-02 00:00:00.007" in UTC, 0 or 1.
  std::string Select(const std::string& sql);
  // The same, value by value.
  std::vector<std::vector<std::string>> Rows(const std::string& sql);
  // The server's process for this connection.
  int ServerProcess() const;

 private:
  pg_conn* connection_;
};

}  // namespace crmsink
