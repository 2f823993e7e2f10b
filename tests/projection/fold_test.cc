#include "projection/fold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "shown.h"
#include "test_catalog.h"

namespace crmsink {
namespace {

// An event of entity e1 on 2026-03-01.
struct Told {
  std::string type, id, clock;
  std::string members = "";
  Millis received_at = kArrival;
};

Change ChangeOf(const Told& told, const Entity& entity) {
  const auto id = entity.columns[0].from.substr(0, entity.columns[0].from.find('|'));
  std::string body = R"({"type":")" + told.type + R"(","webhookId":")" + told.id + "\",\"" + std::string(id) +
                     R"(":"e1","timestamp":"2026-03-01T)" + told.clock + "Z\"";
  if (!told.members.empty()) body += "," + told.members;
  return ChangeOfBody(body + "}", "/webhooks", told.received_at);
}

struct FoldCase {
  std::vector<Told> told;
  std::string expected;
};

// The fold of every order of arrival.
void Check(const Entity& entity, const std::vector<FoldCase>& cases) {
  for (const FoldCase& c : cases) {
    std::vector<std::size_t> order(c.told.size());
    std::iota(order.begin(), order.end(), 0u);
    do {
      std::vector<Change> changes;
      std::string names;
      for (const std::size_t i : order) {
        changes.push_back(ChangeOf(c.told[i], entity));
        names += c.told[i].id + " ";
      }
      const State state = Fold(entity, changes);
      EXPECT_EQ(Shown(entity, state), c.expected) << names;
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

const std::string kDeleted10 = "deleted 2026-03-01T10:00:00.000Z";

TEST(FoldTest, NothingIsNoRow) {
  std::vector<Change> none;
  const State state = Fold(kContact, none);
  EXPECT_EQ(Shown(kContact, state), "none");
  EXPECT_EQ(state, Empty(kContact));
  EXPECT_EQ(state.row.size(), kContact.columns.size());
  EXPECT_EQ(state.children.size(), kContact.children.size());
}

TEST(FoldTest, WhatIsAbsentStaysAndWhatIsNullIsCleared) {
  Check(kContact,
        {{{{"ContactCreate", "a", "10:00:00", R"("name":"Ann","city":"Ulm","tags":["x"])"},
           {"ContactUpdate", "b", "11:00:00", R"("name":null)"}},
          R"(living city="Ulm" | contact_tags (0,"x"))"},
         {{{"ContactCreate", "a", "10:00:00", R"("tags":["x","y"])"},
           {"ContactUpdate", "b", "11:00:00", R"("tags":["z"])"}},
          R"(living | contact_tags (0,"z"))"},
         {{{"ContactCreate", "a", "10:00:00", R"("tags":["x"])"}, {"ContactUpdate", "b", "11:00:00", R"("tags":[])"}},
          "living"},
         {{{"ContactUpdate", "b", "11:00:00", R"("name":"B")"}, {"ContactCreate", "a", "10:00:00", R"("city":"C")"}},
          R"(living name="B" city="C")"}});
}

TEST(FoldTest, ExtraIsReplacedByTopLevelMember) {
  Check(kContact,
        {{{{"ContactCreate", "a", "10:00:00", R"("x":{"p":1},"y":1)"},
           {"ContactUpdate", "b", "11:00:00", R"("x":{"q":2})"}},
          R"(living | extra {"x":{"q":2},"y":1})"},
         {{{"ContactCreate", "a", "10:00:00", R"("x":1)"}, {"ContactUpdate", "b", "11:00:00", R"("x":null)"}},
          R"(living | extra {"x":null})"},
         {{{"ContactCreate", "a", "10:00:00", R"("dnd":"odd","y":1)"},
           {"ContactUpdate", "b", "11:00:00", R"("dnd":true)"}},
          R"(living dnd=1 | extra {"y":1})"},
         {{{"ContactCreate", "a", "10:00:00", R"("dnd":"odd")"}, {"ContactUpdate", "b", "11:00:00", R"("dnd":null)"}},
          "living"},
         {{{"ContactCreate", "a", "10:00:00", R"("dnd":true)"}, {"ContactUpdate", "b", "11:00:00", R"("dnd":"odd")"}},
          R"(living | extra {"dnd":"odd"})"},
         {{{"ContactCreate", "a", "10:00:00", R"("b":1,"a":2,"B":3)"}}, R"(living | extra {"B":3,"a":2,"b":1})"}});
}

TEST(FoldTest, TiesAreBrokenByRankThenTimestampThenId) {
  const auto invoice = [](const char* type, const char* id, const char* clock, const char* name) {
    return Told{type, id, clock, std::string(R"("updatedAt":"2026-03-01T08:00:00Z","name":")") + name + '"'};
  };
  const std::string updated = " updated_at=2026-03-01T08:00:00.000Z";
  Check(kInvoice,
        {{{invoice("InvoiceUpdate", "z", "12:00:00", "general"), invoice("InvoiceSent", "a", "10:00:00", "specific"),
           invoice("InvoiceCreate", "y", "13:00:00", "create")},
          R"(living name="specific")" + updated + " sent_at=2026-03-01T08:00:00.000Z"},
         {{invoice("InvoiceUpdate", "z", "10:00:00", "early"), invoice("InvoiceUpdate", "a", "11:00:00", "late")},
          R"(living name="late")" + updated},
         {{invoice("InvoiceUpdate", "b", "10:00:00", "b"), invoice("InvoiceUpdate", "a", "10:00:00", "a"),
           invoice("InvoiceUpdate", "B", "10:00:00", "B")},
          R"(living name="b")" + updated},
         {{invoice("InvoiceDelete", "a", "10:00:00", "gone"), invoice("InvoicePaid", "b", "12:00:00", "paid")},
          R"(deleted 2026-03-01T08:00:00.000Z name="gone")" + updated + " paid_at=2026-03-01T08:00:00.000Z"}});
}

TEST(FoldTest, AnEventWithoutTimestampSortsBeforeOneThatHasIt) {
  std::vector<Change> changes;
  for (const char* timestamp : {R"(,"timestamp":"2026-03-01T10:00:00Z")", ""}) {
    const bool has = *timestamp != 0;
    changes.push_back(ChangeOfBody(
        std::string(R"({"type":"InvoiceUpdate","_id":"e1","updatedAt":"2026-03-01T08:00:00Z",)") +
        (has ? R"("webhookId":"a","name":"with")" : R"("webhookId":"z","name":"without")") + timestamp + "}"));
  }
  EXPECT_EQ(Shown(kInvoice, Fold(kInvoice, changes)), R"(living name="with" updated_at=2026-03-01T08:00:00.000Z)");
}

TEST(FoldTest, ADeletedRowComesBackByALaterCreate) {
  Check(kContact, {{{{"ContactDelete", "a", "10:00:00"}}, kDeleted10},
                   {{{"ContactCreate", "c", "09:00:00", R"("name":"Ann")"}, {"ContactDelete", "a", "10:00:00"}},
                    kDeleted10 + R"( name="Ann")"},
                   {{{"ContactDelete", "a", "10:00:00", R"("tags":["x"])"}, {"ContactCreate", "c", "10:00:00.001"}},
                    R"(living | contact_tags (0,"x"))"},
                   // At the same time the delete is the later one.
                   {{{"ContactDelete", "a", "10:00:00"}, {"ContactCreate", "c", "10:00:00"}}, kDeleted10}});
}

TEST(FoldTest, AContactComesBackByAnUpdateMoreThanFiveMinutesLater) {
  Check(kContact,
        {{{{"ContactDelete", "a", "10:00:00"}, {"ContactUpdate", "b", "10:05:00.000", R"("name":"A")"}},
          kDeleted10 + R"( name="A")"},
         {{{"ContactDelete", "a", "10:00:00"}, {"ContactUpdate", "b", "10:05:00.001", R"("name":"A")"}},
          R"(living name="A")"},
         {{{"ContactDelete", "a", "10:00:00"}, {"ContactTagUpdate", "b", "10:05:01"}}, "living"},
         // Updates do not add up, and the latest delete counts.
         {{{"ContactDelete", "a", "10:00:00"}, {"ContactUpdate", "b", "10:04:00"}, {"ContactUpdate", "c", "10:05:00"}},
          kDeleted10},
         {{{"ContactDelete", "a", "10:00:00"}, {"ContactDelete", "b", "10:04:00"}, {"ContactUpdate", "c", "10:09:00"}},
          "deleted 2026-03-01T10:04:00.000Z"},
         {{{"ContactDelete", "a", "10:00:00"},
           {"ContactDelete", "b", "10:04:00"},
           {"ContactUpdate", "c", "10:09:00.001"}},
          "living"}});
}

TEST(FoldTest, AnotherEntityDoesNotComeBackByAnUpdate) {
  Check(kInvoice, {{{{"InvoiceDelete", "a", "10:00:00"}, {"InvoiceUpdate", "b", "23:00:00", R"("name":"A")"}},
                    kDeleted10 + R"( name="A")"}});
}

TEST(FoldTest, WhereAMemberSaysSoTheRowIsDeletedOrBack) {
  Check(kConversation, {{{{"ConversationUnread", "a", "10:00:00", R"("deleted":true,"unreadCount":1)"}},
                         kDeleted10 + " unread_count=1"},
                        {{{"ConversationUnread", "a", "10:00:00", R"("deleted":true)"},
                          {"ConversationUnread", "b", "10:00:01", R"("deleted":false)"}},
                         "living"},
                        {{{"ConversationUnread", "a", "10:00:00", R"("deleted":true)"},
                          {"ConversationUnread", "b", "23:00:00", R"("unreadCount":2)"}},
                         kDeleted10 + " unread_count=2"},
                        {{{"ConversationUnread", "a", "10:00:00", R"("deleted":"true")"},
                          {"ConversationUnread", "b", "23:00:00", R"("deleted":"odd")"}},
                         kDeleted10 + R"( | extra {"deleted":"odd"})"},
                        // At the same time the one that deletes is the later one.
                        {{{"ConversationUnread", "a", "10:00:00", R"("deleted":true)"},
                          {"ConversationUnread", "b", "10:00:00", R"("deleted":false)"}},
                         kDeleted10}});
}

TEST(FoldTest, AGroupOfAListIsReplacedAlone) {
  Check(kMessage, {{{{"InboundMessage", "a", "10:00:00", R"("dateAdded":null,"to":"t","cc":["c","d"],"bcc":"b")"},
                     {"InboundMessage", "b", "11:00:00", R"("cc":["e"],"bcc":null)"}},
                    R"(living to_address="t" created_at=2026-03-01T11:00:00.000Z | )"
                    R"(message_recipients (0,"cc","e") (0,"to","t"))"}});
}

TEST(FoldTest, TheTimeOfTheFirstEventStaysWhereNoOtherIsSaid) {
  Check(kMessage, {{{{"InboundMessage", "a", "10:00:00"}, {"InboundMessage", "b", "11:00:00"}},
                    "living created_at=2026-03-01T10:00:00.000Z"},
                   {{{"InboundMessage", "a", "10:00:00"},
                     {"InboundMessage", "b", "11:00:00", R"("dateAdded":"2026-01-01")"},
                     {"InboundMessage", "c", "12:00:00"}},
                    "living created_at=2026-01-01T00:00:00.000Z"}});
  Check(kCallEnd, {{{{"CallEnd", "a", "10:00:00", R"("x":1)"}, {"CallEnd", "b", "09:00:00", R"("x":2)"}},
                    R"(living occurred_at=2026-03-01T09:00:00.000Z | extra {"x":1})"}});
}

TEST(FoldTest, KnowsItsNewestEventAndItsFirstAndLatestArrival) {
  std::vector<Told> told = {{"ContactUpdate", "b", "11:00:00", "", kArrival + 10},
                            {"ContactUpdate", "c", "10:00:00", "", kArrival + 30},
                            {"ContactUpdate", "a", "11:00:00", "", kArrival + 20}};
  for (int i = 0; i < 3; ++i) {
    std::rotate(told.begin(), told.begin() + 1, told.end());
    std::vector<Change> changes;
    for (const Told& one : told) changes.push_back(ChangeOf(one, kContact));
    const State state = Fold(kContact, changes);
    EXPECT_EQ(FormatSqlTime(state.last_event_at), "2026-03-01 11:00:00.000");
    EXPECT_EQ(state.last_event_id, "b");
    EXPECT_EQ(state.first_received_at, kArrival + 10);
    EXPECT_EQ(state.last_received_at, kArrival + 30);
  }
}

TEST(FoldTest, ApplyOneByOneInOrderIsTheFold) {
  std::vector<Change> changes;
  for (const Told& one : std::vector<Told>{{"ContactCreate", "a", "10:00:00", R"("tags":["x"],"y":1)"},
                                           {"ContactDelete", "b", "11:00:00"},
                                           {"ContactUpdate", "c", "12:00:00", R"("y":{"z":1},"name":"N")"}}) {
    changes.push_back(ChangeOf(one, kContact));
  }
  State state = Empty(kContact);
  for (const Change& change : changes) Apply(state, change);
  std::reverse(changes.begin(), changes.end());
  EXPECT_EQ(state, Fold(kContact, changes));
}

}  // namespace
}  // namespace crmsink
