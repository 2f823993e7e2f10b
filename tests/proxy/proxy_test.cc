// The proxies' configurations in config/, with real proxies: what is a proxy's own failure is a 429, and nothing that
// was acknowledged is lost.
#include "proxy.h"

#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/process.h"
#include "sender.h"
#include "support/free_port.h"
#include "support/postgres_database.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using testing::Process;
using testing::Proxy;
using testing::Sender;

class ProxyPostgresTest : public ::testing::TestWithParam<Proxy::Kind> {
 protected:
  static constexpr std::size_t kInstances = 3;
  static constexpr std::chrono::seconds kSeen{2};  // until a proxy sees that an instance is back

  void SetUp() override {
    if (!Proxy::IsInstalled(GetParam())) GTEST_SKIP() << "this proxy is not installed";
    std::ofstream(folder_.File("key.pem")) << sender_.Pem();
    for (std::size_t i = 0; i < kInstances; ++i) {
      std::filesystem::create_directory(FolderOf(i));
      ports_.push_back(FreePort());
      instances_.emplace_back();
      Start(i);
    }
    proxy_ = std::make_unique<Proxy>(GetParam(), folder_.path().string(), ports_);
  }

  std::string FolderOf(std::size_t i) const { return folder_.File("instance" + std::to_string(i)); }

  void Start(std::size_t i) {
    instances_[i] = std::make_unique<Process>(
        std::vector<std::string>{"serve", "--listen", "127.0.0.1:" + std::to_string(ports_[i]), "--admin-listen",
                                 "127.0.0.1:0", "--signature-key", folder_.File("key.pem"), "--writer",
                                 "w" + std::to_string(i)},
        FolderOf(i), std::map<std::string, std::string>{{"CRMSINK_DATABASE", database_.url()}});
    ASSERT_THAT(instances_[i]->FirstLine(), ::testing::StartsWith("listening ")) << instances_[i]->ErrSoFar();
  }
  void End(std::size_t i, int signal) {
    instances_[i]->Signal(signal);
    instances_[i]->Wait();
  }
  void SignalAll(int signal) {
    for (auto& instance : instances_) instance->Signal(signal);
  }

  // Stops the load, prints the answers by class, and looks for what was acknowledged.
  void Account() {
    sender_.Stop();
    const Sender::Report report = sender_.report();
    std::cout << "answers:";
    for (const auto& [answer, count] : report.answers) std::cout << "  " << answer << ": " << count;
    std::cout << std::endl;
    for (const auto& [answer, count] : report.answers) {
      EXPECT_THAT(answer, ::testing::AnyOf("200", "429 by the proxy", "429 by an instance")) << ": " << count;
    }
    for (auto& instance : instances_) instance.reset();
    std::set<std::string> stored;
    std::istringstream ids(database_.Select("SELECT event_id FROM events"));
    for (std::string id; ids >> id;) stored.insert(id);
    std::size_t lost = 0;
    for (const std::string& id : report.kept) lost += stored.contains(id) ? 0 : 1;
    EXPECT_EQ(lost, 0) << "of " << report.kept.size();
    EXPECT_EQ(database_.Select("SELECT count(*) FROM unverified"), "0");
  }

  TempFolder folder_;
  PostgresDatabase database_;
  Sender sender_;
  std::vector<int> ports_;
  std::vector<std::unique_ptr<Process>> instances_;
  std::unique_ptr<Proxy> proxy_;
};

TEST_P(ProxyPostgresTest, AllKilledUnderLoadAndStartedOneByOneIsNothingBut429) {
  sender_.Start(proxy_->port());
  ASSERT_TRUE(sender_.Await("200", 200));
  SignalAll(SIGKILL);
  for (std::size_t i = 0; i < kInstances; ++i) instances_[i]->Wait();
  ASSERT_TRUE(sender_.Await("429 by the proxy", 50));
  for (std::size_t i = 0; i < kInstances; ++i) {
    Start(i);
    ASSERT_TRUE(sender_.Await("200", 50));
  }
  Account();
}

TEST_P(ProxyPostgresTest, RestartsOneByOneUnderLoadKeepEveryPromise) {
  sender_.Start(proxy_->port());
  ASSERT_TRUE(sender_.Await("200", 100));
  for (const int signal : {SIGTERM, SIGKILL}) {
    for (std::size_t i = 0; i < kInstances; ++i) {
      End(i, signal);
      ASSERT_TRUE(sender_.Await("200", 100));
      Start(i);
      std::this_thread::sleep_for(kSeen);
      ASSERT_TRUE(sender_.Await("200", 100));
    }
  }
  Account();
}

TEST_P(ProxyPostgresTest, InstancesThatHangAre429) {
  sender_.Start(proxy_->port());
  ASSERT_TRUE(sender_.Await("200", 50));
  SignalAll(SIGSTOP);
  EXPECT_TRUE(sender_.Await("429 by the proxy", 8));
  SignalAll(SIGCONT);
  EXPECT_TRUE(sender_.Await("200", 50));
  Account();
}

INSTANTIATE_TEST_SUITE_P(Each, ProxyPostgresTest,
                         ::testing::Values(Proxy::Kind::kHaproxy, Proxy::Kind::kNginx, Proxy::Kind::kCaddy),
                         [](const auto& each) {
                           return each.param == Proxy::Kind::kHaproxy ? "Haproxy"
                                  : each.param == Proxy::Kind::kNginx ? "Nginx"
                                                                      : "Caddy";
                         });

}  // namespace
}  // namespace crmsink
