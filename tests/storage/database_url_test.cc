#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "storage/database.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

DatabaseUrl Read(const std::string& text) {
  auto url = DatabaseUrl::Parse(text);
  if (!url) {
    ADD_FAILURE() << url.error().message;
    return {};
  }
  return *std::move(url);
}

TEST(DatabaseUrlTest, ReadsAFile) {
  EXPECT_EQ(Read("sqlite:a.db").file, "a.db");
  EXPECT_EQ(Read("sqlite:///var/a.db").Shown(), "/var/a.db");
  for (const char* bad : {"a.db", "sqlite:", "sqlite::memory:", "mysql://h/d", ""}) {
    EXPECT_FALSE(DatabaseUrl::Parse(bad)) << bad;
  }
}

TEST(DatabaseUrlTest, TakesTheSchemaOutOfAUrl) {
  EXPECT_EQ(Read("postgresql://u@h/d").schema, "crmsink");
  EXPECT_EQ(Read("postgresql://u@h/d?schema=MyCrm").schema, "mycrm");
  const DatabaseUrl url = Read("postgres://u@h1,h2:5433/d?sslmode=verify-full&schema=crm_1&target_session_attrs=any");
  EXPECT_EQ(url.schema, "crm_1");
  EXPECT_EQ(url.connection, "postgres://u@h1,h2:5433/d?sslmode=verify-full&target_session_attrs=any");
  for (const std::string& bad : {std::string(), std::string("1a"), std::string("a-b"), std::string("a\"b"),
                                 std::string("a.b"), std::string(64, 'x')}) {
    EXPECT_FALSE(DatabaseUrl::Parse("postgresql://h/d?schema=" + bad)) << bad;
  }
}

TEST(DatabaseUrlTest, AddsASchemaWhereThereIsNone) {
  EXPECT_EQ(DatabaseUrl::WithSchema("postgresql://h/d", "s"), "postgresql://h/d?schema=s");
  EXPECT_EQ(DatabaseUrl::WithSchema("postgresql://h/d?a=b", "s"), "postgresql://h/d?a=b&schema=s");
  for (const std::string same : {"postgresql://h/d?schema=t", "postgresql://h/d?a=b&schema=t", "sqlite:a.db"}) {
    EXPECT_EQ(DatabaseUrl::WithSchema(same, "s"), same);
  }
}

TEST(DatabaseUrlTest, KnowsWhetherItHasAPassword) {
  for (const char* with : {"postgresql://u:p@h/d", "postgresql://u:@h/d", "postgresql:///d?password=p",
                           "postgresql://h/d?user=u&password=p", "postgresql://h/d?sslkey=k&sslpassword=p"}) {
    EXPECT_TRUE(Read(with).has_password) << with;
  }
  for (const char* without : {"postgresql://u@h:5432/d", "postgresql://[::1]:5432/d", "postgresql://u@[::1]/d",
                              "postgresql:///d?passfile=/etc/p", "postgresql://h:1/d?user=a@b", "sqlite:a:b@c"}) {
    EXPECT_FALSE(Read(without).has_password) << without;
  }
}

TEST(DatabaseUrlTest, NeverShowsAPassword) {
  EXPECT_EQ(Read("postgresql://u:secret@h:1/d?a=b").Shown(), "postgresql://u:***@h:1/d?a=b, schema crmsink");
  EXPECT_EQ(Read("postgresql://u@h:1/d").Shown(), "postgresql://u@h:1/d, schema crmsink");
  EXPECT_EQ(Read("postgresql://[::1]:1/d").Shown(), "postgresql://[::1]:1/d, schema crmsink");
  for (const char* url : {"postgresql://u:sec@ret@h/d", "postgresql:///d?sslpassword=secret&password=secret&user=u",
                          "postgresql://h/d?password=secret", "postgresql://u:secret@h/d?password=secret"}) {
    EXPECT_THAT(Read(url).Shown(), Not(HasSubstr("ret"))) << url;
  }
  for (const char* bad : {"host=h password=secret", "host=h password='a secret' user=u", "postgre://u:secret@h/d",
                          "u:secret@h/d", "postgresql://u:se/secret@h/d", "postgresql://u:secret?se@h/d",
                          "mysql://h/d?password=secret", "postgresql://u:secret@h/d?schema=a-b"}) {
    const auto url = DatabaseUrl::Parse(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_THAT(url.error().message, Not(HasSubstr("secret"))) << bad;
  }
}

}  // namespace
}  // namespace crmsink
