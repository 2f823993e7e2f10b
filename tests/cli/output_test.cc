#include "cli/output.h"

#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/table_output.h"

namespace crmsink {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const double kInfinity = std::numeric_limits<double>::infinity();

std::string Written(OutputFormat format, const std::vector<std::string>& names,
                    const std::vector<std::vector<QueryValue>>& rows) {
  std::ostringstream out;
  const auto writer = MakeRowWriter(format, out);
  writer->Columns(names);
  for (const auto& row : rows) writer->Row(row);
  writer->End();
  return out.str();
}

std::string Csv(const QueryValue& value) {
  const std::string text = Written(OutputFormat::kCsv, {"c"}, {{value}});
  return text.substr(3, text.size() - 5);
}

std::string Json(const QueryValue& value) {
  const std::string text = Written(OutputFormat::kNdjson, {"c"}, {{value}});
  return text.substr(5, text.size() - 7);
}

QueryValue Text(std::string text) { return text; }
QueryValue Integer(std::int64_t value) { return value; }

TEST(OutputTest, KnowsItsFormats) {
  EXPECT_EQ(ParseOutputFormat("table"), OutputFormat::kTable);
  EXPECT_EQ(ParseOutputFormat("csv"), OutputFormat::kCsv);
  EXPECT_EQ(ParseOutputFormat("json"), OutputFormat::kJson);
  EXPECT_EQ(ParseOutputFormat("ndjson"), OutputFormat::kNdjson);
  EXPECT_EQ(ParseOutputFormat("xml"), std::nullopt);
}

TEST(OutputTest, AlignsATable) {
  EXPECT_EQ(Written(OutputFormat::kTable, {"id", "amount", "note"},
                    {{Text("c1"), Integer(7), QueryValue()}, {Text("contact"), 12.5, Text("")}}),
            " id      | amount | note\n"
            "---------+--------+------\n"
            " c1      |      7 | NULL\n"
            " contact |   12.5 |\n"
            "(2 rows)\n");
  EXPECT_EQ(Written(OutputFormat::kTable, {"id"}, {}), " id\n----\n(0 rows)\n");
  EXPECT_THAT(Written(OutputFormat::kTable, {"id"}, {{Integer(1)}}), EndsWith("(1 row)\n"));
}

TEST(OutputTest, TableEscapesWhatMovesTheCursor) {
  const std::string table = Written(OutputFormat::kTable, {"c\nolumn"},
                                    {{Text("a\x1b[31mb\r\n\tc\x7f")},
                                     {Text("\xc2\x9b"
                                           "31m\xe2\x80\xae")},
                                     {Text("\xff\xfe")}});
  EXPECT_THAT(table, HasSubstr(R"(c\nolumn)"));
  EXPECT_THAT(table, HasSubstr(R"(a\u001b[31mb\r\n\tc\u007f)"));
  EXPECT_THAT(table, HasSubstr(R"(\u009b31m\u202e)"));
  EXPECT_THAT(table, HasSubstr(R"(\xff\xfe)"));
}

TEST(OutputTest, TableAlignsWideAndCombiningCharacters) {
  EXPECT_EQ(DisplayWidth("abc"), 3U);
  EXPECT_EQ(DisplayWidth("\u00e9\u00df"), 2U);
  EXPECT_EQ(DisplayWidth("\u65e5\u672c"), 4U);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1U);
  EXPECT_EQ(DisplayWidth("\U0001F600"), 2U);
  EXPECT_THAT(Written(OutputFormat::kTable, {"c", "d"}, {{Text("\u65e5\u672c"), Text("x")}, {Text("abcd"), Text("y")}}),
              HasSubstr(" \u65e5\u672c | x\n abcd | y\n"));
}

TEST(OutputTest, TableCutsLongCells) {
  const std::string exact(80, 'x'), longer(81, 'y');
  const std::string table = Written(OutputFormat::kTable, {"c"}, {{Text(exact)}, {Text(longer)}});
  EXPECT_THAT(table, HasSubstr(exact + "\n"));
  EXPECT_THAT(table, HasSubstr(std::string(79, 'y') + "\u2026\n"));
  const std::string huge = Written(OutputFormat::kTable, {"c"}, {{Text(std::string(5'000'000, 'z'))}});
  EXPECT_LT(huge.size(), 400U);
  // Cut between characters, never within one.
  EXPECT_THAT(Written(OutputFormat::kTable, {"c"}, {{Text(std::string(78, 'a') + "\u65e5\u65e5")}}),
              HasSubstr(std::string(78, 'a') + "\u2026\n"));
}

TEST(OutputTest, TableStreamsAfterItsFirstRows) {
  std::ostringstream out;
  const auto writer = MakeRowWriter(OutputFormat::kTable, out);
  writer->Columns({"n"});
  for (int i = 0; i < 1000; ++i) writer->Row({Integer(i)});
  EXPECT_THAT(out.str(), EndsWith(" 999\n"));
  writer->Row({Integer(1'000'000)});
  EXPECT_THAT(out.str(), EndsWith(" 1000000\n"));
  writer->End();
  EXPECT_THAT(out.str(), EndsWith("(1001 rows)\n"));
}

TEST(OutputTest, WritesCsvAsTheRfcSays) {
  EXPECT_EQ(Written(OutputFormat::kCsv, {"a", "b,c"}, {{Text("x"), Integer(-1)}}), "a,\"b,c\"\r\nx,-1\r\n");
  EXPECT_EQ(Csv(Text("plain text")), "plain text");
  EXPECT_EQ(Csv(Text("a,b")), "\"a,b\"");
  EXPECT_EQ(Csv(Text("say \"hi\"")), "\"say \"\"hi\"\"\"");
  EXPECT_EQ(Csv(Text("two\r\nlines")), "\"two\r\nlines\"");
}

TEST(OutputTest, CsvTellsNullFromEmpty) {
  EXPECT_EQ(Csv(QueryValue()), "");
  EXPECT_EQ(Csv(Text("")), "\"\"");
}

TEST(OutputTest, CsvDisarmsFormulas) {
  EXPECT_EQ(Csv(Text("=HYPERLINK(\"x\")")), "\"'=HYPERLINK(\"\"x\"\")\"");
  EXPECT_EQ(Csv(Text("@SUM(1)")), "\"'@SUM(1)\"");
  EXPECT_EQ(Csv(Text("+cmd|' /C calc'!A0")), "\"'+cmd|' /C calc'!A0\"");
  EXPECT_EQ(Csv(Text("\t=1")), "\"'\t=1\"");
  EXPECT_EQ(Csv(Text("+1 (555) 010-0100")), "+1 (555) 010-0100");
  EXPECT_EQ(Csv(Text("-4.20")), "-4.20");
  EXPECT_EQ(Csv(-4.2), "-4.2");
}

TEST(OutputTest, WritesJsonAsOneArray) {
  EXPECT_EQ(Written(OutputFormat::kJson, {"a", "b"}, {{Integer(1), Text("x")}, {QueryValue(), 0.5}}),
            "[\n{\"a\":1,\"b\":\"x\"},\n{\"a\":null,\"b\":0.5}\n]\n");
  EXPECT_EQ(Written(OutputFormat::kJson, {"a"}, {}), "[]\n");
}

TEST(OutputTest, WritesNdjsonAsLines) {
  EXPECT_EQ(Written(OutputFormat::kNdjson, {"a"}, {{Integer(1)}, {Text("x\ny")}}), "{\"a\":1}\n{\"a\":\"x\\ny\"}\n");
  EXPECT_EQ(Written(OutputFormat::kNdjson, {"a"}, {}), "");
}

TEST(OutputTest, JsonKeepsEveryColumnOfTheSameName) {
  EXPECT_EQ(Written(OutputFormat::kNdjson, {"id", "id", "id_2"}, {{Integer(1), Integer(2), Integer(3)}}),
            "{\"id\":1,\"id_2\":2,\"id_2_2\":3}\n");
}

TEST(OutputTest, JsonQuotesWhatJsonCannotHold) {
  EXPECT_EQ(Json(Text("\"\\\x01")), R"("\"\\\u0001")");
  EXPECT_EQ(Json(Text("a\xff")), "\"a\uFFFD\"");
  EXPECT_EQ(Json(kInfinity), "\"inf\"");
}

TEST(OutputTest, WritesNumbersThatReadBackTheSame) {
  EXPECT_EQ(Json(Integer(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
  EXPECT_EQ(Json(0.1), "0.1");
  EXPECT_EQ(Json(100.0), "100");
  EXPECT_EQ(std::stod(Json(1e300)), 1e300);
  EXPECT_EQ(std::stod(Json(0.1 + 0.2)), 0.1 + 0.2);
}

TEST(OutputTest, WritesBytesAsTextWhereTheyAreText) {
  EXPECT_EQ(Csv(Blob{"{\"id\":1}"}), "\"{\"\"id\"\":1}\"");
  EXPECT_EQ(Csv(Blob{std::string("\x00\xff", 2)}), "\\x00ff");
  EXPECT_EQ(Json(Blob{std::string("\x00\xff", 2)}), "\"\\\\x00ff\"");
}

}  // namespace
}  // namespace crmsink
