// libpq, which the program opens when it needs it.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fault/server_process.h"
#include "process.h"
#include "support/paths.h"
#include "support/postgres_database.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string MapsOfServerOn(const std::string& database) {
  const TempFolder folder;
  fault::ServerProcess server({"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--signature-mode",
                               "off", "--database", database},
                              folder.File("log"));
  EXPECT_NE(server.AwaitUrl(), "");
  std::ifstream maps("/proc/" + std::to_string(server.process()) + "/maps");
  return {std::istreambuf_iterator<char>(maps), {}};
}

TEST(LibPqTest, AServerOnSqliteDoesWithoutIt) {
  const TempFolder folder;
  const std::string maps = MapsOfServerOn("sqlite:" + folder.File("crmsink.db"));
  EXPECT_THAT(maps, HasSubstr("libsqlite3"));
  EXPECT_THAT(maps, Not(HasSubstr("libpq")));
}

TEST(LibPqTest, AServerOnPostgresHasIt) {
  const PostgresDatabase database;
  EXPECT_THAT(MapsOfServerOn(database.url()), HasSubstr("libpq.so.5"));
}

TEST(LibPqTest, OneThatCannotBeOpenedIsNamedWithTheRemedy) {
  const TempFolder folder;
  std::ofstream(folder.File("libpq.so.5"));
  const auto outcome = testing::RunProgram({"status", "--database", "postgresql://nobody@127.0.0.1:1/none"},
                                           folder.path().string(), {{"LD_LIBRARY_PATH", folder.path().string()}});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("PostgreSQL needs libpq.so.5, which cannot be used: "));
  EXPECT_THAT(outcome.err, HasSubstr("file too short; install the package libpq5, 14 or newer"));
}

}  // namespace
}  // namespace crmsink
