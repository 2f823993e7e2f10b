#include "property_fixture.h"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <sstream>

namespace crmsink::contract {
namespace {

constexpr std::size_t kStreamsThatMeetAll = 20;

// Tells rapidcheck how many streams to try. It reads its parameters once, at its first use.
const bool kSeedsAreSet = [] {
  const char* given = std::getenv("RC_PARAMS");
  const char* seeds = std::getenv("CRMSINK_SEEDS");
  const std::string params = given == nullptr ? "" : given;
  if (params.find("max_success") == std::string::npos) {
    ::setenv("RC_PARAMS", (params + " max_success=" + (seeds == nullptr ? "20" : seeds)).c_str(), 1);
  }
  return true;
}();

}  // namespace

Stream PropertyTest::PickStream() {
  const Stream stream = *Streams();
  ++streams_;
  for (const auto& [feature, count] : CountFeatures(stream)) met_[feature] += count;
  return stream;
}

std::mt19937_64 PropertyTest::PickDice() {
  return std::mt19937_64(*rc::gen::noShrink(rc::gen::inRange<std::uint64_t>(0, std::uint64_t{1} << 63)));
}

std::size_t PropertyTest::PickThreads() { return *rc::gen::noShrink(rc::gen::inRange<std::size_t>(1, 17)); }

std::vector<Post> PropertyTest::InOrder(const Stream& stream) {
  std::vector<Post> posts;
  for (const Sent& sent : stream) posts.push_back(sent.post);
  return posts;
}

std::vector<Post> PropertyTest::ShuffleAndRepeat(const Stream& stream, std::mt19937_64& dice) {
  std::vector<Post> posts;
  for (const Sent& sent : stream) {
    posts.push_back(sent.post);
    while (dice() % 4 == 0) posts.push_back(sent.post);
  }
  std::shuffle(posts.begin(), posts.end(), dice);
  return posts;
}

std::vector<std::vector<Post>> PropertyTest::Deal(const std::vector<Post>& posts, std::size_t shares) {
  std::vector<std::vector<Post>> dealt(shares);
  for (std::size_t i = 0; i < posts.size(); ++i) dealt[i % shares].push_back(posts[i]);
  return dealt;
}

std::string PropertyTest::Difference(const std::string& expected, const std::string& actual) {
  const auto lines = [](const std::string& text) {
    std::vector<std::string> all;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    std::sort(all.begin(), all.end());
    return all;
  };
  const auto left = lines(expected);
  const auto right = lines(actual);
  std::vector<std::string> only;
  std::set_difference(left.begin(), left.end(), right.begin(), right.end(), std::back_inserter(only));
  std::string report;
  for (const std::string& line : only) report += "naive  " + line + "\n";
  only.clear();
  std::set_difference(right.begin(), right.end(), left.begin(), left.end(), std::back_inserter(only));
  for (const std::string& line : only) report += "actual " + line + "\n";
  return report.empty() && expected != actual ? "the same lines in another order" : report;
}

bool PropertyTest::ShowsSecret(const std::string& dump) {
  std::istringstream lines(dump);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(R"("table":"voice_ai_call)") != std::string::npos && line.find("s3cr3t") != std::string::npos) {
      return true;
    }
  }
  return false;
}

void PropertyTest::ExpectFeaturesWereMet() const {
  ASSERT_TRUE(kSeedsAreSet);
  if (HasFailure() || streams_ < kStreamsThatMeetAll) return;
  for (const auto& [feature, count] : met_) {
    if (!feature.starts_with("column ")) std::cout << "  " << count << " x " << feature << "\n";
  }
  std::cout << "  " << ShareOfColumns(met_) * 100 << " % of all columns\n";
  for (const std::string& feature : RequiredFeatures()) EXPECT_TRUE(met_.contains(feature)) << feature;
  EXPECT_GT(ShareOfColumns(met_), 0.9);
}

}  // namespace crmsink::contract
