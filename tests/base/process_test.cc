#include "base/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <ctime>
#include <vector>

namespace crmsink {
namespace {

TEST(ProcessTest, CountsItsDescriptors) {
  const auto before = ThisProcess().open_descriptors;
  std::vector<int> opened;
  for (int i = 0; i < 7; ++i) opened.push_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(ThisProcess().open_descriptors, before + 7);
  for (const int descriptor : opened) close(descriptor);
  EXPECT_EQ(ThisProcess().open_descriptors, before);
  EXPECT_GT(ThisProcess().most_descriptors, before);
}

TEST(ProcessTest, StartedALittleWhileAgo) {
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(ThisProcess().started_at, now + 2);
  EXPECT_GT(ThisProcess().started_at, now - 3600);
}

TEST(ProcessTest, HasMemoryAndUsesTheProcessor) {
  const ProcessFigures before = ThisProcess();
  EXPECT_GT(before.resident_bytes, std::uint64_t{1} << 20);
  volatile std::uint64_t sum = 0;
  while (ThisProcess().cpu_seconds <= before.cpu_seconds) sum = sum + 1;
}

}  // namespace
}  // namespace crmsink
