#include "ingest/delivery_counts.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace crmsink {
namespace {

std::string TypeOf(const DeliveryCounts& counts, DeliveryCounts& scratch, const std::string& body) {
  Delivery delivery;
  delivery.path = "/webhooks";
  delivery.body = body;
  auto event = ReadEvent(delivery);
  scratch.Add(counts.SlotOf(event ? std::optional<Event>(*std::move(event)) : std::nullopt), AckStatus::kStored);
  for (const auto& line : scratch.ByType()) {
    if (line.deliveries > 0) return std::string(line.type);
  }
  return "";
}

TEST(DeliveryCountsTest, TypesAreThoseOfTheCatalogue) {
  const auto type = [](const std::string& body) {
    DeliveryCounts counts;
    return TypeOf(counts, counts, body);
  };
  EXPECT_EQ(type(R"({"type":"ContactCreate","id":"c"})"), "ContactCreate");
  EXPECT_EQ(type(R"({"type":"contactcreate","id":"c"})"), "ContactCreate");
  EXPECT_EQ(type(R"({"type":"Ada Lovelace","id":"c"})"), "other");
  EXPECT_EQ(type("no json"), "other");
}

TEST(DeliveryCountsTest, CountsByTypeAndOutcome) {
  DeliveryCounts counts;
  Delivery delivery;
  delivery.path = "/webhooks";
  delivery.body = R"({"type":"NoteUpdate","id":"c"})";
  const std::optional<Event> event = *ReadEvent(delivery);
  const auto slot = counts.SlotOf(event);
  counts.Add(slot, AckStatus::kStored);
  counts.Add(slot, AckStatus::kStored);
  counts.Add(slot, AckStatus::kSpooled);
  counts.Add(DeliveryCounts::kOther, AckStatus::kStored);
  EXPECT_EQ(counts.Of(AckStatus::kStored), 3U);
  EXPECT_EQ(counts.Of(AckStatus::kSpooled), 1U);
  EXPECT_EQ(counts.Of(AckStatus::kBusy), 0U);
  const auto lines = counts.ByType();
  EXPECT_EQ(lines.size(), DeliveryCounts::kOutcomes + 2);
  EXPECT_TRUE(std::ranges::any_of(lines, [](const auto& line) {
    return line.type == "NoteUpdate" && line.outcome == AckStatus::kStored && line.deliveries == 2;
  }));
}

}  // namespace
}  // namespace crmsink
