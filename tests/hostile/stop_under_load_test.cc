// SIGTERM at any moment: what was taken is finished and kept, nobody gets half an answer, and the exit code is 0.
#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hostile/real_server.h"
#include "http/tls_client.h"
#include "http/tls_pair.h"

namespace crmsink::hostile {
namespace {

using std::chrono::milliseconds;

class StopUnderLoadTest : public RealServerTest {
 protected:
  // Clients that deliver one after the other until the server hangs up.
  template <class Client>
  void Load(std::size_t number) {
    for (std::size_t n = 0; n < 100'000; ++n) {
      const std::string id = "load-" + std::to_string(round_) + "-" + std::to_string(number) + "-" + std::to_string(n);
      Client client(url_);
      for (int i = 0; i < 50; ++i) {
        const std::string each = id + "-" + std::to_string(i);
        if (!client.Send(Honest(each))) return;
        const http::RawAnswer answer = client.Receive();
        if (client.pending() > 0) ++halves_;
        if (answer.status == 0) return;
        if (answer.status == 200) {
          const std::lock_guard lock(mutex_);
          kept_.insert(each);
        } else if (answer.status != 429) {
          ++wrong_;
        }
        if (answer.fields.contains("connection")) return;
      }
    }
  }

  template <class Client>
  void StopAtRandomMoments(const std::vector<std::string>& more, int rounds) {
    std::minstd_rand random(std::random_device{}());
    for (round_ = 0; round_ < rounds; ++round_) {
      const auto delay = static_cast<unsigned>(20 + random() % 400);
      SCOPED_TRACE("SIGTERM after " + std::to_string(delay) + " ms");
      Serve(more);
      std::vector<std::thread> clients;
      for (std::size_t i = 0; i < 6; ++i) clients.emplace_back([this, i] { Load<Client>(i); });
      const http::RawClient idle(url_);
      std::this_thread::sleep_for(milliseconds(delay));
      const auto start = std::chrono::steady_clock::now();
      EXPECT_EQ(server_->Stop(), 0) << Log();
      EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(kIsSanitized ? 30 : 10));
      for (std::thread& client : clients) client.join();
    }
    EXPECT_EQ(wrong_, 0U);
    EXPECT_EQ(halves_, 0U);
    EXPECT_GT(kept_.size(), 0U);
    SQLite::Database db(file_);
    SQLite::Statement find(db, "SELECT count(*) FROM events WHERE event_id = ?");
    for (const std::string& id : kept_) {
      find.bind(1, id);
      find.executeStep();
      EXPECT_EQ(find.getColumn(0).getInt(), 1) << id;
      find.reset();
    }
    std::printf("%d stops, %zu deliveries acknowledged, all of them kept\n", rounds, kept_.size());
  }

  int round_ = 0;
  std::mutex mutex_;
  std::set<std::string> kept_;
  std::atomic<std::size_t> halves_{0}, wrong_{0};
};

TEST_F(StopUnderLoadTest, FinishesWhatWasTaken) { StopAtRandomMoments<http::RawClient>({}, 5); }

TEST_F(StopUnderLoadTest, FinishesWhatWasTakenByTls) {
  const auto pair = http::TlsPair::Make(folder_.File("cert.pem"), folder_.File("tls.pem"));
  StopAtRandomMoments<http::TlsClient>({"--tls-certificate", pair.certificate, "--tls-key", pair.key}, 5);
}

TEST_F(StopUnderLoadTest, ASecondSigtermChangesNothing) {
  Serve();
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < 4; ++i) clients.emplace_back([this, i] { Load<http::RawClient>(i); });
  std::this_thread::sleep_for(milliseconds(200));
  server_->Signal(SIGTERM);
  server_->Signal(SIGTERM);
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(server_->Stop(), 0);
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(halves_, 0U);
}

// A request that only half came would have its second to be finished in; whoever presses Ctrl-C again need not wait.
TEST_F(StopUnderLoadTest, ASecondSigintEndsItAtOnce) {
  Serve();
  DeliverHonestly(3, milliseconds(0));
  http::RawClient half(url_);
  half.Send(Honest("half").substr(0, 60));
  std::this_thread::sleep_for(milliseconds(50));
  server_->Signal(SIGINT);
  for (int i = 0; i < 10'000 && Log().find("stopping signal=SIGINT") == std::string::npos; ++i) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  server_->Signal(SIGINT);
  EXPECT_EQ(server_->Stop(), -1) << "a signal ended it";
  ExpectHonestRows();
}

}  // namespace
}  // namespace crmsink::hostile
