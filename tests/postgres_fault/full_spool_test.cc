// The database is away, and then the disk of the spool is full.
#include <sched.h>
#include <sys/mount.h>

#include <filesystem>

#include "fault_case.h"

namespace crmsink::fault {
namespace {

class FullSpoolTest : public FaultCase {
 protected:
  void SetUp() override {
    // In a space of our own, which ends with this process and those that it starts.
    if (::unshare(CLONE_NEWNS) != 0) GTEST_SKIP() << "only root may mount a file system, and not in every container";
    // Fails where the root is no mount point, as in a chroot: then others see the disk until it is taken away.
    static_cast<void>(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
    std::filesystem::create_directory(disk_);
    ASSERT_EQ(::mount("tmpfs", disk_.c_str(), "tmpfs", 0, "size=3m"), 0);
  }
  void TearDown() override {
    FaultCase::TearDown();
    ::umount2(disk_.c_str(), MNT_DETACH);
  }

  const std::string disk_ = folder_.File("disk");
};

TEST_F(FullSpoolTest, IsA429AndLosesNothing) {
  PostgresCluster cluster({.fsync = true});
  Receiver receiver({.database = cluster.Url(), .folder = folder_.path().string(), .spool = disk_ + "/spool.db"});
  for (int round = 0; round < 2; ++round) {
    SCOPED_TRACE(round);
    traffic_.Run({receiver.url()}, milliseconds(300));
    cluster.End(PostgresCluster::Stop::kImmediate);
    const std::size_t busy = traffic_.account().Of("429");
    traffic_.Start({receiver.url()});
    for (int i = 0; i < 400 && traffic_.account().Of("429") < busy + 200; ++i) Sleep(milliseconds(50));
    EXPECT_GE(traffic_.account().Of("429"), busy + 200) << "the disk is never full";
    EXPECT_TRUE(receiver.Get("/readyz").starts_with("503"));
    cluster.Start();
    EXPECT_TRUE(receiver.AwaitDrained());
    EXPECT_EQ(receiver.Get("/readyz"), R"({"status":"ready"})");
  }
  ExpectKept(cluster.Url(), {&receiver}, "two outages with the spool's disk full");
  EXPECT_GT(traffic_.account().Of("spooled"), 200u);
}

}  // namespace
}  // namespace crmsink::fault
