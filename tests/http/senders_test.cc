#include "http/senders.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace crmsink::http {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Ack kUnsigned{AckStatus::kUnsigned, ""};
const Ack kStored{AckStatus::kStored, "e"};
const Ack kBusy{AckStatus::kBusy, ""};

Ack Unverified(AckStatus status) { return {.status = status, .event_id = "", .unverified = true}; }

class SendersTest : public ::testing::Test {
 protected:
  static Senders::Limits Few() {
    return {.connections = 3,
            .failures_per_minute = 6,
            .trusted_proxies = *ParseNetworks("127.0.0.0/8, ::1, 10.0.0.0/8"),
            .remembered = 100};
  }
  static IpAddress Address(const std::string& text) { return *IpAddress::Parse(text); }

  void Fail(std::uint64_t sender, int times, const Ack& ack = kUnsigned) {
    for (int i = 0; i < times; ++i) senders_.Tried(sender, ack, now_);
  }

  Senders senders_{Few()};
  Senders::Clock::time_point now_ = Senders::Clock::now();
};

TEST_F(SendersTest, RefusesWhoseSignaturesFailTooOften) {
  Fail(1, 5);
  EXPECT_TRUE(senders_.MayTry(1, now_));
  Fail(1, 1);
  EXPECT_FALSE(senders_.MayTry(1, now_));
  EXPECT_TRUE(senders_.MayTry(2, now_)) << "nobody else";
  EXPECT_EQ(senders_.counters().requests_limited, 1U);
  now_ += seconds(9);
  EXPECT_FALSE(senders_.MayTry(1, now_));
  now_ += seconds(2);
  EXPECT_TRUE(senders_.MayTry(1, now_)) << "ten seconds bring one back";
  Fail(1, 1);
  EXPECT_FALSE(senders_.MayTry(1, now_));
  now_ += minutes(2);
  EXPECT_TRUE(senders_.MayTry(1, now_));
}

TEST_F(SendersTest, CountsEveryKindOfFailure) {
  Fail(1, 6, Unverified(AckStatus::kHeld));
  Fail(2, 6, Unverified(AckStatus::kBusy));
  Fail(3, 6, kBusy);
  EXPECT_FALSE(senders_.MayTry(1, now_));
  EXPECT_FALSE(senders_.MayTry(2, now_)) << "what could not be held has failed, too";
  EXPECT_TRUE(senders_.MayTry(3, now_)) << "a busy server is nobody's failure";
}

TEST_F(SendersTest, WhatWasUnderWayTogetherIsPaidFor) {
  Fail(1, 60);
  now_ += minutes(8);
  EXPECT_FALSE(senders_.MayTry(1, now_));
  Fail(1, 100'000);
  now_ += minutes(11);
  EXPECT_TRUE(senders_.MayTry(1, now_)) << "but not for ever";
}

TEST_F(SendersTest, SomethingAuthenticSpeaksForItsSenderForADay) {
  senders_.Tried(1, kStored, now_);
  Fail(1, 1000);
  EXPECT_TRUE(senders_.MayTry(1, now_));
  now_ += hours(23);
  Fail(1, 1000);
  EXPECT_TRUE(senders_.MayTry(1, now_));
  now_ += hours(2);
  Fail(1, 1000);
  EXPECT_FALSE(senders_.MayTry(1, now_));
  senders_.Tried(1, kStored, now_);
  EXPECT_TRUE(senders_.MayTry(1, now_));
}

// An attacker with any number of addresses makes it forget failures, his own or those of others like him, and never
// what speaks for honest senders.
TEST_F(SendersTest, FailuresFromAnywherePushOutNoHonestSender) {
  for (std::uint64_t honest = 1; honest <= 50; ++honest) senders_.Tried(honest, kStored, now_);
  for (std::uint64_t attacker = 1000; attacker < 11'000; ++attacker) Fail(attacker, 7);
  for (std::uint64_t honest = 1; honest <= 50; ++honest) {
    Fail(honest, 7);
    EXPECT_TRUE(senders_.MayTry(honest, now_)) << honest;
  }
  EXPECT_FALSE(senders_.MayTry(10'999, now_));
  EXPECT_TRUE(senders_.MayTry(1000, now_)) << "the table is bounded";
}

TEST_F(SendersTest, BoundsTheConnectionsOfOneSender) {
  const IpAddress attacker = Address("192.0.2.1");
  std::vector<Senders::Connection> open;
  for (int i = 0; i < 3; ++i) {
    open.push_back(*senders_.Connect(attacker));
    EXPECT_FALSE(open.back().is_over());
  }
  for (int i = 0; i < 16; ++i) {
    open.push_back(*senders_.Connect(attacker));
    EXPECT_TRUE(open.back().is_over());
  }
  EXPECT_FALSE(senders_.Connect(attacker)) << "and those that are told so";
  EXPECT_EQ(senders_.counters().connections_refused, 1U);
  EXPECT_FALSE(senders_.Connect(Address("192.0.2.2"))->is_over());
  open.clear();
  EXPECT_FALSE(senders_.Connect(attacker)->is_over());
}

TEST_F(SendersTest, AProxyMayHaveAnyNumberOfConnections) {
  std::vector<Senders::Connection> open;
  for (int i = 0; i < 100; ++i) {
    open.push_back(*senders_.Connect(Address("10.1.2.3")));
    EXPECT_FALSE(open.back().is_over());
  }
}

TEST_F(SendersTest, BelievesProxiesAndNobodyElse) {
  const auto of = [this](const std::string& peer, const std::string& forwarded_for) {
    return senders_.SenderOf(Address(peer), forwarded_for);
  };
  const std::uint64_t client = Address("203.0.113.9").Sender(), stranger = Address("192.0.2.1").Sender();
  EXPECT_EQ(of("127.0.0.1", "203.0.113.9"), client);
  EXPECT_EQ(of("10.1.2.3", "198.51.100.1, 203.0.113.9"), client) << "what stands left of it anybody can write";
  EXPECT_EQ(of("::1", "203.0.113.9, 10.9.9.9 ,\t127.0.0.2"), client) << "a chain of proxies";
  EXPECT_EQ(of("192.0.2.1", "203.0.113.9"), stranger);
  EXPECT_EQ(of("192.0.2.1", ""), stranger);
  EXPECT_EQ(of("::ffff:192.0.2.1", ""), stranger);
  EXPECT_EQ(of("127.0.0.1", "2001:db8:1:2:3::4"), Address("2001:db8:1:2::").Sender());
  for (const char* silent : {"", "unknown", "203.0.113.9, unknown", "203.0.113.9,", ",,,", "10.1.1.1, 127.0.0.1"}) {
    EXPECT_EQ(of("127.0.0.1", silent), std::nullopt) << silent;
  }
  EXPECT_EQ(senders_.SenderOf(std::nullopt, "203.0.113.9"), std::nullopt);
}

TEST_F(SendersTest, ZeroIsNoLimit) {
  Senders senders({.connections = 0, .failures_per_minute = 0, .trusted_proxies = {}});
  for (int i = 0; i < 1000; ++i) senders.Tried(1, kUnsigned, now_);
  EXPECT_TRUE(senders.MayTry(1, now_));
  EXPECT_FALSE(senders.Connect(Address("192.0.2.1"))->is_over());
}

}  // namespace
}  // namespace crmsink::http
