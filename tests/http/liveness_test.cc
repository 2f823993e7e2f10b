#include "http/liveness.h"

#include <chrono>
#include <future>
#include <thread>

#include "http_fixture.h"

namespace crmsink::http {
namespace {

TEST(LivenessTest, AWriterHangsThatDoesNothingWithWhatWaits) {
  Liveness liveness;
  std::size_t waiting = 3;
  Sink::Counters now{.commits = 5};
  EXPECT_TRUE(liveness.Check({0}, waiting, now)) << "there is nothing yet to compare with";
  EXPECT_FALSE(liveness.Check({1}, waiting, now));
  now.commits = 6;
  EXPECT_TRUE(liveness.Check({1}, waiting, now)) << "a commit";
  now.commit_failures = 1;
  EXPECT_TRUE(liveness.Check({1}, waiting, now)) << "a commit that fails";
  now.spooled = 1;
  EXPECT_TRUE(liveness.Check({1}, waiting, now));
  now.busy = 100;
  EXPECT_FALSE(liveness.Check({1}, waiting, now)) << "refusing is no work of the writer's";
  waiting = 0;
  EXPECT_TRUE(liveness.Check({1}, waiting, now));
  waiting = 1;
  EXPECT_TRUE(liveness.Check({1}, waiting, now)) << "it has only just come";
  EXPECT_FALSE(liveness.Check({1}, waiting, now));
}

TEST(LivenessTest, EachLoopMustComeRound) {
  Liveness liveness;
  EXPECT_TRUE(liveness.Check({0, 0}, 0, {}));
  EXPECT_TRUE(liveness.Check({1, 2}, 0, {}));
  EXPECT_FALSE(liveness.Check({1, 0}, 0, {}));
}

// Blocks the thread that submits.
class BlockingBackend final : public Backend {
 public:
  explicit BlockingBackend(std::shared_future<void> released) : released_(std::move(released)) {}
  void Submit(Arrival, std::function<void(Ack)> done) override {
    released_.wait();
    done(Ack{});
  }
  void CountRefusal(std::string_view, std::string_view) override {}
  bool Ready() const override { return true; }
  Sink::Counters counters() const override { return {}; }

 private:
  const std::shared_future<void> released_;
};

TEST(LivenessTest, SeesAThreadThatHangs) {
  std::promise<void> release;
  Server::Options options;
  options.listen = "127.0.0.1:0";
  options.admin_listen = "";
  options.io_threads = 2;
  auto server = Server::Start(options, std::make_unique<BlockingBackend>(release.get_future().share()));
  ASSERT_TRUE(server) << server.error().message;
  const auto is_alive = [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    return (*server)->IsAlive();
  };
  EXPECT_TRUE(is_alive());
  EXPECT_TRUE(is_alive());
  RawClient client((*server)->url());
  client.Send("POST /webhooks HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  is_alive();  // it may have come round before it hung
  EXPECT_FALSE(is_alive());
  release.set_value();
  client.Receive();
  is_alive();
  EXPECT_TRUE(is_alive());
}

}  // namespace
}  // namespace crmsink::http
