#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_case.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

using BackupCommandTest = CommandCase;

TEST_F(BackupCommandTest, CopiesAndTheCopyIsRight) {
  Deliver("a.db", {Post(R"({"type":"ContactCreate","id":"c1","locationId":"l","firstName":"Ada","webhookId":"w1"})")});
  EXPECT_EQ(CallOn("a.db", {"backup", folder_.File("b.db")}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("backed up "));
  EXPECT_THAT(err_, IsEmpty());
  EXPECT_EQ(CallOn("b.db", {"verify"}), kDone) << out_;
  EXPECT_EQ(CallOn("b.db", {"query", "SELECT first_name FROM contacts"}), kDone);
  EXPECT_EQ(out_, "first_name\r\nAda\r\n");
}

// Restored as docs/operations.md says.
TEST_F(BackupCommandTest, WhatCameAfterItIsTakenFromTheOldFile) {
  const auto contact = [](const std::string& id) {
    return Post(R"({"type":"ContactCreate","id":")" + id + R"(","locationId":"l","webhookId":"w)" + id + "\"}");
  };
  Deliver("a.db", {contact("c1"), contact("c2")});
  ASSERT_EQ(CallOn("a.db", {"backup", folder_.File("b.db")}), kDone) << err_;
  Deliver("a.db", {contact("c3"), contact("c4")});
  ASSERT_EQ(CallOn("b.db", {"replay", "--from", "sqlite:" + folder_.File("a.db")}), kDone) << err_;
  EXPECT_THAT(out_, StartsWith("2 events copied, 2 were there already"));
  EXPECT_EQ(CallOn("b.db", {"verify"}), kDone) << out_;
  EXPECT_EQ(CallOn("b.db", {"query", "SELECT count(*) AS n FROM contacts"}), kDone);
  EXPECT_EQ(out_, "n\r\n4\r\n");
  Deliver("b.db", {contact("c5")});
}

TEST_F(BackupCommandTest, ReplacesOnlyWithOverwrite) {
  Deliver("a.db", {Post(R"({"type":"ContactCreate","id":"c1","locationId":"l"})")});
  Write("b.db", "something");
  EXPECT_EQ(CallOn("a.db", {"backup", folder_.File("b.db")}), kWrongUse);
  EXPECT_THAT(err_, HasSubstr("--overwrite"));
  EXPECT_EQ(std::filesystem::file_size(folder_.File("b.db")), 9);
  EXPECT_EQ(CallOn("a.db", {"backup", "--overwrite", folder_.File("b.db")}), kDone) << err_;
  EXPECT_EQ(CallOn("b.db", {"verify"}), kDone);
}

TEST_F(BackupCommandTest, SaysWhatItNeeds) {
  EXPECT_EQ(CallOn("none.db", {"backup", folder_.File("b.db")}), kFailed);
  EXPECT_THAT(err_, HasSubstr("no database at "));
  EXPECT_EQ(Call({"backup"}), kWrongUse);
  EXPECT_EQ(Call({"backup", folder_.File("b.db"), "--database", "postgresql://127.0.0.1/d"}), kWrongUse);
  EXPECT_THAT(err_, HasSubstr("pg_dump --schema=crmsink"));
}

}  // namespace
}  // namespace crmsink
