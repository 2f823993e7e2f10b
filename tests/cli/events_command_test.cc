#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_case.h"

namespace crmsink {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kTagged =
    R"({"type":"ContactUpdate","id":"c1","locationId":"L2","webhookId":"w2","firstName":"Bo","tags":["a","b"],)"
    R"("shoeSize":44,"timestamp":"2026-03-01T11:00:00Z"})";

class EventsCommandTest : public CommandCase {
 protected:
  void SetUp() override {
    Deliver("e.db", {Post(R"({"type":"ContactCreate","id":"c1","locationId":"L1","webhookId":"w1","firstName":"Ada",)"
                          R"("timestamp":"2026-03-01T10:00:00Z"})"),
                     Post(kTagged),
                     Post(R"({"type":"NoteCreate","id":"n1","locationId":"L1","webhookId":"w3","body":"x",)"
                          R"("timestamp":"2026-03-01T12:00:00Z"})"),
                     Post(R"({"type":"MoonLanding","locationId":"L1","webhookId":"w4"})"),
                     Post(R"({"type":"NoteCreate","id":"n2","webhookId":"w1","timestamp":"2026-03-01T12:00:00Z"})")});
  }
  // The seqs that `events list` prints.
  std::vector<std::string> List(Arguments arguments) {
    arguments.insert(arguments.begin(), {"events", "list"});
    EXPECT_EQ(CallOn("e.db", std::move(arguments)), kDone) << err_;
    std::vector<std::string> seqs;
    std::istringstream lines(out_);
    for (std::string line; std::getline(lines, line);) seqs.push_back(line.substr(0, line.find(',')));
    EXPECT_EQ(seqs.at(0), "seq");
    seqs.erase(seqs.begin());
    return seqs;
  }
};

TEST_F(EventsCommandTest, ListsTheLogNewestFirst) {
  EXPECT_THAT(List({}), ElementsAre("5", "4", "3", "2", "1"));
  EXPECT_THAT(List({"--limit", "2"}), ElementsAre("5", "4"));
  EXPECT_THAT(List({"--limit", "0"}), ElementsAre("5", "4", "3", "2", "1"));
  EXPECT_THAT(out_,
              HasSubstr("\r\n1,2026-03-02 00:00:00.000,ContactCreate,Contact,c1,L1,2026-03-01 10:00:00.000,w1\r\n"));
}

TEST_F(EventsCommandTest, EachFilterLeavesOut) {
  EXPECT_THAT(List({"--type", "notecreate"}), ElementsAre("5", "3"));
  EXPECT_THAT(List({"--type", "MoonLanding"}), ElementsAre("4"));
  EXPECT_THAT(List({"--entity", "contacts"}), ElementsAre("2", "1"));
  EXPECT_THAT(List({"--entity", "Note"}), ElementsAre("5", "3"));
  EXPECT_THAT(List({"--entity-id", "c1"}), ElementsAre("2", "1"));
  EXPECT_THAT(List({"--entity-id", "c1", "--entity", "notes"}), IsEmpty());
  EXPECT_THAT(List({"--entity-id", "nobody"}), IsEmpty());
  EXPECT_THAT(List({"--location", "L1"}), ElementsAre("4", "3", "1"));
  EXPECT_THAT(List({"--unmapped"}), ElementsAre("4"));
  EXPECT_THAT(List({"--since", "2026-03-02T00:00:01Z"}), ElementsAre("5", "4", "3", "2"));
  EXPECT_THAT(List({"--until", "2026-03-02T00:00:01Z"}), ElementsAre("1"));
  EXPECT_THAT(List({"--since", "2026-03-02T00:00:01Z", "--until", "2026-03-02T00:00:03Z", "--type", "ContactUpdate"}),
              ElementsAre("2"));
  EXPECT_THAT(List({"--since", "1h"}), IsEmpty());
}

TEST_F(EventsCommandTest, AWrongFilterNamesWhatIsNear) {
  EXPECT_EQ(CallOn("e.db", {"events", "list", "--entity", "contcats"}), kWrongUse);
  EXPECT_THAT(err_, HasSubstr("--entity: \"contcats\" is no table or entity; the nearest known one is contacts"));
  EXPECT_EQ(CallOn("e.db", {"events", "list", "--since", "yesterday"}), kWrongUse);
  EXPECT_THAT(err_, HasSubstr("--since: \"yesterday\" must be a time like 2026-03-01"));
  EXPECT_THAT(List({"--type", "ContactCrate"}), IsEmpty());
  EXPECT_EQ(err_, "crmsink: no event is called ContactCrate; the nearest known one is ContactCreate\n");
}

TEST_F(EventsCommandTest, ListsInEveryFormat) {
  EXPECT_EQ(CallOn("e.db", {"events", "list", "--limit", "1", "--format", "table"}), kDone);
  EXPECT_THAT(out_, HasSubstr("(1 row)\n"));
  EXPECT_EQ(CallOn("e.db", {"events", "list", "--limit", "1", "--format", "json"}), kDone);
  EXPECT_THAT(out_, HasSubstr("[\n{\"seq\":5,"));
  EXPECT_EQ(CallOn("e.db", {"events", "list", "--unmapped", "--format", "ndjson"}), kDone);
  EXPECT_THAT(out_, HasSubstr("\"type\":\"MoonLanding\",\"entity\":null,\"entity_id\":null"));
}

TEST_F(EventsCommandTest, ShowsWhatArrivedAndWhatItBecame) {
  EXPECT_EQ(CallOn("e.db", {"events", "show", "1", "--format", "csv"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("arrived,path,/webhooks,\r\n"));
  EXPECT_THAT(out_, HasSubstr("read,entity_id,c1,\r\n"));
  EXPECT_THAT(out_, HasSubstr("says,contacts_all.first_name,Ada,Bo\r\n"));
  EXPECT_EQ(CallOn("e.db", {"events", "show", "w2", "--format", "csv"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("says,contacts_all.first_name,Bo,Bo\r\n"));
  EXPECT_THAT(out_, HasSubstr("says,contact_tags.rows,2,2\r\n"));
  EXPECT_THAT(out_, HasSubstr("says,contacts_all.extra.shoeSize,44,\r\n"));
}

TEST_F(EventsCommandTest, ShowIsATextForPeople) {
  EXPECT_EQ(CallOn("e.db", {"events", "show", "2"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr(" arrived | seq "));
  EXPECT_THAT(out_,
              HasSubstr("\npayload, " + std::to_string(kTagged.size()) + " bytes:\n{\n  \"type\": \"ContactUpdate\","));
  EXPECT_THAT(out_, HasSubstr("  \"tags\": [\n    \"a\",\n    \"b\"\n  ],\n"));
  EXPECT_EQ(CallOn("e.db", {"events", "show", "4"}), kDone);
  EXPECT_THAT(out_, HasSubstr("unmapped: this version knows no table for it"));
}

TEST_F(EventsCommandTest, ShowsEveryEventOfAnId) {
  EXPECT_EQ(CallOn("e.db", {"events", "show", "w1"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("ContactCreate"));
  EXPECT_THAT(out_, HasSubstr("NoteCreate"));
  EXPECT_EQ(CallOn("e.db", {"events", "show", "w1", "--format", "json"}), kDone);
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '['), 1);
  EXPECT_EQ(CallOn("e.db", {"events", "show", "w1", "--raw"}), kFailed);
  EXPECT_THAT(err_, HasSubstr("2 events have this id"));
  EXPECT_EQ(CallOn("e.db", {"events", "show", "w9"}), kFailed);
  EXPECT_THAT(err_, HasSubstr("no event has the number or the id w9"));
}

TEST_F(EventsCommandTest, RawIsTheBytesAndNothingElse) {
  EXPECT_EQ(CallOn("e.db", {"events", "show", "w2", "--raw"}), kDone);
  EXPECT_EQ(out_, kTagged);
}

TEST_F(EventsCommandTest, TailPrintsTheNewestLast) {
  EXPECT_EQ(CallOn("e.db", {"events", "tail", "--limit", "2", "--format", "ndjson"}), kDone) << err_;
  EXPECT_THAT(out_, ::testing::StartsWith("{\"seq\":4,"));
  EXPECT_THAT(out_, HasSubstr("\n{\"seq\":5,"));
  EXPECT_THAT(out_, Not(HasSubstr("\"seq\":3,")));
  EXPECT_EQ(CallOn("e.db", {"events", "tail", "--entity-id", "c1", "--format", "ndjson"}), kDone);
  EXPECT_THAT(out_, ::testing::StartsWith("{\"seq\":1,"));
}

TEST_F(EventsCommandTest, WhatWouldMoveTheCursorIsEscaped) {
  Deliver("x.db", {Post("{\"type\":\"ContactUpdate\",\"id\":\"c\",\"firstName\":\"\\u001b[2J\",\"webhookId\":\"w\"}")});
  EXPECT_EQ(CallOn("x.db", {"events", "show", "1"}), kDone);
  EXPECT_THAT(out_, Not(HasSubstr("\x1b")));
  EXPECT_THAT(out_, HasSubstr("\\u001b[2J"));
}

}  // namespace
}  // namespace crmsink
