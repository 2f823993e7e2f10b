#include <string>
#include <utility>
#include <vector>

#include "contract_suite.h"

namespace crmsink::contract {
namespace {

std::string Contact(std::string_view webhook_id, std::string_view rest) {
  return Body("ContactUpdate", webhook_id, "10:00:00",
              R"("id":"c)" + std::string(webhook_id) + "\"," + std::string(rest));
}

// A value as sent, and what its column and `extra` hold afterwards.
struct Conversion {
  std::string sent;
  std::string column;
  std::string extra;
};

TEST_P(StoreContractTest, ReadsTimes) {
  const auto time = [](const std::string& text) { return "\"" + text + "\""; };
  const std::vector<std::pair<std::string, std::string>> readable = {
      {time("2021-11-26T12:41:02.193Z"), "2021-11-26T12:41:02.193Z"},
      {time("2025-01-28T14:35:00Z"), "2025-01-28T14:35:00.000Z"},
      {time("2023-09-25T16:00:00+05:30"), "2023-09-25T10:30:00.000Z"},
      {time("2023-09-25 16:00:00-0530"), "2023-09-25T21:30:00.000Z"},
      {time("2023-09-25t16:00+05"), "2023-09-25T11:00:00.000Z"},
      {time("2023-01-01"), "2023-01-01T00:00:00.000Z"},
      {time("2026-09-13T17:00:00"), "2026-09-13T17:00:00.000Z"},
      {time("2024-02-29T23:59:59.9999999z"), "2024-02-29T23:59:59.999Z"},
      {time("1969-12-31T23:59:59.9999Z"), "1969-12-31T23:59:59.999Z"},
      {time("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000Z"},
      {time("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z"},
      {"1714032441", "2024-04-25T08:07:21.000Z"},
      {"1726212700.9599", "2024-09-13T07:31:40.959Z"},
      {"-0.0001", "1969-12-31T23:59:59.999Z"},
      {"99999999999", "5138-11-16T09:46:39.000Z"},
      {"100000000000", "1973-03-03T09:46:40.000Z"},
      {"1.7140324415559e12", "2024-04-25T08:07:21.555Z"},
  };
  for (const auto& [sent, column] : readable) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Contact("1", "\"dateAdded\":" + sent));
    EXPECT_EQ(Select("contacts_all", "created_at,extra"), "[\"" + column + "\",null]");
  }
}

TEST_P(StoreContractTest, LeavesATimeThatDoesNotFitToExtra) {
  for (const std::string sent : {"\"2026-02-30\"",
                                 "\"2025-02-29T00:00:00Z\"",
                                 "\"0000-00-00\"",
                                 "\"2026-13-01\"",
                                 "\"2026-01-01T24:00:00Z\"",
                                 "\"2026-01-01T12:60:00Z\"",
                                 "\"2026-01-01T12:00:60Z\"",
                                 "\"2026-1-1\"",
                                 "\"2026-01-01T\"",
                                 "\"2026-01-01T12Z\"",
                                 "\"2026-01-01T12:00:00.Z\"",
                                 "\"2026-01-01Z\"",
                                 "\" 2026-01-01\"",
                                 "\"2026-01-01T12:00:00Zx\"",
                                 "\"2026-01-01T12:00:00+5\"",
                                 "\"294277-01-01\"",
                                 "\"0000-12-31\"",
                                 "\"9999-12-31T23:59:59-01:00\"",
                                 "\"1714032441\"",
                                 "\"soon\"",
                                 "1000000000000000000",
                                 "true",
                                 "[]",
                                 "{\"a\":1}"}) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Contact("1", "\"dateAdded\":" + sent));
    EXPECT_EQ(Select("contacts_all", "created_at,extra"), "[null,{\"dateAdded\":" + sent + "}]");
  }
}

TEST_P(StoreContractTest, TakesADateAsTheDayAsWritten) {
  const std::vector<Conversion> conversions = {
      {R"("1979-06-24T00:00:00.000Z")", R"("1979-06-24")", "null"},
      {R"("1979-06-24")", R"("1979-06-24")", "null"},
      {R"("1979-06-24T23:30:00-05:00")", R"("1979-06-24")", "null"},
      {"86399", R"("1970-01-01")", "null"},
      {"-1", R"("1969-12-31")", "null"},
      {R"("1979-02-30")", "null", R"({"dateOfBirth":"1979-02-30"})"},
      {R"("1979-06-24 noon")", "null", R"({"dateOfBirth":"1979-06-24 noon"})"},
      {R"("24.06.1979")", "null", R"({"dateOfBirth":"24.06.1979"})"},
  };
  for (const auto& [sent, column, extra] : conversions) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Contact("1", "\"dateOfBirth\":" + sent));
    EXPECT_EQ(Select("contacts_all", "date_of_birth,extra"), "[" + column + "," + extra + "]");
  }
}

}  // namespace
}  // namespace crmsink::contract
