#include "base/printable.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "base/json.h"

namespace crmsink {
namespace {

std::string Printable(std::string_view text) {
  std::string out;
  AppendPrintable(text, out);
  return out;
}

std::string PrintableJson(std::string_view text) {
  std::string out;
  AppendPrintableJson(text, out);
  return out;
}

TEST(PrintableTest, LeavesLettersAlone) {
  EXPECT_EQ(Printable("plain \\ \"text\""), "plain \\ \"text\"");
  EXPECT_EQ(Printable("\u00e9\u65e5\U0001F600"), "\u00e9\u65e5\U0001F600");
}

TEST(PrintableTest, EscapesWhatMovesTheCursor) {
  using namespace std::string_view_literals;
  EXPECT_EQ(Printable("\0\x1b\x7f\n\r\t"sv), R"(\u0000\u001b\u007f\n\r\t)");
  EXPECT_EQ(Printable("\xc2\x80\xc2\x9f\xc2\xa0"), "\\u0080\\u009f\xc2\xa0");
  EXPECT_EQ(Printable("\u2028\u202e\u2066\u200f"), R"(\u2028\u202e\u2066\u200f)");
}

TEST(PrintableTest, ShowsBytesThatAreNoUtf8) {
  EXPECT_EQ(Printable("a\xff"), R"(a\xff)");
  EXPECT_EQ(Printable("\xc0\xaf"), R"(\xc0\xaf)");                  // overlong
  EXPECT_EQ(Printable("\xed\xa0\x80"), R"(\xed\xa0\x80)");          // a surrogate
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), R"(\xf4\x90\x80\x80)");  // beyond the last one
  EXPECT_EQ(Printable("\xe2\x82"), R"(\xe2\x82)");                  // cut short
  EXPECT_EQ(Printable("\xe2\x82(\xac"), R"(\xe2\x82(\xac)");
}

TEST(PrintableTest, JsonReadsBackAsTheSameText) {
  EXPECT_TRUE(rc::check([](const std::u32string& letters) {
    std::string text;
    for (const char32_t letter : letters) {
      const auto code = static_cast<char32_t>(1 + letter % 0xD7FF);
      if (code < 0x80) {
        text += static_cast<char>(code);
      } else if (code < 0x800) {
        text += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
      } else {
        text += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
                 static_cast<char>(0x80 | (code & 63))};
      }
    }
    const auto document = json::Document::Parse("[" + PrintableJson(text) + "]");
    RC_ASSERT(document.has_value());
    RC_ASSERT(document->root().elements().front().text() == text);
  }));
}

TEST(PrintableTest, NothingThatComesOutMovesTheCursor) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    for (const std::string& text : {Printable(bytes), PrintableJson(bytes)}) {
      for (std::string_view rest = text; !rest.empty();) {
        const CodePoint point = FirstCodePoint(rest);
        RC_ASSERT(point.valid);
        RC_ASSERT(point.value >= 0x20 && (point.value < 0x7F || point.value >= 0xA0));
        rest.remove_prefix(point.size);
      }
    }
  }));
}

}  // namespace
}  // namespace crmsink
