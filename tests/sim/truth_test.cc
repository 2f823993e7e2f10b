// What the simulator says is true stands in the tables, in whatever order and however often its deliveries come.
//
// CRMSINK_SEEDS says how many simulations are tried (20).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <latch>
#include <stdexcept>
#include <string>
#include <vector>

#include "replay/dump.h"
#include "sim/simulation.h"
#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink::sim {
namespace {

constexpr Millis kStart = 20'605 * kDay;  // 2026-06-01

int Seeds() {
  const char* seeds = std::getenv("CRMSINK_SEEDS");
  return seeds == nullptr ? 20 : std::atoi(seeds);
}

std::vector<std::string> LinesOf(const Truth& truth) {
  std::vector<std::string> lines;
  truth.Write([&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

// The program's tables after these deliveries, all of which wait for a commit at once. No event's time is in its
// future.
std::vector<std::string> TablesAfter(const std::vector<Sent>& deliveries) {
  const TempFolder folder;
  Sink::Options options;
  options.database = "sqlite:" + folder.File("crmsink.db");
  options.signature_required = false;
  options.clock = [] { return kStart + 400 * kDay; };
  options.synchronous = "OFF";  // nobody pulls the plug here
  options.queue_deliveries = deliveries.size();
  options.queue_bytes = std::size_t{1} << 30;
  auto sink = Sink::Open(options);
  if (!sink) throw std::runtime_error(sink.error().message);
  std::latch waiting(static_cast<std::ptrdiff_t>(deliveries.size()));
  std::atomic<int> lost = 0;
  for (const Sent& sent : deliveries) {
    (*sink)->Submit({.path = sent.path, .body = sent.body, .ghl_signatures = {}, .wh_signatures = {}},
                    [&](const Ack& ack) {
                      lost += ack.status != AckStatus::kStored && ack.status != AckStatus::kDuplicate;
                      waiting.count_down();
                    });
  }
  waiting.wait();
  EXPECT_EQ(lost, 0);
  (*sink)->Close();
  std::vector<std::string> lines;
  const auto dumped = Dump(options.database, false, [&](std::string_view line) { lines.emplace_back(line); });
  if (!dumped) throw std::runtime_error(dumped.error().message);
  return lines;
}

// The lines that only one of them has; of equal lines in another order a word.
std::string Difference(std::vector<std::string> truth, std::vector<std::string> tables) {
  if (truth == tables) return "";
  std::ranges::sort(truth);
  std::ranges::sort(tables);
  std::vector<std::string> only;
  std::string report;
  std::ranges::set_difference(truth, tables, std::back_inserter(only));
  for (const std::string& line : only) report += "true   " + line + "\n";
  only.clear();
  std::ranges::set_difference(tables, truth, std::back_inserter(only));
  for (const std::string& line : only) report += "tables " + line + "\n";
  return report.empty() ? "the same lines in another order" : report;
}

TEST(TruthTest, StandsInTheTablesWhateverWayTheDeliveriesCame) {
  for (int seed = 1; seed <= Seeds(); ++seed) {
    const auto number = static_cast<std::uint64_t>(seed);
    const Simulation simulation =
        Simulate({.seed = number, .locations = 1 + seed % 3, .contacts = 25 + seed % 7 * 10, .start = kStart});
    const auto deliveries =
        OnTheWay(simulation.sent, {.seed = number, .shuffle = seed % 4 != 0, .duplicate = 0.2, .hold_back = 0.1});
    ASSERT_GT(deliveries.size(), simulation.sent.size());
    ASSERT_EQ(Difference(LinesOf(simulation.truth), TablesAfter(deliveries)), "") << "seed " << seed;
  }
}

TEST(TruthTest, DiffersFromTablesThatMissOneDelivery) {
  Simulation simulation = Simulate({.seed = 7, .contacts = 40, .start = kStart});
  const std::string paid = "/webhooks/InvoicePaid";
  const auto missed = std::ranges::find(simulation.sent, paid, &Sent::path);
  ASSERT_NE(missed, simulation.sent.end());
  simulation.sent.erase(missed);
  EXPECT_THAT(Difference(LinesOf(simulation.truth), TablesAfter(simulation.sent)), testing::HasSubstr("invoices_all"));
}

TEST(TruthTest, RefusesToLearnWhatIsNotTheLatest) {
  Truth truth;
  const std::string id = "one";
  const Document body = Document::Object({{"id", id}});
  Telling telling{.form = FormOf("NoteUpdate"), .id = id, .body = body, .event_id = "b", .occurred_at = 2, .rank = 1};
  truth.Learn(telling);
  telling.event_id = "a";
  EXPECT_THROW(truth.Learn(telling), std::logic_error);
}

}  // namespace
}  // namespace crmsink::sim
