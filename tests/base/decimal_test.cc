#include "base/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace crmsink {
namespace {

std::string Plain(std::string_view text) {
  const auto number = Decimal::Parse(text);
  if (!number) return "no number";
  return number->InRange() ? number->Plain() : "out of range";
}

TEST(DecimalTest, TakesTheNumbersOfJsonAndNothingElse) {
  for (const char* good :
       {"0", "-0", "7", "10", "-12.50", "0.0", "0e0", "1E5", "1e+5", "1e-05", "123.456e78", "0.1e1"}) {
    EXPECT_TRUE(IsJsonNumber(good)) << good;
    EXPECT_TRUE(Decimal::Parse(good)) << good;
  }
  for (const char* bad :
       {"",     "-",   "+1", "01", "-01", "00",  ".5",       "5.",        "-.5", "1e",  "1e+", "1.e5",    "1e1.5",
        "1e5e", "0x1", " 1", "1 ", "1,5", "NaN", "Infinity", "-Infinity", "1_0", "--1", "1-",  "\xD9\xA1"}) {
    EXPECT_FALSE(IsJsonNumber(bad)) << bad;
    EXPECT_FALSE(Decimal::Parse(bad)) << bad;
  }
  EXPECT_FALSE(IsJsonNumber(std::string_view("1\0", 2)));
}

TEST(DecimalTest, PlainIsTheValueWithoutExponent) {
  const struct {
    std::string text, plain;
  } cases[] = {{"0", "0"},
               {"-0", "0"},
               {"-0.000e99", "0"},
               {"0e99999999999999999999", "0"},
               {"1.10", "1.1"},
               {"1e3", "1000"},
               {"1E+3", "1000"},
               {"-1.5e-3", "-0.0015"},
               {"100", "100"},
               {"0.001", "0.001"},
               {"0.0010e3", "1"},
               {"12345.678e-2", "123.45678"},
               {"12345.678e2", "1234567.8"},
               {"1e300", "1" + std::string(300, '0')},
               {"0.1e301", "1" + std::string(300, '0')},
               {"9.99e300", "999" + std::string(298, '0')},
               {"1e-300", "0." + std::string(299, '0') + "1"},
               {"1e301", "out of range"},
               {"10e300", "out of range"},
               {"9.99e-301", "out of range"},
               {"1e99999999999999999999", "out of range"},
               {"-1e-99999999999999999999", "out of range"},
               {"1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"}};
  for (const auto& c : cases) EXPECT_EQ(Plain(c.text), c.plain) << c.text;
}

TEST(DecimalTest, FitsADoubleWhereFifteenDigitsSayIt) {
  for (const char* good : {"0", "123456789012345", "1234567890123450000", "0.000123456789012345",
                           "-1.23456789012345e200", "1e300", "1e-300", "123456789012345.000"}) {
    EXPECT_TRUE(Decimal::Parse(good)->FitsDouble()) << good;
  }
  for (const char* bad : {"1234567890123456", "0.1234567890123456", "1000000000000001", "1e301", "1e-301"}) {
    EXPECT_FALSE(Decimal::Parse(bad)->FitsDouble()) << bad;
  }
}

TEST(DecimalTest, ToDoubleIsTheNearest) {
  for (const char* text :
       {"0.1", "-2.5", "1e300", "1e-300", "123456789012345", "9.99999999999999e-300", "1e22", "5e-1"}) {
    EXPECT_EQ(Decimal::Parse(text)->ToDouble(), std::strtod(text, nullptr)) << text;
  }
  EXPECT_FALSE(std::signbit(Decimal::Parse("-0.0")->ToDouble()));
}

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();

TEST(DecimalTest, ToIntegerIsExactOrNothing) {
  const struct {
    std::string text;
    std::optional<std::int64_t> value;
  } cases[] = {{"0", 0},
               {"-0.0e7", 0},
               {"-7", -7},
               {"1.5e1", 15},
               {"100e-2", 1},
               {"1.000", 1},
               {"9223372036854775807", kMax},
               {"9223372036854775807.0", kMax},
               {"922337203685477580.7e1", kMax},
               {"9223372036854775808", std::nullopt},
               {"-9223372036854775808", kMin},
               {"-9223372036854775809", std::nullopt},
               {"1e18", 1'000'000'000'000'000'000},
               {"1e19", std::nullopt},
               {"-1e19", std::nullopt},
               {"1e400", std::nullopt},
               {"1e99999999999999999999", std::nullopt},
               {"1e-99999999999999999999", std::nullopt},
               {"0.5", std::nullopt},
               {"1.5", std::nullopt},
               {"-9223372036854775807.5", std::nullopt}};
  for (const auto& c : cases) EXPECT_EQ(Decimal::Parse(c.text)->ToInteger(), c.value) << c.text;
}

TEST(DecimalTest, ScaledFloorCutsDownwards) {
  const struct {
    std::string text;
    int shift;
    std::optional<std::int64_t> value;
  } cases[] = {{"1726212700.9599", 3, 1'726'212'700'959},
               {"-1726212700.9599", 3, -1'726'212'700'960},
               {"-1.001", 3, -1001},
               {"-1.0010000001", 3, -1002},
               {"1.999", 0, 1},
               {"-1.999", 0, -2},
               {"0.0009", 3, 0},
               {"-0.0009", 3, -1},
               {"1e-400", 3, 0},
               {"-1e-400", 3, -1},
               {"-1e-99999999999999999999", 0, -1},
               {"0", 3, 0},
               {"123", -1, 12},
               {"-123", -1, -13},
               {"123", -5, 0},
               {"-123", -5, -1},
               {"9223372036854775.807", 3, kMax},
               {"9223372036854775.8079", 3, kMax},
               {"9223372036854775.808", 3, std::nullopt},
               {"-9223372036854775.808", 3, kMin},
               {"-9223372036854775.8081", 3, std::nullopt},
               {"99999999999999999999", 0, std::nullopt},
               {"1e300", 3, std::nullopt},
               {"1e99999999999999999999", 3, std::nullopt}};
  for (const auto& c : cases)
    EXPECT_EQ(Decimal::Parse(c.text)->ScaledFloor(c.shift), c.value) << c.text << " " << c.shift;
}

}  // namespace
}  // namespace crmsink
