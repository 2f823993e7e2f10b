#include "signature/base64.h"

#include <array>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace crmsink {
namespace {

std::optional<std::string> Decoded(std::string_view text, std::size_t room = 64) {
  std::array<std::uint8_t, 64> out{};
  const auto size = DecodeBase64(text, std::span(out).first(room));
  if (!size) return std::nullopt;
  return std::string(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(*size));
}

// RFC 4648, section 10.
TEST(Base64Test, GivesThePublishedVectors) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    EXPECT_EQ(EncodeBase64(plain), text);
    EXPECT_EQ(Decoded(text), plain);
  }
}

TEST(Base64Test, AcceptsBothAlphabets) {
  EXPECT_EQ(Decoded("+/+/"), "\xfb\xff\xbf");
  EXPECT_EQ(Decoded("-_-_"), "\xfb\xff\xbf");
}

TEST(Base64Test, AcceptsMissingPadding) {
  EXPECT_EQ(Decoded("Zg"), "f");
  EXPECT_EQ(Decoded("Zm8"), "fo");
}

TEST(Base64Test, RefusesWrongPadding) {
  for (const char* text : {"Zg=", "Zg===", "Zm9v=", "Zm9v==", "Zm9v====", "=", "==", "====", "Zg==Zg==", "Z==="}) {
    EXPECT_EQ(Decoded(text), std::nullopt) << text;
  }
}

TEST(Base64Test, TrimsTheEndsOnly) {
  EXPECT_EQ(Decoded(" \t Zm9v \r\n"), "foo");
  EXPECT_EQ(Decoded("Zm 9v"), std::nullopt);
  EXPECT_EQ(Decoded("Zm9v\nZm9v"), std::nullopt);
}

TEST(Base64Test, RefusesWhatIsNoAlphabet) {
  using namespace std::string_view_literals;
  for (const std::string_view text : {"Zm9!"sv, "Zm9\0"sv, "Zm\0v"sv, "Zm9\xc3\xa9"sv, "Zm9\xff"sv, "Zm9,"sv}) {
    EXPECT_EQ(Decoded(text), std::nullopt);
  }
}

TEST(Base64Test, RefusesALengthThatCannotBe) { EXPECT_EQ(Decoded("Zm9vY"), std::nullopt); }

TEST(Base64Test, AcceptsTailBitsThatAreNotZero) {
  EXPECT_EQ(Decoded("Zh=="), "f");
  EXPECT_EQ(Decoded("Zm9"), "fo");
}

TEST(Base64Test, RefusesWhatDoesNotFit) {
  EXPECT_EQ(Decoded("Zm9vYmFy", 6), "foobar");
  EXPECT_EQ(Decoded("Zm9vYmFy", 5), std::nullopt);
  EXPECT_EQ(Decoded(std::string(100'000, 'A')), std::nullopt);
}

TEST(Base64Test, ReadsWhatItWrites) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    std::string out(bytes.size() + 3, '\0');
    const auto size = DecodeBase64(EncodeBase64(bytes), {reinterpret_cast<std::uint8_t*>(out.data()), out.size()});
    RC_ASSERT(size.has_value());
    out.resize(*size);
    RC_ASSERT(out == bytes);
  }));
}

}  // namespace
}  // namespace crmsink
