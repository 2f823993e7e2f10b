// What is kept beside the log.
#include "store_case.h"

namespace crmsink {
namespace {

class HoldTest : public StoreCase {
 protected:
  static Delivery DeliveryOf(std::string body, Millis received_at = kArrival) {
    Delivery delivery;
    delivery.path = "/webhooks";
    delivery.body = std::move(body);
    delivery.received_at = received_at;
    delivery.signature = "s";
    return delivery;
  }

  // In a transaction of its own.
  Held Hold(Holding where, const Delivery& delivery, std::string_view reason = "because") {
    auto transaction = store_->Begin(Store::Mode::kWrite);
    const auto held = (*transaction)->Hold(where, delivery, reason);
    EXPECT_TRUE(held) << held.error().message;
    EXPECT_TRUE((*transaction)->Commit());
    return *held;
  }

  // Puts `n` deliveries of `bytes` bytes each into `unverified`, by the side door.
  void Fill(int n, int bytes, const std::string& received_at) {
    const std::string digest = IsPostgres() ? "uuid_send(gen_random_uuid())" : "randomblob(32)";
    const std::string zeros = std::to_string(bytes);
    Exec("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < " + std::to_string(n) +
         ") INSERT INTO unverified (digest, reason, source, received_at, path, payload) SELECT " + digest +
         ", 'r', 'webhook', '" + received_at + (IsPostgres() ? "+00" : "") + "', '/webhooks', " +
         (IsPostgres() ? "decode(repeat('00', " + zeros + "), 'hex')" : "zeroblob(" + zeros + ")") + " FROM n");
  }

  std::string Count() { return Select("SELECT count(*) FROM unverified"); }
};

constexpr auto kAside = Holding::kQuarantine;
constexpr auto kUnverified = Holding::kUnverified;

TEST_P(HoldTest, ReleasesTheOneThatIsNamed) {
  for (const Holding where : {kAside, kUnverified}) {
    Hold(where, DeliveryOf("a"));
    Hold(where, DeliveryOf("b"));
    auto transaction = store_->Begin(Store::Mode::kWrite);
    ASSERT_TRUE((*transaction)->Release(where, 1));
    ASSERT_TRUE((*transaction)->Release(where, 99));
    const auto held = (*transaction)->HeldAfter(where, 0, 10);
    ASSERT_EQ(held->size(), 1u);
    EXPECT_EQ(held->front().delivery.body, "b");
    ASSERT_TRUE((*transaction)->Commit());
  }
}

TEST_P(HoldTest, KeepsADeliveryWhole) {
  const Delivery delivery{.source = "webhook",
                          .path = "/webhooks/A",
                          .body = std::string("\0\xFF{", 3),
                          .received_at = kArrival + 5,
                          .signature_scheme = "ed25519",
                          .signature_key = "k",
                          .signature = "s"};
  for (const Holding where : {kAside, kUnverified}) {
    EXPECT_EQ(Hold(where, delivery, "why"), Held::kNew);
    auto transaction = store_->Begin(Store::Mode::kRead);
    const auto held = (*transaction)->HeldAfter(where, 0, 10);
    ASSERT_EQ(held->size(), 1u);
    const HeldDelivery& one = held->front();
    EXPECT_EQ(one.reason, "why");
    EXPECT_EQ(one.delivery.body, delivery.body);
    EXPECT_EQ(one.delivery.path + one.delivery.source + one.delivery.signature_scheme + one.delivery.signature_key +
                  one.delivery.signature,
              "/webhooks/Awebhooked25519ks");
    EXPECT_EQ(one.delivery.received_at, delivery.received_at);
  }
}

TEST_P(HoldTest, TheSecondIsADuplicateWhateverTheReason) {
  for (const Holding where : {kAside, kUnverified}) {
    EXPECT_EQ(Hold(where, DeliveryOf("a"), "one"), Held::kNew);
    EXPECT_EQ(Hold(where, DeliveryOf("a", kArrival + 1), "other"), Held::kDuplicate);
    EXPECT_EQ(Hold(where, DeliveryOf("")), Held::kNew);
    EXPECT_EQ(Hold(where, DeliveryOf("")), Held::kDuplicate);
    Delivery other = DeliveryOf("a");
    other.path = "/webhooks/";
    EXPECT_EQ(Hold(where, other), Held::kNew);
    other.signature = "t";
    EXPECT_EQ(Hold(where, other), Held::kNew);
    // What is where must count, not what it adds up to.
    other = DeliveryOf("sa");
    other.path = "/webhook";
    EXPECT_EQ(Hold(where, other), Held::kNew);
  }
  EXPECT_EQ(Select("SELECT reason FROM quarantine WHERE id = 1"), "one");
}

TEST_P(HoldTest, ReadsInSlices) {
  for (const char* body : {"a", "b", "c"}) Hold(kAside, DeliveryOf(body));
  auto transaction = store_->Begin(Store::Mode::kRead);
  const auto first = (*transaction)->HeldAfter(kAside, 0, 2);
  ASSERT_EQ(first->size(), 2u);
  const auto rest = (*transaction)->HeldAfter(kAside, first->back().id, 2);
  ASSERT_EQ(rest->size(), 1u);
  EXPECT_EQ(rest->front().delivery.body, "c");
  EXPECT_TRUE((*transaction)->HeldAfter(kAside, rest->front().id, 2)->empty());
}

TEST_P(HoldTest, TenThousandAreTheMost) {
  Fill(9'999, 1, "2026-03-01 00:00:00.000");
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("a")), Held::kNew);
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("b")), Held::kFull);
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("a")), Held::kDuplicate);
  EXPECT_EQ(Count(), "10000");
  EXPECT_EQ(Hold(kAside, DeliveryOf("b")), Held::kNew);  // quarantine is not bounded
}

TEST_P(HoldTest, SixtyFourMebibytesAreTheMost) {
  Fill(63, 1 << 20, "2026-03-01 00:00:00.000");
  EXPECT_EQ(Hold(kUnverified, DeliveryOf(std::string((1 << 20) + 1, 'x'))), Held::kFull);
  EXPECT_EQ(Hold(kUnverified, DeliveryOf(std::string(1 << 20, 'x'))), Held::kNew);
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("y")), Held::kFull);
  EXPECT_EQ(Count(), "64");
}

TEST_P(HoldTest, WhatIsOlderThanSevenDaysMakesRoom) {
  Fill(5'000, 1, "2026-02-22 23:59:59.999");  // seven days and a millisecond before
  Fill(5'000, 1, "2026-02-23 00:00:00.000");
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("a")), Held::kNew);
  EXPECT_EQ(Count(), "5001");
  Fill(4'999, 1, "2026-03-01 00:00:00.000");
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("b")), Held::kFull);
  EXPECT_EQ(Count(), "10000");
}

TEST_P(HoldTest, TheOldStaysWhileThereIsRoom) {
  Fill(10, 1, "2020-01-01 00:00:00.000");
  EXPECT_EQ(Hold(kUnverified, DeliveryOf("a")), Held::kNew);
  EXPECT_EQ(Count(), "11");
}

TEST_P(HoldTest, AFullHoldIsBusyAndTheRestOfTheGroupIsStored) {
  Fill(10'000, 1, "2026-03-01 00:00:00.000");
  std::vector<std::unique_ptr<Submission>> group;
  group.push_back(SubmissionOf(R"({"type":"LATER","webhookId":"w"})"));
  group.push_back(std::make_unique<Submission>());
  group.back()->delivery = DeliveryOf("x");
  group.back()->holding = kUnverified;
  group.push_back(SubmissionOf("{"));
  EXPECT_EQ(Shown(CommitAll(group)), "stored w, busy, quarantined");
}

TEST_P(HoldTest, CountsRefusalsPerDayKindDetailAndWriter) {
  const auto count = [this](const RefusalCount& refusal) {
    auto transaction = store_->Begin(Store::Mode::kWrite);
    EXPECT_TRUE((*transaction)->Count(std::span(&refusal, 1)));
    EXPECT_TRUE((*transaction)->Commit());
  };
  count({.day = 20514, .kind = "404", .detail = "/x", .writer = "a", .requests = 2, .last_received_at = kArrival});
  count({.day = 20514, .kind = "404", .detail = "/x", .writer = "a", .requests = 3, .last_received_at = kArrival - 5});
  count({.day = 20514, .kind = "404", .detail = "/x", .writer = "b", .requests = 1, .last_received_at = kArrival});
  EXPECT_EQ(Select("SELECT * FROM refusals ORDER BY writer"),
            "2026-03-02,404,/x,a,5,2026-03-02 00:00:00.000 2026-03-02,404,/x,b,1,2026-03-02 00:00:00.000");
}

CRMSINK_ON_EACH_BACKEND(HoldTest);

}  // namespace
}  // namespace crmsink
