#include "fault_case.h"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <unordered_map>

#include "base/sha256.h"
#include "replay/verify.h"
#include "support/postgres_client.h"

namespace crmsink::fault {
namespace {

struct Logged {
  int rows = 0;
  std::string digest;  // of the bytes
};

std::unordered_map<std::string, Logged> ReadLog(PostgresClient& client) {
  std::unordered_map<std::string, Logged> log;
  for (auto& row : client.Rows("SELECT event_id, encode(sha256(convert_to(payload, 'UTF8')), 'hex') FROM events")) {
    Logged& logged = log[row[0]];
    ++logged.rows;
    logged.digest = row[1];
  }
  return log;
}

std::set<std::string> ReadIds(PostgresClient& client, const std::string& table) {
  std::set<std::string> ids;
  for (auto& row : client.Rows("SELECT id FROM " + table)) ids.insert(row[0]);
  return ids;
}

void LookForEvents(PostgresClient& client, const Promised& promised, std::vector<std::string>& broken) {
  const auto log = ReadLog(client);
  std::map<std::string, std::set<std::string>> tables;
  for (const auto& [event_id, event] : promised.events) {
    const auto found = log.find(event_id);
    if (found == log.end()) {
      broken.push_back("event " + event_id + " is lost");
      continue;
    }
    if (found->second.digest != Hex(Sha256({event.body}))) {
      broken.push_back("event " + event_id + " has other bytes in the log");
    }
    const auto ids = tables.find(event.table);
    const auto& known = ids != tables.end() ? ids->second : tables[event.table] = ReadIds(client, event.table);
    if (!known.contains(event.entity_id)) broken.push_back(event.entity_id + " is not in " + event.table);
  }
  for (const auto& [event_id, logged] : log) {
    if (logged.rows != 1) broken.push_back("event " + event_id + " is in the log more than once");
  }
  const std::string counted = client.Select("SELECT coalesce(sum(events), 0) FROM event_counts");
  if (counted != std::to_string(log.size())) {
    broken.push_back(counted + " events are counted and " + std::to_string(log.size()) + " in the log");
  }
}

}  // namespace

Delivery DeliveryOf(std::string path, std::string body, Millis received_at) {
  Delivery delivery;
  delivery.source = "webhook";
  delivery.path = std::move(path);
  delivery.body = std::move(body);
  delivery.received_at = received_at;
  return delivery;
}

std::uint64_t NumberOf(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<std::string> BrokenOn(const std::string& url, const Promised& promised) {
  std::vector<std::string> broken;
  PostgresClient client(url);
  LookForEvents(client, promised, broken);
  const auto report =
      Verify(url, {.on_difference =
                       [&broken](const Difference& difference) {
                         broken.push_back(difference.table + " " + difference.id + " " + difference.what + ": " +
                                          difference.in_database + ", by the log " + difference.from_log);
                       },
                   .on_progress = {}});
  if (!report) broken.push_back("verify: " + report.error().message);
  return broken;
}

FaultCase::FaultCase(Traffic::Options traffic)
    : traffic_([&] {
        traffic.seed = seed_;
        return traffic;
      }()) {
  std::cout << "CRMSINK_SEED=" << seed_ << std::endl;
}

void FaultCase::TearDown() {
  traffic_.Stop();
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    if (!entry.path().filename().string().starts_with("log-")) continue;
    const std::string log = ReadFile(entry.path());
    EXPECT_EQ(log.find("Sanitizer"), std::string::npos) << log;
    if (HasFailure()) std::cout << entry.path() << ":\n" << log.substr(0, 20'000) << std::endl;
  }
}

milliseconds FaultCase::Between(int least, int most) {
  return milliseconds(std::uniform_int_distribution<int>(least, most)(random_));
}

void FaultCase::ExpectKept(const std::string& url, const std::vector<Receiver*>& receivers, const std::string& what) {
  traffic_.Stop();
  double drained = 0;
  for (const Receiver* receiver : receivers) {
    EXPECT_TRUE(receiver->AwaitDrained()) << receiver->Get("/metrics");
    drained += receiver->Metric("crmsink_spool_drained_total");
  }
  const Account account = traffic_.account();
  const auto broken = BrokenOn(url, account.promised);
  EXPECT_THAT(broken, ::testing::IsEmpty());
  EXPECT_THAT(account.bad, ::testing::IsEmpty());
  EXPECT_GT(account.Of("stored"), 0u);
  std::cout << "FIGURES " << what << ": " << account.Shown() << ", " << drained << " drained since the last start, "
            << broken.size() << " lost or wrong" << std::endl;
}

void FaultCase::ExpectAStartThatDoesNotWait(Receiver& receiver, PostgresCluster& cluster, const std::string& what) {
  traffic_.Run({receiver.url()}, milliseconds(300));
  receiver.Kill();
  cluster.Freeze();
  const auto start = steady_clock::now();
  receiver.Start();
  traffic_.Run({receiver.url()}, milliseconds(500));
  EXPECT_LT(steady_clock::now() - start, seconds(kIsSanitized ? 6 : 3));
  EXPECT_GT(traffic_.account().Of("spooled"), 50u);
  cluster.Thaw();
  EXPECT_TRUE(receiver.AwaitDrained());
  ExpectKept(cluster.Url(), {&receiver}, what);
}

}  // namespace crmsink::fault
