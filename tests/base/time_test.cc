#include "base/time.h"

#include <gtest/gtest.h>

namespace crmsink {
namespace {

std::string Parsed(std::string_view text) {
  const auto time = ParseTime(text);
  return time ? FormatRfc3339(*time) : "none";
}

TEST(ParseTimeTest, TakesEveryForm) {
  const struct {
    std::string text, time;
  } cases[] = {{"2021-11-26T12:41:02.193Z", "2021-11-26T12:41:02.193Z"},
               {"2025-01-28T14:35:00Z", "2025-01-28T14:35:00.000Z"},
               {"2023-09-25T16:00:00+05:30", "2023-09-25T10:30:00.000Z"},
               {"2023-09-25T16:00:00+0530", "2023-09-25T10:30:00.000Z"},
               {"2023-09-25T16:00:00-05", "2023-09-25T21:00:00.000Z"},
               {"2023-09-25T16:00-00:00", "2023-09-25T16:00:00.000Z"},
               {"2023-01-01", "2023-01-01T00:00:00.000Z"},
               {"2026-09-13T17:00:00", "2026-09-13T17:00:00.000Z"},
               {"2026-09-13 17:00", "2026-09-13T17:00:00.000Z"},
               {"2026-09-13t17:00z", "2026-09-13T17:00:00.000Z"},
               {"2026-09-13T23:59:59.999999999Z", "2026-09-13T23:59:59.999Z"},
               {"2026-09-13T00:00:00.5Z", "2026-09-13T00:00:00.500Z"},
               {"2026-09-13T00:00:00.05+00:00", "2026-09-13T00:00:00.050Z"},
               {"2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00.000Z"},
               {"2025-12-31T23:59:59-23:59", "2026-01-01T23:58:59.000Z"},
               {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
               {"1970-01-01", "1970-01-01T00:00:00.000Z"}};
  for (const auto& c : cases) EXPECT_EQ(Parsed(c.text), c.time) << c.text;
  EXPECT_EQ(ParseTime("1970-01-01T00:00:00.001Z"), 1);
  EXPECT_EQ(ParseTime("1969-12-31T23:59:59.999Z"), -1);
  EXPECT_EQ(ParseTime("2026-03-02"), 1'772'409'600'000);
}

TEST(ParseTimeTest, TakesNothingElse) {
  for (const char* bad : {"",
                          "2026",
                          "2026-01",
                          "26-01-01",
                          "2026-1-1",
                          "2026/01/01",
                          "20260101",
                          "2026-01-01T",
                          "2026-01-01 ",
                          " 2026-01-01",
                          "2026-01-01Z",
                          "2026-01-01+01:00",
                          "2026-01-01T10",
                          "2026-01-01T10Z",
                          "2026-01-01T1:00",
                          "2026-01-01T10:0",
                          "2026-01-01T10:00:",
                          "2026-01-01T10:00:0",
                          "2026-01-01T10:00:00.",
                          "2026-01-01T10:00:00.Z",
                          "2026-01-01T10:00.5Z",
                          "2026-01-01T10:00:00,5Z",
                          "2026-01-01T10:00:00ZZ",
                          "2026-01-01T10:00:00 Z",
                          "2026-01-01T10:00:00+1",
                          "2026-01-01T10:00:00+",
                          "2026-01-01T10:00:00+01:",
                          "2026-01-01T10:00:00+01:0",
                          "2026-01-01T10:00:00+010",
                          "2026-01-01T10:00:00+01:00:00",
                          "2026-01-01T10:00:00+24:00",
                          "2026-01-01T10:00:00+00:60",
                          "2026-01-01T10:00:00 +01:00",
                          "2026-01-01T10:00:00UTC",
                          "2026-01-01  10:00",
                          "2026-01-01_10:00",
                          "-026-01-01",
                          "2026-01-01T-1:00",
                          "+2026-01-01",
                          "12026-01-01",
                          "2026-W01-1",
                          "now"}) {
    EXPECT_EQ(Parsed(bad), "none") << bad;
    EXPECT_FALSE(ParseDay(bad)) << bad;
  }
  EXPECT_EQ(Parsed(std::string_view("2026-01-01\0", 11)), "none");
}

TEST(ParseTimeTest, KnowsTheCalendar) {
  for (const char* good : {"2024-02-29", "2000-02-29", "2400-02-29", "2023-02-28", "2023-04-30", "2023-12-31"}) {
    EXPECT_NE(Parsed(good), "none") << good;
  }
  for (const char* bad :
       {"2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2023-04-31", "2023-00-01", "2023-01-00", "2023-13-01",
        "2023-01-32", "2023-01-01T24:00", "2023-01-01T23:60", "2023-01-01T23:59:60"}) {
    EXPECT_EQ(Parsed(bad), "none") << bad;
  }
}

TEST(ParseTimeTest, YearsAreOneTo9999AfterConversion) {
  EXPECT_EQ(Parsed("0001-01-01"), "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(Parsed("0001-01-01T00:00+00:01"), "none");
  EXPECT_EQ(Parsed("0001-01-01T00:01+00:01"), "0001-01-01T00:00:00.000Z");
  EXPECT_EQ(Parsed("0000-12-31T23:59-01:00"), "none");
  EXPECT_EQ(Parsed("0000-01-01"), "none");
  EXPECT_EQ(Parsed("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
  EXPECT_EQ(Parsed("9999-12-31T23:59:59-00:01"), "none");
  EXPECT_TRUE(InCalendar(*ParseTime("0001-01-01")));
  EXPECT_FALSE(InCalendar(*ParseTime("0001-01-01") - 1));
  EXPECT_TRUE(InCalendar(*ParseTime("9999-12-31T23:59:59.999Z")));
  EXPECT_FALSE(InCalendar(*ParseTime("9999-12-31T23:59:59.999Z") + 1));
}

TEST(ParseDayTest, IsTheDayAsWritten) {
  for (const char* text :
       {"2000-01-05", "2000-01-05T23:30:00-05:00", "2000-01-05T00:30:00+05:00", "2000-01-05 10:00"}) {
    EXPECT_EQ(FormatDay(ParseDay(text).value()), "2000-01-05") << text;
  }
  EXPECT_EQ(ParseDay("1970-01-01"), 0);
  EXPECT_EQ(ParseDay("1969-12-31"), -1);
}

TEST(FormatTimeTest, GoesThereAndBack) {
  const Millis first = *ParseTime("0001-01-01"), last = *ParseTime("9999-12-31T23:59:59.999Z");
  for (Millis time = first; time < last; time += 86'400'000LL * 97 + 12'345'677) {
    EXPECT_EQ(ParseTime(FormatSqlTime(time)), time);
    EXPECT_EQ(ParseTime(FormatRfc3339(time)), time);
    EXPECT_EQ(ParseDay(FormatDay(DayOf(time))), DayOf(time));
    EXPECT_EQ(FormatSqlTime(time).substr(0, 10), FormatDay(DayOf(time)));
  }
  EXPECT_EQ(FormatSqlTime(0), "1970-01-01 00:00:00.000");
  EXPECT_EQ(FormatSqlTime(-1), "1969-12-31 23:59:59.999");
  EXPECT_EQ(FormatSqlTime(first), "0001-01-01 00:00:00.000");
}

TEST(DayOfTest, IsCutDownwards) {
  EXPECT_EQ(DayOf(0), 0);
  EXPECT_EQ(DayOf(kMillisPerDay - 1), 0);
  EXPECT_EQ(DayOf(kMillisPerDay), 1);
  EXPECT_EQ(DayOf(-1), -1);
  EXPECT_EQ(DayOf(-kMillisPerDay), -1);
  EXPECT_EQ(DayOf(-kMillisPerDay - 1), -2);
}

TEST(SystemNowTest, IsOfThisCentury) {
  EXPECT_GT(SystemNow(), *ParseTime("2024-01-01"));
  EXPECT_LT(SystemNow(), *ParseTime("2124-01-01"));
}

}  // namespace
}  // namespace crmsink
