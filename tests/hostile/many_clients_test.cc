// The program itself against many clients at once. Figures are printed; an honest delivery waits for less than a
// second.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "hostile/real_server.h"

namespace crmsink::hostile {
namespace {

using http::RawAnswer;
using http::RawClient;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

using ManyClientsTest = RealServerTest;

std::string SlowPost(std::size_t size) {
  return "POST /webhooks HTTP/1.1\r\nHost: h\r\nX-GHL-Signature: x\r\nContent-Length: " + std::to_string(size) +
         "\r\n\r\n{";
}

// H26, at scale.
TEST_F(ManyClientsTest, IdleAndDrippingOnesDelayNobody) {
  Serve();
  const std::vector<RawClient> idle = Connections(5'000 / kScale);
  const Drip drip(Connections(500 / kScale, SlowPost(100'000)), "x");
  const milliseconds longest = DeliverHonestly(20, milliseconds(100));
  std::printf("%zu idle, %zu dripping: the longest of 20 honest deliveries took %lld ms; peak memory %ld MiB\n",
              5'000 / kScale, 500 / kScale, static_cast<long long>(longest.count()), PeakMemory() / 1024);
  EXPECT_LT(longest, kHonestDelay);
  if (!kIsSanitized) {
    EXPECT_LT(PeakMemory(), kMostMemoryKiB);
  }
  ExpectHonestRows();
}

// The same from one address that is no proxy, and an honest sender behind it.
TEST_F(ManyClientsTest, IdleOnesOfOneAddressShutNobodyOut) {
  Serve({"--trusted-proxies", "none", "--connections-per-address", "100"});
  const std::vector<RawClient> idle = Connections(1'000 / kScale, "", "127.0.0.2");
  const milliseconds longest = DeliverHonestly(20, milliseconds(10), "127.0.0.2");
  EXPECT_LT(longest, kHonestDelay);
  EXPECT_LT(DeliverHonestly(20, milliseconds(10)), kHonestDelay);
  ExpectHonestRows();
}

// H25
TEST_F(ManyClientsTest, SlowBodiesAreEndedByTheirDeadline) {
  Serve({"--request-timeout", "1s"});
  std::vector<RawClient> slow = Connections(64, SlowPost(100'000));
  for (RawClient& client : slow) client.Send("x");
  EXPECT_LT(DeliverHonestly(5, milliseconds(10)), kHonestDelay);
  for (RawClient& client : slow) EXPECT_EQ(client.Receive(std::chrono::seconds(30)).status, 408);
  EXPECT_LT(DeliverHonestly(5, milliseconds(10)), kHonestDelay);
  EXPECT_EQ(Count("SELECT count(*) FROM events"), 10);
}

// H53
TEST_F(ManyClientsTest, MoreThanThereAreDescriptorsAreShed) {
  Serve({}, "ulimit -n 1024;");
  std::vector<RawClient> flood = Connections(5'000 / (kIsSanitized ? 3 : 1));
  EXPECT_LT(DeliverHonestly(5, milliseconds(10)), kHonestDelay) << "while they are there";
  const long before = ProcessorTime();
  std::this_thread::sleep_for(milliseconds(500));
  if (!kIsSanitized) {
    EXPECT_LT(ProcessorTime() - before, 150) << "accepting must not spin";
  }
  flood.clear();
  EXPECT_LT(DeliverHonestly(5, milliseconds(10)), kHonestDelay) << "when they have gone";
  EXPECT_TRUE(IsRunning());
  ExpectHonestRows();
  EXPECT_EQ(server_->Stop(), 0);
}

// S23
TEST_F(ManyClientsTest, AFloodOfForgeriesCostsNoHonestSender) {
  Serve({"--trusted-proxies", "none"});
  std::atomic<bool> over{false};
  std::atomic<std::size_t> refused{0}, limited{0}, other{0};
  std::vector<std::thread> attackers;
  for (int i = 0; i < 4; ++i) {
    attackers.emplace_back([&, i] {
      const testing::Ed25519Signer stranger;
      RawClient client(url_, "127.0.0.2");
      for (int n = 0; !over; ++n) {
        const std::string body = "{\"n\":" + std::to_string(n * 4 + i) + "}";
        if (!client.Send(Signed(body, stranger.Sign(body)))) break;
        const int status = client.Receive(std::chrono::seconds(60)).status;
        ++(status == 401 ? refused : status == 429 ? limited : other);
        std::this_thread::sleep_for(std::chrono::microseconds(600));  // some 5,000 a second in all
      }
    });
  }
  const auto start = steady_clock::now();
  const milliseconds longest = DeliverHonestly(40, milliseconds(50));
  const auto took = std::chrono::duration<double>(steady_clock::now() - start).count();
  over = true;
  for (std::thread& attacker : attackers) attacker.join();
  std::printf("%.0f forgeries a second, %zu of them checked: the longest of 40 honest deliveries took %lld ms\n",
              static_cast<double>(refused + limited) / took, refused.load(), static_cast<long long>(longest.count()));
  EXPECT_LT(longest, kHonestDelay);
  EXPECT_EQ(other, 0U);
  EXPECT_GE(refused, 60U);
  EXPECT_LE(refused, 60U + 4U + static_cast<std::size_t>(took + 1)) << "those that were under way, one a second more";
  EXPECT_EQ(Count("SELECT count(*) FROM unverified"), static_cast<int>(refused));
  ExpectHonestRows();
}

// Every class of hostile input at once.
TEST_F(ManyClientsTest, MemoryHasALimitWhateverComes) {
  Serve();
  const std::string mib(1 << 20, 'x');
  const std::vector<RawClient> idle = Connections(3'000 / kScale);
  const Drip drip(Connections(300 / kScale, SlowPost(100'000)), "x");
  const Drip half(Connections(40 / kScale, SlowPost(std::size_t{16} << 20) + std::string(8 << 20, 'x')), "x");
  std::atomic<bool> over{false};
  std::vector<std::thread> floods;
  const auto flood = [&](const std::string& first, const std::string& then) {
    floods.emplace_back([&, first, then] {
      while (!over) {
        RawClient client(url_);
        client.Send(first);
        for (int i = 0; i < 20 && !over && client.Send(then); ++i) {
        }
        client.Receive(milliseconds(100));
      }
    });
  };
  const testing::Ed25519Signer stranger;
  const std::string large = "[" + std::string(std::size_t{10} << 20, ' ') + "]";
  const std::string forged = Signed(large, stranger.Sign(large));
  flood("POST /webhooks HTTP/1.1\r\n", "X: " + mib);
  flood("POST /webhooks HTTP/1.1\r\n", "X: y\r\n");
  flood("POST /webhooks HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "100000\r\n" + mib + "\r\n");
  flood("GET /" + mib, mib);
  for (int i = 0; i < 4; ++i) flood(forged, "");
  const milliseconds longest = DeliverHonestly(40, milliseconds(100));
  over = true;
  for (std::thread& thread : floods) thread.join();
  std::printf("all at once: the longest of 40 honest deliveries took %lld ms; peak memory %ld MiB\n",
              static_cast<long long>(longest.count()), PeakMemory() / 1024);
  if (!kIsSanitized) {
    EXPECT_LT(PeakMemory(), kMostMemoryKiB * 2 / 3) << "what is kept after it was refused adds up";
    EXPECT_LT(longest, kHonestDelay);
  }
  EXPECT_TRUE(IsRunning());
  ExpectHonestRows();
}

}  // namespace
}  // namespace crmsink::hostile
