#include <gtest/gtest.h>

#include <cmath>

#include "shown.h"

namespace crmsink {
namespace {

struct ConvertCase {
  Type type;
  std::string value;     // JSON
  std::string expected;  // the cell; "unfit"
  unsigned flags = 0;
  bool is_key = false;
};

std::string Converted(const ConvertCase& c) {
  const auto document = json::Document::Parse("[" + c.value + "]");
  if (!document) return "no JSON: " + document.error().message;
  const Column column{.name = "c", .type = c.type, .from = "c", .flags = c.flags};
  const Conversion conversion = Convert(document->root().elements()[0], column, c.is_key);
  if (!conversion.fits) return IsNull(conversion.cell) ? "unfit" : "unfit, but not NULL";
  return Shown(conversion.cell, c.type);
}

void Check(const std::vector<ConvertCase>& cases) {
  for (const ConvertCase& c : cases)
    EXPECT_EQ(Converted(c), c.expected) << c.value.substr(0, 80) << " flags " << c.flags;
}

std::string Quoted(std::size_t bytes) { return '"' + std::string(bytes, 'x') + '"'; }

TEST(ConvertTest, NothingIsNullInEveryType) {
  for (const Type type :
       {Type::kText, Type::kInteger, Type::kNumber, Type::kBoolean, Type::kTimestamp, Type::kDate, Type::kJson}) {
    for (const unsigned flags : {0u, unsigned{kUnlessText}, unsigned{kJsonText}, unsigned{kSensitive}}) {
      Check({{type, "null", "NULL", flags}, {type, R"("")", "NULL", flags}});
    }
  }
}

TEST(ConvertTest, TextTakesScalarsAsWritten) {
  Check({{Type::kText, R"("a b")", R"("a b")"},
         {Type::kText, R"(" ")", R"(" ")"},
         {Type::kText, R"("null")", R"("null")"},
         {Type::kText, R"("a\u0000b\ud800")",
          "\"a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD\""},
         {Type::kText, "1.50", R"("1.50")"},
         {Type::kText, "1E+3", R"("1E+3")"},
         {Type::kText, "-0", R"("-0")"},
         {Type::kText, "1e999", R"("1e999")"},
         {Type::kText, "false", R"("false")"},
         {Type::kText, "[1]", "unfit"},
         {Type::kText, "[]", "unfit"},
         {Type::kText, "{}", "unfit"},
         {Type::kText, R"({"b":1.0,"a":[1e2]})", R"("{\"a\":[100],\"b\":1}")", kJsonText},
         {Type::kText, R"("plain")", R"("plain")", kJsonText}});
}

TEST(ConvertTest, KeysAreBoundedInBytes) {
  std::string odd = "\"x";
  for (int i = 0; i < 127; ++i) odd += "\xC3\xA4";
  Check({{Type::kText, Quoted(255), Quoted(255), 0, true},
         {Type::kText, Quoted(256), "unfit", 0, true},
         {Type::kText, Quoted(256), Quoted(256), 0, false},
         {Type::kText, odd + "\"", odd + "\"", 0, true},
         {Type::kText, odd + "y\"", "unfit", 0, true}});
}

TEST(ConvertTest, ASensitiveColumnSwallowsWhatItIsGiven) {
  for (const char* value : {R"("secret")", "1", "true", "[1]", R"({"a":1})"}) {
    Check({{Type::kText, value, "NULL", kSensitive}, {Type::kJson, value, "NULL", kSensitive}});
  }
}

TEST(ConvertTest, IntegersAreIntegralByValue) {
  Check({{Type::kInteger, "7", "7"},
         {Type::kInteger, R"("7")", "7"},
         {Type::kInteger, "-7.000", "-7"},
         {Type::kInteger, "1.2e1", "12"},
         {Type::kInteger, R"("10E-1")", "1"},
         {Type::kInteger, "-0", "0"},
         {Type::kInteger, "0e999999999999", "0"},
         {Type::kInteger, "9223372036854775807", "9223372036854775807"},
         {Type::kInteger, "-9223372036854775808", "-9223372036854775808"},
         {Type::kInteger, "9223372036854775808", "unfit"},
         {Type::kInteger, "-9223372036854775809", "unfit"},
         {Type::kInteger, "1e19", "unfit"},
         {Type::kInteger, "1.5", "unfit"},
         {Type::kInteger, "1e-1", "unfit"},
         {Type::kInteger, R"("+7")", "unfit"},
         {Type::kInteger, R"(" 7")", "unfit"},
         {Type::kInteger, R"("07")", "unfit"},
         {Type::kInteger, R"("0x7")", "unfit"},
         {Type::kInteger, "true", "unfit"},
         {Type::kInteger, "[7]", "unfit"}});
}

TEST(ConvertTest, NumbersAreNeverRounded) {
  Check({{Type::kNumber, "1.10", "1.1"},
         {Type::kNumber, R"("-2.5e1")", "-25"},
         {Type::kNumber, "123456789012345", "123456789012345"},
         {Type::kNumber, "0.123456789012345", "0.123456789012345"},
         {Type::kNumber, "1234567890123456", "unfit"},
         {Type::kNumber, "1234567890123450", "1.23456789012345e+15"},
         {Type::kNumber, "0.0001234567890123450", "0.000123456789012345"},
         {Type::kNumber, "9.99e300", "9.99e+300"},
         {Type::kNumber, "1e301", "unfit"},
         {Type::kNumber, "0.1e302", "unfit"},
         {Type::kNumber, "1e-300", "1e-300"},
         {Type::kNumber, "9e-301", "unfit"},
         {Type::kNumber, "0e-9999", "0"},
         {Type::kNumber, R"("1,5")", "unfit"},
         {Type::kNumber, R"("1.5 ")", "unfit"},
         {Type::kNumber, R"("NaN")", "unfit"},
         {Type::kNumber, R"(".5")", "unfit"},
         {Type::kNumber, "true", "unfit"},
         {Type::kNumber, "{}", "unfit"}});
}

TEST(ConvertTest, ZeroHasNoSign) {
  const auto document = json::Document::Parse("[-0, -0.0, -0e5]");
  for (const json::Value& value : document->root().elements()) {
    const Conversion conversion = Convert(value, {.name = "c", .type = Type::kNumber, .from = "c"}, false);
    EXPECT_FALSE(std::signbit(std::get<double>(conversion.cell)));
  }
}

TEST(ConvertTest, BooleansAreFourValues) {
  Check({{Type::kBoolean, "true", "1"},
         {Type::kBoolean, "false", "0"},
         {Type::kBoolean, R"("true")", "1"},
         {Type::kBoolean, R"("false")", "0"},
         {Type::kBoolean, R"("True")", "unfit"},
         {Type::kBoolean, R"("yes")", "unfit"},
         {Type::kBoolean, "1", "unfit"},
         {Type::kBoolean, "0", "unfit"},
         {Type::kBoolean, "[true]", "unfit"}});
}

TEST(ConvertTest, TimesComeAsTextOrNumber) {
  Check({{Type::kTimestamp, R"("2021-11-26T12:41:02.193Z")", "2021-11-26T12:41:02.193Z"},
         {Type::kTimestamp, R"("2023-09-25T16:00:00+05:30")", "2023-09-25T10:30:00.000Z"},
         {Type::kTimestamp, R"("2023-01-01")", "2023-01-01T00:00:00.000Z"},
         {Type::kTimestamp, "1714032441", "2024-04-25T08:07:21.000Z"},
         {Type::kTimestamp, "1726212700.9599", "2024-09-13T07:31:40.959Z"},
         {Type::kTimestamp, "1.714032441e9", "2024-04-25T08:07:21.000Z"},
         {Type::kTimestamp, "99999999999", "5138-11-16T09:46:39.000Z"},
         {Type::kTimestamp, "99999999999.9999", "5138-11-16T09:46:39.999Z"},
         {Type::kTimestamp, "100000000000", "1973-03-03T09:46:40.000Z"},
         {Type::kTimestamp, "1714032441193", "2024-04-25T08:07:21.193Z"},
         {Type::kTimestamp, "1714032441193.9", "2024-04-25T08:07:21.193Z"},
         {Type::kTimestamp, "-0.0001", "1969-12-31T23:59:59.999Z"},
         {Type::kTimestamp, "-62135596800", "0001-01-01T00:00:00.000Z"},
         {Type::kTimestamp, "-62135596800.001", "unfit"},
         {Type::kTimestamp, "-99999999999.5", "unfit"},
         {Type::kTimestamp, "-100000000000", "1966-10-31T14:13:20.000Z"},
         {Type::kTimestamp, "253402300799999", "9999-12-31T23:59:59.999Z"},
         {Type::kTimestamp, "253402300800000", "unfit"},
         {Type::kTimestamp, "1e400", "unfit"},
         {Type::kTimestamp, R"("1714032441")", "unfit"},
         {Type::kTimestamp, R"("2023-02-29")", "unfit"},
         {Type::kTimestamp, "true", "unfit"},
         {Type::kTimestamp, "{}", "unfit"}});
}

TEST(ConvertTest, ADateIsTheDayAsWritten) {
  Check({{Type::kDate, R"("2023-01-01")", "2023-01-01"},
         {Type::kDate, R"("2000-01-05T00:00:00.000Z")", "2000-01-05"},
         {Type::kDate, R"("2000-01-05T23:30:00-05:00")", "2000-01-05"},
         {Type::kDate, R"("2000-01-05T00:30:00+05:00")", "2000-01-05"},
         {Type::kDate, R"("2000-01-05 10:00")", "2000-01-05"},
         {Type::kDate, R"("2000-01-05T24:00")", "unfit"},
         {Type::kDate, R"("2000-01-05x")", "unfit"},
         {Type::kDate, R"("05.01.2000")", "unfit"},
         {Type::kDate, "86400", "1970-01-02"},
         {Type::kDate, "86399.9999", "1970-01-01"},
         {Type::kDate, "-1", "1969-12-31"},
         {Type::kDate, "false", "unfit"}});
}

TEST(ConvertTest, JsonIsCanonical) {
  Check({{Type::kJson, R"("a/b")", R"("a/b")"},
         {Type::kJson, "1.10", "1.1"},
         {Type::kJson, "false", "false"},
         {Type::kJson, "[ 1e2 , null ]", "[100,null]"},
         {Type::kJson, "[]", "[]"},
         {Type::kJson, R"({"b":1,"a":{"d":"","c":null}})", R"({"a":{"c":null,"d":""},"b":1})"},
         {Type::kJson, R"("text")", "unfit", kUnlessText},
         {Type::kJson, "5", "5", kUnlessText},
         {Type::kJson, R"({"url":"u"})", R"({"url":"u"})", kUnlessText},
         {Type::kJson, Quoted(300), Quoted(300)}});
}

}  // namespace
}  // namespace crmsink
