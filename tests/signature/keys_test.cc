#include "signature/keys.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/sha256.h"
#include "signing.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(std::string_view pem) {
  const auto keys = ParsePublicKeys(pem);
  if (keys) return "accepted " + std::to_string(keys->size());
  EXPECT_EQ(keys.error().code, ErrorCode::kInvalid);
  return keys.error().message;
}

std::string Cut(std::string pem, std::string_view what, std::string_view with) {
  const std::size_t at = pem.find(what);
  EXPECT_NE(at, std::string::npos);
  return pem.replace(at, what.size(), with);
}

TEST(KeysTest, KnowsThePublishedKeysByTheirFingerprints) {
  const auto keys = ParsePublicKeys(BuiltinPublicKeys());
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ((*keys)[0].type, PublicKey::Type::kEd25519);
  EXPECT_EQ((*keys)[0].fingerprint, "5a2c1b2749d3efcc233fb27d4ab43d56b8d20818c42cd226f6c9a3ff20d3097c");
  EXPECT_EQ((*keys)[0].signature_size, 64U);
  EXPECT_EQ((*keys)[1].type, PublicKey::Type::kRsa);
  EXPECT_EQ((*keys)[1].fingerprint, "2f62045d413b1b7747e26770ce7f57840cbf86288cd20ceb90d299a62501fd25");
  EXPECT_EQ((*keys)[1].signature_size, 512U);
}

TEST(KeysTest, ReadsSeveralKeysAndTheTextBetweenThem) {
  const testing::Ed25519Signer first, second;
  const auto keys = ParsePublicKeys("# the old one\n" + first.Pem() + "\r\nand the new one:\n" + second.Pem() + "end");
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_NE((*keys)[0].fingerprint, (*keys)[1].fingerprint);
}

TEST(KeysTest, ReadsCarriageReturns) {
  std::string pem;
  for (const char character : testing::Ed25519Signer().Pem())
    pem += character == '\n' ? "\r\n" : std::string(1, character);
  EXPECT_TRUE(ParsePublicKeys(pem));
}

TEST(KeysTest, RefusesWhatIsNoKey) {
  for (const char* text : {"", "hello", "MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=\n"}) {
    EXPECT_THAT(ErrorOf(text), HasSubstr("holds no public key"));
  }
}

TEST(KeysTest, RefusesPrivateKeysAndSaysHowToMendIt) {
  EXPECT_THAT(ErrorOf(testing::Ed25519Signer().PrivatePem()), HasSubstr("holds a private key"));
  EXPECT_THAT(ErrorOf(testing::RsaSigner().PrivatePem()), HasSubstr("-pubout"));
  EXPECT_THAT(ErrorOf(testing::Ed25519Signer().Pem() + testing::Ed25519Signer().PrivatePem()),
              HasSubstr("holds a private key"));
}

TEST(KeysTest, RefusesOtherTypes) { EXPECT_THAT(ErrorOf(testing::EllipticPem()), HasSubstr("another type")); }

TEST(KeysTest, RefusesACertificate) {
  const std::string pem = testing::RsaSigner().Pem();
  EXPECT_THAT(ErrorOf(Cut(Cut(pem, "BEGIN PUBLIC KEY", "BEGIN CERTIFICATE"), "END PUBLIC KEY", "END CERTIFICATE")),
              HasSubstr("holds a certificate"));
}

TEST(KeysTest, RefusesShortRsaKeys) {
  EXPECT_THAT(ErrorOf(testing::RsaSigner(1024).Pem()), HasSubstr("1024 bits"));
  EXPECT_TRUE(ParsePublicKeys(testing::RsaSigner(2048).Pem()));
}

TEST(KeysTest, RefusesBrokenBlocks) {
  const std::string pem = testing::Ed25519Signer().Pem();
  EXPECT_THAT(ErrorOf(pem.substr(0, pem.size() / 2)), HasSubstr("broken or cut short"));
  EXPECT_THAT(ErrorOf(Cut(pem, "MCow", "MC!w")), HasSubstr("broken or cut short"));
  EXPECT_THAT(ErrorOf(Cut(pem, "MCow", "MCox")), HasSubstr("cannot be read"));
  EXPECT_THAT(ErrorOf(pem + pem.substr(0, pem.size() / 2)), HasSubstr("broken or cut short"));
}

// A key of small order would let anybody make signatures for it under lax rules.
TEST(KeysTest, RefusesSmallOrderPoints) {
  std::string identity(32, '\0');
  identity[0] = 1;
  EXPECT_THAT(ErrorOf(testing::Ed25519Pem(identity)), HasSubstr("no valid point"));
  EXPECT_THAT(ErrorOf(testing::Ed25519Pem(std::string(32, '\0'))), HasSubstr("no valid point"));
}

TEST(KeysTest, FingerprintIsTheDigestOfTheDer) {
  const std::string point(
      "\x8b\x61\xd1\xd6\xca\xcb\xe2\x8d\x7c\x3b\xc0\x51\x6b\xb8\x15\x25"
      "\x8e\xc6\xed\xbb\xa9\x6c\xdd\xc7\xf4\x0c\x09\xac\x70\x83\x88\xe8",
      32);
  const std::string prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  const auto keys = ParsePublicKeys(testing::Ed25519Pem(point));
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->front().fingerprint, Hex(Sha256({prefix, point})));
}

}  // namespace
}  // namespace crmsink
