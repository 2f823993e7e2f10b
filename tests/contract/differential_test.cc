// What the simulator sends, shuffled and some of it twice, into each backend: what is dumped is the same to the byte,
// the log included.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "sim/forms.h"
#include "sim/simulation.h"
#include "sink_store.h"

namespace crmsink::contract {
namespace {

constexpr std::uint64_t kFew = 5, kMost = 100;
constexpr std::size_t kAtOnce = 1'000;

// As many as CRMSINK_SEEDS says, which is for smaller streams, but never more than are worth the time.
std::uint64_t Seeds() {
  const char* given = std::getenv("CRMSINK_SEEDS");
  return given == nullptr ? kFew : std::min<std::uint64_t>(std::strtoull(given, nullptr, 10), kMost);
}

std::vector<Post> PostsOf(std::uint64_t seed) {
  const auto simulation = sim::Simulate({.seed = seed, .start = 20'605 * sim::kDay, .truth = false});
  std::vector<Post> posts;
  for (sim::Sent& sent :
       sim::OnTheWay(simulation.sent, {.seed = seed, .shuffle = true, .duplicate = 0.1, .hold_back = 0.1})) {
    posts.push_back({std::move(sent.path), std::move(sent.body), sent.arrives_at});
  }
  return posts;
}

// The lines that differ, up to the tenth, for people.
std::string FirstDifferences(const std::string& sqlite, const std::string& postgres) {
  std::istringstream left(sqlite), right(postgres);
  std::string report, one, other;
  for (int found = 0; found < 10;) {
    const bool has_one = !!std::getline(left, one), has_other = !!std::getline(right, other);
    if (!has_one && !has_other) break;
    if (has_one && has_other && one == other) continue;
    report += "sqlite   " + (has_one ? one : "(end)") + "\npostgres " + (has_other ? other : "(end)") + "\n";
    ++found;
  }
  return report;
}

TEST(PostgresDifferentialTest, TheSameDeliveriesGiveTheSameDump) {
  SinkStore sqlite(Backend::kSqlite), postgres(Backend::kPostgres);
  std::set<std::string_view> missing;
  for (const sim::Form& form : sim::Forms()) missing.insert(form.event);
  for (std::uint64_t seed = 1; seed <= Seeds(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    sqlite.Restart();
    postgres.Restart();
    const std::vector<Post> posts = PostsOf(seed);
    for (std::span<const Post> rest = posts; !rest.empty();) {
      const auto some = rest.first(std::min(kAtOnce, rest.size()));
      sqlite.SubmitAtOnce({some.begin(), some.end()});
      postgres.SubmitAtOnce({some.begin(), some.end()});
      rest = rest.subspan(some.size());
    }
    const std::string one = sqlite.DumpWithLog(), other = postgres.DumpWithLog();
    EXPECT_TRUE(one == other) << FirstDifferences(one, other);
    EXPECT_EQ(postgres.Differences(), "");
    std::erase_if(missing, [&](std::string_view event) {
      return one.find("\"type\":\"" + std::string(event) + "\"") != std::string::npos;
    });
  }
  EXPECT_TRUE(missing.empty()) << *missing.begin() << " and others never occurred";
}

}  // namespace
}  // namespace crmsink::contract
