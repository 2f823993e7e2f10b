#include "sim/simulation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "entities/catalog.h"
#include "event/event.h"
#include "sim/forms.h"

namespace crmsink::sim {
namespace {

using ::testing::IsEmpty;

constexpr Millis kStart = 20'605 * kDay;  // 2026-06-01

std::vector<std::string> TextsOf(const std::vector<Sent>& deliveries) {
  std::vector<std::string> texts;
  for (const Sent& sent : deliveries) texts.push_back(sent.path + " " + sent.body);
  return texts;
}

Event Read(const Sent& sent) {
  Delivery delivery;
  delivery.path = sent.path;
  delivery.body = sent.body;
  delivery.received_at = kStart + 400 * kDay;
  auto event = ReadEvent(delivery);
  if (!event) throw std::runtime_error(event.error() + " of " + sent.body);
  return *std::move(event);
}

std::vector<Event> ReadAll(const std::vector<Sent>& deliveries) {
  std::vector<Event> events;
  for (const Sent& sent : deliveries) events.push_back(Read(sent));
  return events;
}

TEST(SimulationTest, SaysTheSameBytesForTheSameSeed) {
  const SimulationOptions options{.seed = 3, .contacts = 30, .start = kStart};
  const Simulation one = Simulate(options), other = Simulate(options);
  ASSERT_FALSE(one.sent.empty());
  EXPECT_EQ(TextsOf(one.sent), TextsOf(other.sent));
  const TrafficOptions traffic{.seed = 3, .shuffle = true, .duplicate = 0.1, .hold_back = 0.1};
  EXPECT_EQ(TextsOf(OnTheWay(one.sent, traffic)), TextsOf(OnTheWay(other.sent, traffic)));
}

// A change of what is simulated changes the digest: then it is to be written anew. A compiler must not.
TEST(SimulationTest, SaysTheSameBytesOnEveryMachine) {
  std::string all;
  for (const Sent& sent : OnTheWay(Simulate({.contacts = 40, .start = kStart}).sent, {.shuffle = true})) {
    all += sent.path + " " + sent.body + "\n";
  }
  EXPECT_EQ(Hex(Sha256({all})), "973f1a88aa41f27a9cf4435bde9e5fb5fc52c374c7263b9dca3514cd00dcd25f");
}

TEST(SimulationTest, SaysOtherThingsForAnotherSeed) {
  const Simulation one = Simulate({.seed = 3, .contacts = 30, .start = kStart});
  const Simulation other = Simulate({.seed = 4, .contacts = 30, .start = kStart});
  EXPECT_NE(TextsOf(one.sent), TextsOf(other.sent));
}

TEST(SimulationTest, KnowsEveryEventThatTheProgramKnows) {
  std::set<std::string> declared, known;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events)
      declared.insert(std::string(entity->name) + " " + std::string(event.name));
  }
  for (const Form& form : Forms()) known.insert(std::string(form.entity) + " " + std::string(form.event));
  EXPECT_EQ(declared, known);
  EXPECT_EQ(known.size(), 77U);
}

TEST(SimulationTest, LetsEveryEventOccur) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::set<std::string> missing;
    for (const Form& form : Forms()) missing.insert(std::string(form.event));
    for (const Event& event : ReadAll(Simulate({.seed = seed, .start = kStart}).sent)) missing.erase(event.type);
    EXPECT_THAT(missing, IsEmpty()) << "seed " << seed;
  }
}

TEST(SimulationTest, ReadsAsTheEventOfItsPath) {
  for (const Sent& sent : Simulate({.seed = 5, .contacts = 60, .start = kStart}).sent) {
    const Event event = Read(sent);
    ASSERT_NE(event.entity, nullptr) << sent.body;
    const auto named = EventOfPath(sent.path);
    ASSERT_TRUE(named) << sent.path;
    EXPECT_TRUE(named->empty() || event.type == *named) << sent.body;
    EXPECT_FALSE(event.is_timeless) << sent.body;
  }
}

TEST(SimulationTest, SendsAnUpdateBesideEverySpecificEventOfAnOpportunity) {
  std::map<std::string, int> specific, beside;
  std::size_t deleted = 0;
  for (const Event& event : ReadAll(Simulate({.seed = 6, .contacts = 60, .start = kStart}).sent)) {
    if (event.entity->name != "Opportunity") continue;
    ++(event.type == "OpportunityUpdate" ? beside : specific)[event.entity_id];
    deleted += event.type == "OpportunityDelete";
  }
  EXPECT_GT(deleted, 0U);
  EXPECT_EQ(specific, beside);
}

TEST(SimulationTest, StaysWithinItsPeriod) {
  for (const Sent& sent : Simulate({.seed = 8, .contacts = 40, .start = kStart, .days = 30}).sent) {
    EXPECT_GE(sent.sent_at, kStart);
    EXPECT_LT(sent.sent_at, kStart + 30 * kDay + kMinute);
    EXPECT_GT(sent.arrives_at, sent.sent_at);
  }
}

TEST(SimulationTest, SaysAsManyEventsAsAsked) {
  EXPECT_EQ(Simulate({.seed = 9, .events = 1, .start = kStart}).sent.size(), 1U);
  EXPECT_EQ(Simulate({.seed = 9, .events = 1'000, .start = kStart}).sent.size(), 1'000U);
  EXPECT_EQ(Simulate({.seed = 9, .events = 2'000, .start = kStart, .days = 10}).sent.size(), 2'000U);
}

TEST(TrafficTest, ShufflesWithoutLosingAny) {
  const auto sent = Simulate({.seed = 10, .contacts = 20, .start = kStart}).sent;
  const auto shuffled = OnTheWay(sent, {.seed = 1, .shuffle = true});
  EXPECT_NE(TextsOf(shuffled), TextsOf(sent));
  EXPECT_THAT(TextsOf(shuffled), testing::UnorderedElementsAreArray(TextsOf(sent)));
}

TEST(TrafficTest, DeliversTheAskedShareTwice) {
  const auto sent = Simulate({.seed = 11, .contacts = 60, .start = kStart}).sent;
  const double more = static_cast<double>(OnTheWay(sent, {.duplicate = 0.2}).size() - sent.size());
  EXPECT_NEAR(more / static_cast<double>(sent.size()), 0.2, 0.05);
}

TEST(TrafficTest, HoldsTheAskedShareBackAndKeepsTheOrderOfArrival) {
  const auto sent = Simulate({.seed = 12, .contacts = 60, .start = kStart}).sent;
  const auto held = OnTheWay(sent, {.hold_back = 0.2});
  EXPECT_TRUE(std::ranges::is_sorted(held, {}, &Sent::arrives_at));
  const auto late = std::ranges::count_if(held, [](const Sent& s) { return s.arrives_at > s.sent_at + kHour; });
  EXPECT_NEAR(static_cast<double>(late) / static_cast<double>(held.size()), 0.2, 0.05);
}

}  // namespace
}  // namespace crmsink::sim
