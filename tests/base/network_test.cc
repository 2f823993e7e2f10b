#include "base/network.h"

#include <gtest/gtest.h>

#include <string>

namespace crmsink {
namespace {

IpAddress Address(const std::string& text) {
  const auto address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress({}));
}

bool Contains(const std::string& network, const std::string& address) {
  const auto parsed = Network::Parse(network);
  EXPECT_TRUE(parsed) << network;
  return parsed && parsed->Contains(Address(address));
}

TEST(NetworkTest, ReadsAddressesAndNothingElse) {
  EXPECT_TRUE(Address("192.0.2.1").is_v4());
  EXPECT_FALSE(Address("2001:db8::1").is_v4());
  EXPECT_EQ(Address("::ffff:192.0.2.1"), Address("192.0.2.1"));
  for (const char* text : {"", "unknown", "192.0.2", "192.0.2.1:80", "[::1]", "fe80::1%eth0", " 192.0.2.1", "1.2.3.256",
                           "2001:db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0001"}) {
    EXPECT_FALSE(IpAddress::Parse(text)) << text;
  }
}

TEST(NetworkTest, OneSenderIsAnAddressOfIpv4OrA64OfIpv6) {
  EXPECT_EQ(Address("192.0.2.1").Sender(), Address("::ffff:192.0.2.1").Sender());
  EXPECT_NE(Address("192.0.2.1").Sender(), Address("192.0.2.2").Sender());
  EXPECT_EQ(Address("2001:db8:1:2::1").Sender(), Address("2001:db8:1:2:ffff::9").Sender());
  EXPECT_NE(Address("2001:db8:1:2::1").Sender(), Address("2001:db8:1:3::1").Sender());
}

TEST(NetworkTest, ContainsWhatBeginsAlike) {
  EXPECT_TRUE(Contains("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(Contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(Contains("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(Contains("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(Contains("192.0.2.7", "192.0.2.7"));
  EXPECT_FALSE(Contains("192.0.2.7", "192.0.2.6"));
  EXPECT_TRUE(Contains("0.0.0.0/0", "203.0.113.1"));
  EXPECT_FALSE(Contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(Contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(Contains("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_TRUE(Contains("::1", "::1"));
  EXPECT_TRUE(Contains("::ffff:10.0.0.0/104", "10.1.2.3"));
}

TEST(NetworkTest, ReadsLists) {
  EXPECT_EQ(ParseNetworks("127.0.0.0/8, ::1,10.1.2.3")->size(), 3U);
  EXPECT_TRUE(ParseNetworks("")->empty());
  EXPECT_TRUE(ParseNetworks("none")->empty());
  for (const char* text :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::1/129", "10.0.0.0/8,", ",", "proxy", "none, ::1"}) {
    const auto networks = ParseNetworks(text);
    ASSERT_FALSE(networks) << text;
    EXPECT_EQ(networks.error().code, ErrorCode::kInvalid);
  }
  EXPECT_NE(ParseNetworks("::1, proxy").error().message.find("\"proxy\""), std::string::npos);
}

}  // namespace
}  // namespace crmsink
