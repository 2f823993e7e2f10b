// Statements that the server keeps: once each, and never needed.
#include "storage/postgres/session.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/postgres_database.h"

namespace crmsink {
namespace {

using postgres::Parameter;
using postgres::Session;

class PostgresSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    auto session = Session::Connect(*DatabaseUrl::Parse(database_.url()), std::chrono::seconds(30));
    ASSERT_TRUE(session) << session.error().message;
    session_ = *std::move(session);
    const auto done = session_->KeepStatements();
    ASSERT_TRUE(done) << done.error().message;
  }

  static Session::Statement Add(std::int64_t number) {
    return {.sql = "SELECT $1 + 1", .parameters = {Parameter::Int(number)}, .doing = "adding"};
  }
  std::int64_t Kept(const std::string& sql) {
    const auto rows = session_->Run({.sql = "SELECT count(*) FROM pg_prepared_statements WHERE statement = $1",
                                     .parameters = {Parameter::Text(sql)},
                                     .doing = "counting"});
    EXPECT_TRUE(rows) << rows.error().message;
    return rows ? rows->Int(0, 0) : -1;
  }
  void ExpectAdds(std::int64_t number) {
    const auto rows = session_->Run(Add(number));
    ASSERT_TRUE(rows) << rows.error().message;
    EXPECT_EQ(rows->Int(0, 0), number + 1);
  }

  PostgresDatabase database_{PostgresDatabase::Content::kNothing};
  std::unique_ptr<Session> session_;
};

TEST_F(PostgresSessionTest, AStatementIsKeptOnce) {
  session_->Queue(Add(1));
  session_->Queue(Add(2));
  const auto rows = session_->Flush();
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[1].Int(0, 0), 3);
  ExpectAdds(3);
  EXPECT_EQ(Kept("SELECT $1 + 1"), 1);
}

// The test's server is on this machine: the pages that its process had to be given are counted by the kernel.
TEST_F(PostgresSessionTest, TheServersMemoryIsKeptBetweenStatements) {
  const auto process = session_->Run({.sql = "SELECT pg_backend_pid()", .doing = "asking"});
  ASSERT_TRUE(process) << process.error().message;
  const auto faults = [&] {
    std::ifstream stat("/proc/" + std::to_string(process->Int(0, 0)) + "/stat");
    std::string field;
    for (int i = 0; i < 10; ++i) stat >> field;
    return std::stol(field);
  };
  const auto ask = [&] {
    ASSERT_TRUE(
        session_->Run({.sql = "SELECT length(array_agg(repeat(i::text, 200))::text) FROM generate_series(1, 100) AS i",
                       .doing = "asking"}));
  };
  for (int i = 0; i < 10; ++i) ask();
  const long before = faults();
  for (int i = 0; i < 50; ++i) ask();
  EXPECT_LT(faults() - before, 300) << "1,500 where the memory is given back each time";
}

TEST_F(PostgresSessionTest, OfOtherTypesItIsAnotherOne) {
  const auto text = [&] {
    return session_->Run(
        {.sql = "SELECT length($1::text)", .parameters = {Parameter::Text("four")}, .doing = "asking"});
  };
  const auto number = [&] {
    return session_->Run({.sql = "SELECT length($1::text)", .parameters = {Parameter::Int(12)}, .doing = "asking"});
  };
  for (int i = 0; i < 2; ++i) {
    const auto of_text = text(), of_number = number();
    ASSERT_TRUE(of_text && of_number);
    EXPECT_EQ(of_text->Int(0, 0), 4);
    EXPECT_EQ(of_number->Int(0, 0), 2);
  }
  EXPECT_EQ(Kept("SELECT length($1::text)"), 2);
}

TEST_F(PostgresSessionTest, WhatFailedIsPreparedAgain) {
  const auto read = [&] { return session_->Run({.sql = "SELECT count(*) FROM later", .doing = "reading"}); };
  EXPECT_FALSE(read());
  EXPECT_FALSE(read());
  ASSERT_TRUE(session_->RunScript("CREATE TABLE later ()", "making"));
  EXPECT_TRUE(read());
  EXPECT_TRUE(read());
}

TEST_F(PostgresSessionTest, WhatStoodBehindAFailureIsPreparedAgain) {
  session_->Queue({.sql = "SELECT 1 / 0", .doing = "dividing"});
  session_->Queue(Add(1));
  EXPECT_FALSE(session_->Flush());
  ExpectAdds(1);
  ExpectAdds(2);
}

TEST_F(PostgresSessionTest, AStatementThatIsGoneIsAConflictAndFromThenOnNothingIsKept) {
  ExpectAdds(1);
  ASSERT_TRUE(session_->RunScript("DEALLOCATE ALL", "forgetting"));
  const auto rows = session_->Run(Add(2));
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::kConflict) << "so that the group runs again";
  EXPECT_FALSE(session_->broken());
  ExpectAdds(3);
  EXPECT_EQ(Kept("SELECT $1 + 1"), 0);
}

}  // namespace
}  // namespace crmsink
