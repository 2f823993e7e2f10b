#include "ingest/last_events.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace crmsink {
namespace {

using All = std::vector<std::pair<std::string, Millis>>;

TEST(LastEventsTest, KnowsTheLatestOfEachLocation) {
  LastEvents events;
  events.Note("a", 10);
  events.Note("b", 20);
  events.Note("a", 30);
  events.Note("b", 15);
  EXPECT_EQ(events.All(), (All{{"a", 30}, {"b", 20}}));
}

TEST(LastEventsTest, WhatComesOutOfOrderFindsItsPlace) {
  LastEvents events;
  for (const Millis at : {50, 10, 30, 20, 40}) events.Note("at" + std::to_string(at), at);
  events.Note("at10", 35);
  EXPECT_EQ(events.All(), (All{{"at50", 50}, {"at40", 40}, {"at10", 35}, {"at30", 30}, {"at20", 20}}));
}

TEST(LastEventsTest, AFullTableForgetsWhoWasSilentForLongest) {
  LastEvents events(2);
  events.Note("a", 10);
  events.Note("b", 20);
  events.Note("a", 30);
  events.Note("c", 40);
  EXPECT_EQ(events.All(), (All{{"c", 40}, {"a", 30}}));
  events.Note("old", 5);
  EXPECT_EQ(events.All(), (All{{"c", 40}, {"a", 30}}));
  events.Note("b", 35);
  EXPECT_EQ(events.All(), (All{{"c", 40}, {"b", 35}}));
  events.Note("a", 50);
  EXPECT_EQ(events.All(), (All{{"a", 50}, {"c", 40}}));
}

TEST(LastEventsTest, OnlyAnIdIsALocation) {
  LastEvents events;
  for (const char* location : {"", "Ada Lovelace", "ada@example.com", "a\nb", "\"", "\xc3\xa4"})
    events.Note(location, 1);
  events.Note(std::string(65, 'x'), 1);
  EXPECT_EQ(events.All(), All{});
  events.Note("ve9EPM428h8vShlRW1KT", 1);
  events.Note(std::string(64, 'x'), 1);
  EXPECT_EQ(events.All().size(), 2U);
}

}  // namespace
}  // namespace crmsink
