// Who is let in: only what a known key has signed, byte for byte. What may be HighLevel's is held, and nothing else is
// stored.
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <cstdint>

#include "hostile/hostile_fixture.h"
#include "signature/base64.h"

namespace crmsink::hostile {
namespace {

class BadSignatureTest : public HostileTest {
 protected:
  std::string Ghl(const std::string& value) const { return "X-GHL-Signature: " + value + "\r\n"; }
  std::string Wh(const std::string& value) const { return "X-WH-Signature: " + value + "\r\n"; }

  void ExpectLet(const std::string& signatures, const std::string& body) {
    Deliver(RequestSigned(body, signatures), body, Kept::kLog, 200);
  }
  void ExpectHeld(const std::string& signatures, const std::string& body) {
    Deliver(RequestSigned(body, signatures), body, Kept::kUnverified, 401);
    ExpectNothingElse();
  }
  void ExpectRefused(const std::string& signatures, const std::string& body, int status = 401) {
    Deliver(RequestSigned(body, signatures), body, Kept::kNowhere, status);
    ExpectNothingElse();
  }
  void ExpectNothingElse() const {
    ExpectCells({{"SELECT count(*) FROM events", "0"},
                 {"SELECT count(*) FROM quarantine", "0"},
                 {"SELECT count(*) FROM contacts_all", "0"}});
  }

  void AcceptRsa() {
    options().legacy_rsa = true;
    options().extra_keys.push_back(Rsa().Pem());
  }

  static const testing::RsaSigner& Rsa() {
    static const testing::RsaSigner signer;  // costly
    return signer;
  }

  static std::string Flipped(std::string bytes, std::size_t at) {
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    return bytes;
  }

  // What a database holds that was left alone for a week and more, or was filled today.
  void Fill(const std::string& rows, const std::string& received_at) const {
    SQLite::Database(file_, SQLite::OPEN_READWRITE)
        .exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows +
              ") INSERT INTO unverified (digest, reason, source, received_at, path, signature, payload) SELECT "
              "randomblob(32), 'filled by a test', 'webhook', '" +
              received_at + "', '/webhooks', 'x', CASE WHEN " + rows +
              " = 1 THEN zeroblob(67108800) ELSE x'7b7d' END "
              "FROM n");
  }

  const std::string body_ = Contact(R"(,"firstName":"Ann")");
};

TEST_F(BadSignatureTest, S02OneBitOfTheBodyOrTheSignatureIsFlipped) {
  Serve();
  ExpectHeld(Ghl(signer_.Sign(body_)), Flipped(body_, body_.size() - 4));
  ExpectHeld(Ghl(EncodeBase64(Flipped(signer_.Raw(body_), 0))), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S02TheSameHeldDeliveryIsHeldOnce) {
  Serve();
  const std::string signatures = Ghl(signer_.Sign("something else"));
  ExpectHeld(signatures, body_);
  ExpectHeld(signatures, body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S03TheHoldIsFullByNumber) {
  Serve();
  Fill("10000", "2025-10-31 12:00:00.000");
  ExpectRefused(Ghl(signer_.Sign("something else")), body_, 429);
  EXPECT_EQ(Ask(RequestSigned(body_, Ghl(signer_.Sign("something else")))).fields.count("retry-after"), 1U);
  EXPECT_EQ(Cell("SELECT count(*) FROM unverified"), "10000");
  ExpectServes();
}

TEST_F(BadSignatureTest, S03TheHoldIsFullByBytes) {
  Serve();
  Fill("1", "2025-10-31 12:00:00.000");
  ExpectRefused(Ghl(signer_.Sign("something else")), body_, 429);
  ExpectHeld(Ghl(signer_.Sign("something else")), "{}");
  ExpectServes();
}

TEST_F(BadSignatureTest, S03WhatIsOlderThanAWeekMakesRoom) {
  Serve();
  Fill("10000", "2025-10-20 12:00:00.000");
  ExpectHeld(Ghl(signer_.Sign("something else")), body_);
  EXPECT_EQ(Cell("SELECT count(*) FROM unverified"), "1");
  ExpectServes();
}

TEST_F(BadSignatureTest, S05AGoodOldSignatureDoesNotHealABadNewOne) {
  AcceptRsa();
  Serve();
  ExpectHeld(Ghl(signer_.Sign("something else")) + Wh(Rsa().Sign(body_)), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S06ABadOldSignatureDoesNotHarmAGoodNewOne) {
  AcceptRsa();
  Serve();
  ExpectLet(Ghl(signer_.Sign(body_)) + Wh("zzz"), body_);
  EXPECT_EQ(Cell("SELECT signature_scheme FROM events"), "ed25519");
  ExpectServes();
}

TEST_F(BadSignatureTest, S08TheOldSignatureAloneIsHeldUnlessItIsSwitchedOn) {
  options().extra_keys.push_back(Rsa().Pem());
  Serve();
  ExpectHeld(Wh(Rsa().Sign(body_)), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S08TheOldSignatureAloneIsTakenWhereItIsSwitchedOn) {
  AcceptRsa();
  Serve();
  ExpectLet(Wh(Rsa().Sign(body_)), body_);
  EXPECT_EQ(Cell("SELECT signature_scheme FROM events"), "rsa-sha256");
  ExpectServes();
}

TEST_F(BadSignatureTest, S09TheHeaderFixesTheAlgorithm) {
  AcceptRsa();
  Serve();
  ExpectHeld(Ghl(Rsa().Sign(body_)), body_);
  ExpectHeld(Wh(signer_.Sign(body_)), Contact("", "w2"));
  ExpectServes();
}

TEST_F(BadSignatureTest, S11OtherWaysToWriteBase64) {
  Serve();
  int n = 0;
  const auto body = [&n] { return Contact("", "w" + std::to_string(n++)); };
  for (const bool url_safe : {false, true}) {
    for (const bool padded : {true, false}) {
      const std::string text = body();
      std::string signature = signer_.Sign(text);
      if (url_safe) {
        for (char& c : signature) c = c == '+' ? '-' : c == '/' ? '_' : c;
      }
      if (!padded) signature.resize(signature.find('='));
      ExpectLet(Ghl(signature), text);
    }
  }
  ExpectServes();
}

TEST_F(BadSignatureTest, S11JunkWithinASignatureIsNone) {
  Serve();
  const std::string good = signer_.Sign(body_);
  for (const std::string junk : {" ", "\t", "!", "%0A", "=", "\xc3\xa9"}) {
    ExpectRefused(Ghl(good.substr(0, 40) + junk + good.substr(40)), body_);
  }
  ExpectRefused(Ghl(good.substr(0, 40) + "\r\n " + good.substr(40)), body_, 400);
  ExpectRefused(Ghl(good.substr(0, 40) + "\n" + good.substr(40)), body_, 400);
  ExpectServes();
}

TEST_F(BadSignatureTest, S12TheSameSignatureWithOtherTailBits) {
  Serve();
  std::string signature = signer_.Sign(body_);
  const std::size_t last = signature.find('=') - 1;
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  signature[last] = alphabet[alphabet.find(signature[last]) + 1];
  ExpectLet(Ghl(signature), body_);
  Deliver(Request(body_), body_, Kept::kDuplicate, 200);  // it is no other delivery
  ExpectServes();
}

TEST_F(BadSignatureTest, S14TwoSignaturesOfWhichOneIsGood) {
  Serve();
  const std::string other = Ghl(signer_.Sign("something else"));
  ExpectLet(other + Ghl(signer_.Sign(body_)), body_);
  const std::string reversed = Contact("", "w2");
  ExpectLet(Ghl(signer_.Sign(reversed)) + other, reversed);
  ExpectServes();
}

TEST_F(BadSignatureTest, S14FiveSignaturesOfWhichTheLastIsGood) {
  Serve();
  ExpectHeld(Repeat(Ghl(signer_.Sign("something else")), 4) + Ghl(signer_.Sign(body_)), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S15OddCaseAndSpaceAround) {
  Serve();
  ExpectLet("x-ghl-SIGNATURE: \t  " + signer_.Sign(body_) + " \t \r\n", body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S17AKeyThatIsNotKnownAnyMore) {
  Serve();
  const testing::Ed25519Signer retired;
  ExpectHeld(Ghl(retired.Sign(body_)), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S18TheGroupOrderAddedToASignature) {
  Serve();
  constexpr std::array<std::uint8_t, 32> kOrder = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                                   0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                                   0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
  std::string signature = signer_.Raw(body_);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned char>(signature[32 + i]) + kOrder[i];
    signature[32 + i] = static_cast<char>(carry & 0xff);
    carry >>= 8;
  }
  ExpectHeld(Ghl(EncodeBase64(signature)), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S18APointOfSmallOrderInASignature) {
  Serve();
  const std::array<std::uint8_t, 32> identity = {1};
  ExpectHeld(Ghl(EncodeBase64(signer_.Craft(body_, identity, {}))), body_);
  ExpectServes();
}

TEST_F(BadSignatureTest, S20TheSameRequestAfterThirtyDays) {
  Serve();
  const std::string request = Request(body_);
  Deliver(request, body_, Kept::kLog, 200);
  const std::string update = Contact(R"(,"firstName":"Bea")", "w2", "ContactUpdate", "2025-10-02T10:00:00Z");
  Deliver(Request(update), update, Kept::kLog, 200);
  const std::string row = "SELECT first_name || last_event_id || last_received_at FROM contacts";
  const std::string before = Cell(row);
  now_ = kNow + Millis{30} * 24 * 3600 * 1000;
  Deliver(request, body_, Kept::kDuplicate, 200);
  EXPECT_EQ(Cell(row), before);
  EXPECT_EQ(Cell("SELECT count(*) FROM events"), "2");
  ExpectServes();
}

TEST_F(BadSignatureTest, S21TheSameJsonWithOtherWhiteSpace) {
  Serve();
  std::string spaced = body_;
  spaced.insert(1, " ");
  ExpectHeld(Ghl(signer_.Sign(body_)), spaced);
  ExpectHeld(Ghl(signer_.Sign(body_)), body_ + "\n");
  ExpectServes();
}

TEST_F(BadSignatureTest, NothingThatCouldBeASignature) {
  AcceptRsa();
  Serve();
  const std::string zeros = std::string(88, 'A');
  for (const std::string& signatures :
       {std::string(), Ghl(""), Ghl("N/A"), Wh("N/A"), Ghl("N/A") + Wh("N/A"), Ghl("null"), Ghl("Bearer " + zeros),
        Ghl(zeros.substr(0, 84)), Ghl(std::string(8000, 'A')), Ghl(",,,"), "X-GHL-Signatur: " + zeros + "\r\n",
        "Authorization: " + zeros + "\r\n"}) {
    SCOPED_TRACE(signatures.substr(0, 60));
    ExpectRefused(signatures, body_);
  }
  EXPECT_EQ(Cell("SELECT count(*) FROM unverified"), "0");
  ExpectServes();
}

// Of a key that the program knows nothing of, but which has the size of one.
TEST_F(BadSignatureTest, ZerosOfTheRightSizeAreHeldAndBounded) {
  Serve();
  ExpectHeld(Ghl(std::string(85, 'A') + "A=="), body_);
  ExpectHeld(Wh(EncodeBase64(std::string(512, '\0'))), Contact("", "w2"));
  EXPECT_EQ(Cell("SELECT max(length(signature)) FROM unverified"), "684");
  ExpectServes();
}

TEST_F(BadSignatureTest, TheSignatureOfAnotherBodyOfTheSameSender) {
  Serve();
  const std::string other = Contact(R"(,"firstName":"Eve")", "w9");
  Deliver(Request(body_), body_, Kept::kLog, 200);
  Deliver(RequestSigned(other, Ghl(signer_.Sign(body_))), other, Kept::kUnverified, 401);
  EXPECT_EQ(Cell("SELECT first_name FROM contacts"), "Ann");
  ExpectServes();
}

}  // namespace
}  // namespace crmsink::hostile
