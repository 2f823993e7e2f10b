#include "support/postgres_database.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace crmsink {
namespace {

std::string NewName() {
  static std::atomic<int> made = 0;
  return "test_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
}

// Deleting the few rows that a test makes is a tenth of what TRUNCATE of all tables costs. The log's triggers do not
// see it.
constexpr char kEmptyAll[] = R"sql(
SET session_replication_role = replica;
DO $$
DECLARE
  one regclass;
BEGIN
  FOR one IN SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
      AND relname <> 'schema_migrations' LOOP
    EXECUTE 'DELETE FROM ' || one;
  END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S';
END
$$;
RESET session_replication_role;
)sql";

}  // namespace

std::string TestServer::File() { return CRMSINK_TEST_SERVER; }

TestServer TestServer::Read() {
  TestServer server;
  std::ifstream file(File());
  if (!(file >> server.folder >> server.port)) {
    throw std::runtime_error(
        "no PostgreSQL for the tests: ctest starts it, or `postgres_fixture start` in the folder of "
        "the build");
  }
  return server;
}

void TestServer::Write() const {
  const std::string unfinished = File() + ".new";
  std::ofstream(unfinished) << folder << '\n' << port << '\n';
  std::filesystem::rename(unfinished, File());
}

std::string TestServer::Url(const std::string& database) const {
  return "postgresql://postgres@/" + database + "?host=" + folder + "&port=" + std::to_string(port);
}

// Files are copied by the server in half the time that the same takes through its log.
PostgresDatabase::PostgresDatabase(Content content) : TestDatabase(DatabaseUrl::Backend::kPostgres), name_(NewName()) {
  url_ = server_.Url(name_);
  const std::string original = content == Content::kSchema ? kTemplateDatabase : "template0";
  PostgresClient(server_.Url("postgres"))
      .Execute("CREATE DATABASE " + name_ + " TEMPLATE " + original + " STRATEGY FILE_COPY");
}

PostgresDatabase::~PostgresDatabase() {
  client_.reset();
  try {
    PostgresClient(server_.Url("postgres")).Execute("DROP DATABASE " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {  // the server goes, too
  }
}

void PostgresDatabase::Empty() { Execute(kEmptyAll); }

PostgresClient& PostgresDatabase::Client() {
  if (!client_) client_ = std::make_unique<PostgresClient>(url_);
  return *client_;
}

}  // namespace crmsink
