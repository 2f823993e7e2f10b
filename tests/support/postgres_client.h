#pragma once

#include <string>

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
  // The rows of one, values joined by ',' and rows by ' ', NULL as "NULL". Times are of UTC.
  std::string Select(const std::string& sql);
  // The server's process for this connection.
  int ServerProcess() const;

 private:
  pg_conn* connection_;
};

}  // namespace crmsink
