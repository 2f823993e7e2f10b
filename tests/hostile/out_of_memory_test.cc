// H52: memory runs out, here and there. The program lives, an answer is 200 or 429, and 200 means what it always does.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <new>
#include <random>
#include <set>
#include <string>

#include "hostile/failing_malloc.h"
#include "hostile/real_server.h"

namespace crmsink::hostile {
namespace {

class OutOfMemoryTest : public RealServerTest {
 protected:
  void SetUp() override {
    if (kIsSanitized) GTEST_SKIP() << "a sanitizer has a malloc of its own";
    const std::string file = folder_.File("malloc");
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_EQ(::ftruncate(descriptor, sizeof *memory_), 0);
    void* const mapped = ::mmap(nullptr, sizeof *memory_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    ASSERT_NE(mapped, MAP_FAILED);
    memory_ = new (mapped) FailingMalloc;
    Serve({}, "export LD_PRELOAD='" CRMSINK_FAILING_MALLOC_LIBRARY "' CRMSINK_FAILING_MALLOC='" + file + "';");
  }
  void TearDown() override {
    if (memory_ != nullptr) ::munmap(memory_, sizeof *memory_);
  }

  FailingMalloc* memory_ = nullptr;
};

TEST_F(OutOfMemoryTest, IsAnsweredWith429AndLosesNothing) {
  const std::uint32_t first = std::random_device{}();
  SCOPED_TRACE("the counter begins at " + std::to_string(first));
  memory_->asked = first;
  std::map<int, int> statuses;
  std::set<std::string> kept;
  for (const std::uint32_t every : {5'000, 1'009, 499, 251, 101, 53, 31, 17, 7, 3}) {
    memory_->every = every;
    for (int i = 0; i < 60; ++i) {
      const std::string id = "m" + std::to_string(every) + "-" + std::to_string(i);
      http::RawClient client(url_);
      client.Send(Honest(id));
      const int status = client.Receive(std::chrono::seconds(20)).status;
      ++statuses[status];
      EXPECT_TRUE(status == 200 || status == 429 || status == 0) << status << " where each " << every << "th fails";
      if (status == 200) kept.insert(id);
    }
    memory_->every = 0;
    ASSERT_TRUE(IsRunning()) << "where each " << every << "th fails\n" << Log();
    DeliverHonestly(1, std::chrono::milliseconds(0));
  }
  std::printf("%u of %u allocations failed; answered 200: %d, 429: %d, not at all: %d\n", memory_->failed.load(),
              memory_->asked.load() - first, statuses[200], statuses[429], statuses[0]);
  EXPECT_GT(memory_->failed, 100U);
  EXPECT_GT(statuses[200], 0);
  EXPECT_GT(statuses[429], 0);
  for (const std::string& id : kept) EXPECT_EQ(Count("SELECT count(*) FROM events WHERE event_id = '" + id + "'"), 1);
  ExpectHonestRows();
  EXPECT_EQ(server_->Stop(), 0);
}

}  // namespace
}  // namespace crmsink::hostile
