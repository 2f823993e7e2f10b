// What docs/operations.md says of backing up PostgreSQL, word by word.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_case.h"
#include "support/postgres_database.h"
#include "support/postgres_process.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;

class BackupPostgresTest : public CommandCase {
 protected:
  void SetUp() override {
    auto sink = Sink::Open({.database = live_.url(), .signature_required = false});
    ASSERT_TRUE(sink) << sink.error().message;
    for (int i = 0; i < 40; ++i) {
      ASSERT_EQ((*sink)->Accept(Contact(i)).status, AckStatus::kStored);
    }
    EXPECT_EQ((*sink)->Accept(Post("no json")).status, AckStatus::kQuarantined);
    (*sink)->Close();
  }

  // The 26th and later ones are updates of the first.
  static Arrival Contact(int i) {
    const std::string n = std::to_string(i % 25), w = std::to_string(i);
    const std::string type = i < 25 ? "ContactCreate" : "ContactUpdate";
    return Post(R"({"type":")" + type + R"(","locationId":"l","id":"c)" + n + R"(","webhookId":"w)" + w +
                R"(","firstName":"N)" + w + R"(","tags":["a","b)" + w + R"("]})");
  }

  void RunPostgres(const std::string& program, const std::string& arguments) {
    const std::string command = PostgresProgram(program) + " " + arguments + " 2>" + folder_.File("said");
    ASSERT_EQ(std::system(command.c_str()), 0) << command << "\n" << TailOf(folder_.File("said"));
  }

  std::string DumpOf(const PostgresDatabase& database) {
    EXPECT_EQ(Call({"dump", "--log", "--database", database.url()}), kDone) << err_;
    return out_;
  }

  // It is as the other one, and a server goes on with it.
  void ExpectRestored() {
    EXPECT_EQ(Call({"verify", "--database", restored_.url()}), kDone) << out_ << err_;
    EXPECT_THAT(err_, HasSubstr("40 events, 25 entities: the tables say what the log says"));
    EXPECT_EQ(DumpOf(restored_), DumpOf(live_));
    auto sink = Sink::Open({.database = restored_.url(), .signature_required = false});
    ASSERT_TRUE(sink) << sink.error().message;
    EXPECT_EQ((*sink)->Accept(Contact(39)).status, AckStatus::kDuplicate);
    EXPECT_EQ((*sink)->Accept(Post(R"({"type":"ContactCreate","id":"new","webhookId":"new"})")).status,
              AckStatus::kStored);
  }

  PostgresDatabase live_;
  PostgresDatabase restored_{PostgresDatabase::Content::kNothing};
  const std::string file_ = folder_.File("crm.dump");
};

TEST_F(BackupPostgresTest, AWholeDumpIsTheDatabase) {
  RunPostgres("pg_dump", "--schema=crmsink --format=custom --file=" + file_ + " '" + live_.url() + "'");
  RunPostgres("pg_restore", "--dbname='" + restored_.url() + "' " + file_);
  ExpectRestored();
}

TEST_F(BackupPostgresTest, TheLogAloneIsTheDatabaseAfterAReplay) {
  std::string tables;
  for (const char* table : {"events", "quarantine", "unverified", "event_counts", "refusals", "log_maintenance"}) {
    tables += std::string(" --table=crmsink.") + table;
  }
  RunPostgres("pg_dump", "--data-only --format=custom --file=" + file_ + tables + " '" + live_.url() + "'");
  ASSERT_EQ(Call({"migrate", "--database", restored_.url()}), kDone) << err_;
  RunPostgres("pg_restore", "--data-only --dbname='" + restored_.url() + "' " + file_);
  EXPECT_EQ(Call({"verify", "--database", restored_.url()}), kFinding);
  ASSERT_EQ(Call({"replay", "--database", restored_.url()}), kDone) << err_;
  ExpectRestored();
}

}  // namespace
}  // namespace crmsink
