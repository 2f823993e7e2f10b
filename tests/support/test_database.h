#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "storage/database.h"

namespace crmsink {

// A database of the test's own, empty, gone with the object, and a way to look at it and to change it behind the
// program's back. Throws where something fails.
class TestDatabase {
 public:
  // SQLite: a file in a folder of its own, which is made when a store opens it. PostgreSQL: a database of the server
  // that ctest starts for those tests that have "Postgres" in their name, with the schema in place.
  static std::unique_ptr<TestDatabase> Make(DatabaseUrl::Backend backend);
  virtual ~TestDatabase() = default;

  const std::string& url() const { return url_; }
  DatabaseUrl::Backend backend() const { return backend_; }
  bool IsPostgres() const { return backend_ == DatabaseUrl::Backend::kPostgres; }
  // The rows, values joined by ',' and rows by ' ', NULL as "NULL".
  virtual std::string Select(const std::string& sql) = 0;
  // Any number of statements.
  virtual void Execute(const std::string& sql) = 0;
  // As it was when it was made, in a tenth of the time that a new one takes. REQUIRES: nothing has it open, and nobody
  // made or altered tables.
  virtual void Empty() = 0;

  // ---- What the two spell differently

  // Does `what` for each row that an event such as "AFTER INSERT ON contact_tags" is about, under a condition if there
  // is one. SQLite: a statement; PostgreSQL: one of PL/pgSQL.
  void MakeTrigger(const std::string& name, const std::string& event, const std::string& condition,
                   const std::string& what);
  // From now on the database refuses such rows, with this message: until DropTrigger("refuse", table).
  void Refuse(const std::string& event, const std::string& table, const std::string& condition,
              const std::string& message = "refused by the test");
  void DropTrigger(const std::string& name, const std::string& table);
  // SQL for the hexadecimal digits, in capitals, of an expression that gives bytes; for bytes that nobody has; and for
  // the bytes of a text.
  std::string Hexed(const std::string& bytes) const;
  std::string RandomBytes() const;
  std::string BytesOf(const std::string& text) const;

 protected:
  explicit TestDatabase(DatabaseUrl::Backend backend) : backend_(backend) {}
  std::string url_;

 private:
  const DatabaseUrl::Backend backend_;
};

// Runs the cases of a suite, whose parameter is the backend, on each.
#define CRMSINK_ON_EACH_BACKEND(suite)                                                                \
  INSTANTIATE_TEST_SUITE_P(Sqlite, suite, ::testing::Values(crmsink::DatabaseUrl::Backend::kSqlite)); \
  INSTANTIATE_TEST_SUITE_P(Postgres, suite, ::testing::Values(crmsink::DatabaseUrl::Backend::kPostgres))

}  // namespace crmsink
