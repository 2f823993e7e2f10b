#include "base/sha256.h"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace crmsink {
namespace {

// The vectors of FIPS 180-4's examples.
TEST(Sha256Test, GivesThePublishedDigests) {
  EXPECT_EQ(Hex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256({"abc"})), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256({std::string(1'000'000, 'a')})),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, ReadsPartsAsOneText) {
  using namespace std::string_view_literals;
  EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256({"abc"}));
  EXPECT_NE(Sha256({"a\0b"sv}), Sha256({"ab"}));
}

TEST(Sha256Test, KeepsThreadsApart) {
  std::vector<std::string> digests(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < digests.size(); ++i) {
      threads.emplace_back([&digests, i] {
        for (int n = 0; n < 1000; ++n) digests[i] = Hex(Sha256({"thread ", std::to_string(i)}));
      });
    }
  }
  for (std::size_t i = 0; i < digests.size(); ++i) {
    EXPECT_EQ(digests[i], Hex(Sha256({"thread " + std::to_string(i)})));
  }
}

TEST(Sha256Test, WritesLowerCaseHex) {
  const std::uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff};
  EXPECT_EQ(Hex(bytes), "000fa0ff");
}

}  // namespace
}  // namespace crmsink
