#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "event/delivery.h"
#include "receiver.h"
#include "support/postgres_cluster.h"
#include "support/sanitizer.h"
#include "support/temp_folder.h"
#include "traffic.h"

namespace crmsink::fault {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

// Unsigned, from a webhook.
Delivery DeliveryOf(std::string path, std::string body, Millis received_at);

// The number in the variable of the environment, or another one.
std::uint64_t NumberOf(const char* variable, std::uint64_t otherwise);

// Looks, past the product's own code, for everything that was promised: each event once in the log with its exact bytes
// and its row in the tables, and counted once. Then asks the product whether tables and log agree. Returns a sentence
// for each thing that is wrong.
std::vector<std::string> BrokenOn(const std::string& url, const Promised& promised);

// Something happens to a server of PostgreSQL while deliveries come. Every event that was answered 2xx is in its log
// afterwards, exactly once.
//   CRMSINK_SEED   of the load and the moments; printed
class FaultCase : public ::testing::Test {
 protected:
  // The seed of the traffic is the test's own.
  explicit FaultCase(Traffic::Options traffic = {});
  void TearDown() override;

  static void Sleep(milliseconds duration) { std::this_thread::sleep_for(duration); }
  milliseconds Between(int least, int most);

  // Ends the traffic, waits until the receivers have drained, and looks for what they promised; `what` says in the
  // figures what happened.
  void ExpectKept(const std::string& url, const std::vector<Receiver*>& receivers, const std::string& what);
  // The receiver, killed and started again beside a server that does not answer, takes deliveries within 3 s (6 under a
  // sanitizer), and drains them once it does.
  void ExpectAStartThatDoesNotWait(Receiver& receiver, PostgresCluster& cluster, const std::string& what);

  TempFolder folder_;
  const std::uint64_t seed_ = NumberOf("CRMSINK_SEED", std::random_device()());
  std::mt19937_64 random_{seed_};
  Traffic traffic_;
};

}  // namespace crmsink::fault
