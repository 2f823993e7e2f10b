#pragma once

#include <memory>
#include <string>

#include "support/postgres_client.h"
#include "support/test_database.h"

namespace crmsink {

// Where the server that ctest starts for the tests is; the fixture program writes it, PostgresDatabase reads it.
struct TestServer {
  std::string folder;
  int port = 0;

  // Throws where there is none.
  static TestServer Read();
  static std::string File();
  void Write() const;
  std::string Url(const std::string& database) const;
};

// The database that each test's is a copy of: the schema, and no rows.
inline constexpr char kTemplateDatabase[] = "crmsink_template";

// A database of that server, copied from the template in about 40 ms, and dropped with whatever is connected to it.
class PostgresDatabase final : public TestDatabase {
 public:
  enum class Content { kSchema, kNothing };

  explicit PostgresDatabase(Content content = Content::kSchema);
  ~PostgresDatabase() override;

  const std::string& name() const { return name_; }
  std::string Select(const std::string& sql) override { return Client().Select(sql); }
  void Execute(const std::string& sql) override { Client().Execute(sql); }
  void Empty() override;

 private:
  PostgresClient& Client();

  const TestServer server_ = TestServer::Read();
  const std::string name_;
  std::unique_ptr<PostgresClient> client_;  // made when it is needed
};

}  // namespace crmsink
