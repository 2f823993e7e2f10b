// The databases that other suites are run on.
#include "support/test_database.h"

#include <gtest/gtest.h>

#include "support/postgres_database.h"

namespace crmsink {
namespace {

class TestDatabaseTest : public testing::TestWithParam<DatabaseUrl::Backend> {
 protected:
  std::unique_ptr<TestDatabase> database_ = TestDatabase::Make(GetParam());
};

TEST_P(TestDatabaseTest, HasTheSchemaAndNoRowsAndIsEmptiedAgain) {
  for (int round = 0; round < 2; ++round) {
    const auto store = OpenStore(database_->url(), {.create = true, .migrate = true, .synchronous = "OFF"});
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(database_->Select("SELECT count(*) FROM contacts_all"), "0");
    EXPECT_EQ(database_->Select("SELECT count(*) FROM quarantine"), "0");
    database_->Execute("INSERT INTO contact_tags (contact_id, tag) VALUES ('c1', 'a'), ('c1', 'b')");
    EXPECT_EQ(database_->Select("SELECT contact_id, position, tag FROM contact_tags ORDER BY tag"),
              "c1,NULL,a c1,NULL,b");
    EXPECT_THROW(database_->Execute("INSERT INTO nowhere VALUES (1)"), std::exception);
    database_->Empty();
  }
}

TEST_P(TestDatabaseTest, IsItsOwn) {
  const auto other = TestDatabase::Make(GetParam());
  EXPECT_NE(other->url(), database_->url());
}

CRMSINK_ON_EACH_BACKEND(TestDatabaseTest);

TEST(PostgresDatabaseTest, IsGoneWithTheObject) {
  std::string name;
  {
    const PostgresDatabase database(PostgresDatabase::Content::kNothing);
    name = database.name();
    PostgresClient(database.url()).Execute("SELECT 1");
  }
  PostgresClient server(TestServer::Read().Url("postgres"));
  EXPECT_EQ(server.Select("SELECT count(*) FROM pg_database WHERE datname = '" + name + "'"), "0");
}

}  // namespace
}  // namespace crmsink
