#include "cli/nearest.h"

#include <gtest/gtest.h>

namespace crmsink {
namespace {

TEST(NearestTest, CountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0U);
  EXPECT_EQ(EditDistance("listen", "listen"), 0U);
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("listn", "listen"), 1U);
  EXPECT_EQ(EditDistance("listenn", "listen"), 1U);
  EXPECT_EQ(EditDistance("lixten", "listen"), 1U);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
}

TEST(NearestTest, CountsASwapOfNeighboursOnce) {
  EXPECT_EQ(EditDistance("kyes", "keys"), 1U);
  EXPECT_EQ(EditDistance("ab", "ba"), 1U);
  EXPECT_EQ(EditDistance("abcd", "badc"), 2U);
}

TEST(NearestTest, FindsTheNearest) {
  constexpr std::string_view kWords[] = {"mode", "keys", "legacy-rsa"};
  EXPECT_EQ(Nearest("kyes", kWords), "keys");
  EXPECT_EQ(Nearest("legacy_rsa", kWords), "legacy-rsa");
  EXPECT_EQ(Nearest("made", kWords), "mode");
  EXPECT_EQ(Nearest("x", {}), "");
}

}  // namespace
}  // namespace crmsink
