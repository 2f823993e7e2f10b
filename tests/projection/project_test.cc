// Columns, paths and what is left over. Lists are in project_list_test.cc, deep payloads in project_deep_test.cc.
#include <gtest/gtest.h>

#include "shown.h"

namespace crmsink {
namespace {

struct ProjectCase {
  std::string type, members, expected;
};

void Check(const std::vector<ProjectCase>& cases) {
  for (const ProjectCase& c : cases) EXPECT_EQ(Shown(ChangeOf(c.type, c.members)), c.expected) << c.type << c.members;
}

TEST(ProjectTest, AFieldThatIsAbsentIsNotThere) {
  Check({{"ContactUpdate", "", ""},
         {"ContactUpdate", R"("name":"Ann","city":null,"email":"")", R"(name="Ann" email=NULL city=NULL)"},
         {"InvoiceUpdate", R"("totalSummary":{"tax":1.50})", "tax_total=1.5"}});
}

TEST(ProjectTest, WhatNoColumnTakesIsExtra) {
  Check({{"ContactUpdate", R"("x":[1.0,{"b":1,"a":null}])", R"(extra x=[1,{"a":null,"b":1}])"},
         {"ContactUpdate", R"("x":null,"y":"","z":{},"l":[])", R"(extra x=null y="" z={} l=[])"},
         {"ContactUpdate", R"("Name":"Ann")", R"(extra Name="Ann")"},
         {"ContactUpdate", R"("":1,"a.b":2)", R"(extra =1 a.b=2)"},
         {"ContactUpdate", R"("x":1e400)", R"(extra x="1e400")"}});
}

TEST(ProjectTest, WhatDoesNotFitIsNullAndExtra) {
  Check({{"ContactUpdate", R"("dnd":"maybe")", R"(dnd=NULL | extra dnd="maybe")"},
         {"ContactUpdate", R"("name":{"first":"Ann"})", R"(name=NULL | extra name={"first":"Ann"})"},
         {"ContactUpdate", R"("name":["Ann"])", R"(name=NULL | extra name=["Ann"])"},
         {"ContactUpdate", R"("dateAdded":"soon")", R"(created_at=NULL | extra dateAdded="soon")"},
         {"InvoiceUpdate", R"("total":1234567890123456)", "total=NULL | extra total=1234567890123456"},
         {"ContactUpdate", R"("email":")" + std::string(256, 'e') + '"',
          R"(email=NULL | extra email=")" + std::string(256, 'e') + '"'},
         {"ContactUpdate", R"("website":")" + std::string(256, 'w') + '"',
          R"(website=")" + std::string(256, 'w') + '"'}});
}

TEST(ProjectTest, WhatIsLeftOverOfAnObjectKeepsItsNesting) {
  Check({{"InvoiceUpdate", R"("totalSummary":{"tax":1,"tip":2,"tax2":null})",
          R"(tax_total=1 | extra totalSummary={"tax2":null,"tip":2})"},
         {"InvoiceUpdate", R"("contactDetails":{"name":"Ann","address":{"city":"Ulm","planet":"Earth"}})",
          R"(contact_name="Ann" contact_city="Ulm" | extra contactDetails={"address":{"planet":"Earth"}})"},
         {"InvoiceUpdate", R"("totalSummary":{"tax":"much","subTotal":2})",
          R"(subtotal=2 tax_total=NULL | extra totalSummary={"tax":"much"})"},
         {"InvoiceUpdate", R"("totalSummary":{})", ""}});
}

TEST(ProjectTest, NullWhereAnObjectIsExpectedClearsWhatIsBelow) {
  const std::string cleared = "subtotal=NULL discount_total=NULL tax_total=NULL";
  Check({{"InvoiceUpdate", R"("totalSummary":null)", cleared},
         {"InvoiceUpdate", R"("totalSummary":"")", cleared},
         {"InvoiceUpdate", R"("discount":null)", "discount_type=NULL discount_value=NULL | invoice_discount_products"},
         {"InvoiceUpdate", R"("contactDetails":{"address":null})",
          "contact_country_code=NULL contact_address1=NULL contact_address2=NULL contact_city=NULL "
          "contact_state=NULL contact_postal_code=NULL"}});
}

TEST(ProjectTest, AnotherFormWhereAnObjectIsExpectedIsNoField) {
  for (const char* form : {"5", "\"x\"", "true", "[]", R"([{"tax":1}])"}) {
    Check({{"InvoiceUpdate", std::string(R"("totalSummary":)") + form, std::string("extra totalSummary=") + form}});
  }
}

TEST(ProjectTest, OfTheLastOfTwoSameMembersTheValueCounts) {
  Check({{"ContactUpdate", R"("name":"Ann","name":"Bea")", R"(name="Bea")"},
         {"ContactUpdate", R"("x":1,"x":2)", "extra x=2"}});
}

TEST(ProjectTest, OfSeveralPathsTheFirstThatIsThereWins) {
  const std::string time = " created_at=or_time";
  Check(
      {{"InboundMessage", R"("from":"a","emailFrom":"b")", R"(from_address="a")" + time + R"( | extra emailFrom="b")"},
       {"InboundMessage", R"("emailFrom":"b")", R"(from_address="b")" + time},
       {"InboundMessage", R"("from":null,"emailFrom":"b")", "from_address=NULL" + time + R"( | extra emailFrom="b")"},
       {"InboundMessage", R"("emailFrom":null,"from":"a")", R"(from_address="a")" + time + " | extra emailFrom=null"},
       {"InboundMessage", R"("from":{"o":1},"emailFrom":"b")",
        "from_address=NULL" + time + R"( | extra from={"o":1} emailFrom="b")"}});
}

TEST(ProjectTest, AnUnusedPathOfTheSameContentIsNoExtra) {
  const std::string time = " created_at=or_time";
  Check({{"InboundMessage", R"("from":"a","emailFrom":"a")", R"(from_address="a")" + time},
         {"InboundMessage", R"("from":5,"emailFrom":"5")", R"(from_address="5")" + time},
         {"InboundMessage", R"("from":null,"emailFrom":"")", "from_address=NULL" + time},
         {"InboundMessage", R"("body":"hi","message":"hi")", R"(body="hi")" + time},
         {"InboundMessage", R"("from":{"o":1},"emailFrom":{"o":1})",
          "from_address=NULL" + time + R"( | extra from={"o":1} emailFrom={"o":1})"}});
}

TEST(ProjectTest, TheEventsTimeServesOnlyWhereNothingElseIsThere) {
  Check({{"InboundMessage", "", "created_at=or_time"},
         {"InboundMessage", R"("dateAdded":"2026-01-01")", "created_at=2026-01-01T00:00:00.000Z"},
         {"InboundMessage", R"("dateAdded":null)", "created_at=NULL"},
         {"InboundMessage", R"("dateAdded":"soon")", R"(created_at=NULL | extra dateAdded="soon")"}});
}

TEST(ProjectTest, AltIdIsALocationOnlyBesideItsType) {
  Check(
      {{"InvoiceUpdate", R"("altId":"l1","altType":"location")", R"(location_id="l1" alt_id="l1" alt_type="location")"},
       {"InvoiceUpdate", R"("altId":"a1","altType":"company")", R"(alt_id="a1" alt_type="company")"},
       {"InvoiceUpdate", R"("altId":"a1","altType":null)", R"(alt_id="a1" alt_type=NULL)"},
       {"InvoiceUpdate", R"("altId":"a1")", R"(alt_id="a1")"},
       {"InvoiceUpdate", R"("locationId":"l1","altId":"l2","altType":"location")",
        R"(location_id="l1" alt_id="l2" alt_type="location")"},
       {"InvoiceUpdate", R"("locationId":null,"altId":"l2","altType":"location")",
        R"(location_id=NULL alt_id="l2" alt_type="location")"}});
  Check({{"OrderCreate", R"("altId":"l1","altType":"location")", R"(location_id="l1" | extra altType="location")"},
         {"OrderCreate", R"("altId":"l1","contactSnapshot":{"locationId":"l2"})",
          R"(location_id="l2" | extra altId="l1")"},
         {"OrderCreate", R"("locationId":"l1","altId":"l1","altType":"location","contactSnapshot":{"locationId":"l1"})",
          R"(location_id="l1" | extra altType="location")"}});
}

TEST(ProjectTest, TypeIsAFieldWhereItNamesNoEvent) {
  const std::string body = R"({"type":"SMS","webhookId":"w1","messageId":"m1","contactId":"c1")";
  const std::string shown = R"(contact_id="c1" direction="outbound" )";
  EXPECT_EQ(Shown(ChangeOfBody(body + "}", "/webhooks/ProviderOutboundMessage")),
            shown + R"(message_type="SMS" created_at=or_time)");
  EXPECT_EQ(Shown(ChangeOfBody(body + R"(,"messageType":"Email"})", "/webhooks/ProviderOutboundMessage")),
            shown + R"(message_type="Email" created_at=or_time | extra type="SMS")");
  EXPECT_EQ(Shown(ChangeOfBody(body + R"(,"messageType":"SMS"})", "/webhooks/ProviderOutboundMessage")),
            shown + R"(message_type="SMS" created_at=or_time)");
  EXPECT_EQ(Shown(ChangeOfBody(R"({"type":"LATER","id":"c1","dnd":true})", "/webhooks/ContactUpdate")),
            R"(dnd=1 | extra type="LATER")");
  EXPECT_EQ(Shown(ChangeOfBody(R"({"type":"contactupdate","id":"c1"})")), "");
}

TEST(ProjectTest, EnvelopeMembersAreExtraOnlyWhereTheyDoNotFit) {
  Check({{"ContactUpdate", R"("appId":5,"versionId":"v","traceId":null,"companyId":"a")", R"(agency_id="a")"},
         {"ConversationUnread", R"("locationId":"l","companyId":"a","appId":true)", ""},
         {"ConversationUnread", R"("locationId":{"o":1},"appId":[1])", R"(extra locationId={"o":1} appId=[1])"},
         {"ContactUpdate", R"("locationId":{"o":1})", R"(location_id=NULL | extra locationId={"o":1})"},
         {"ContactUpdate", R"("timestamp":"never")", R"(extra timestamp="never")"},
         {"ContactUpdate", R"("timestamp":null)", ""},
         {"ContactUpdate", R"("timestamp":1772366400)", ""},
         {"ContactUpdate", R"("webhookId":{"o":1})", R"(extra webhookId={"o":1})"}});
}

TEST(ProjectTest, WhatAnEventSetsGoesOverThePayload) {
  Check({{"InvoicePaid", "", "paid_at=2026-03-01T12:00:00.000Z"},
         {"InvoicePaid", R"("updatedAt":"2026-03-01T11:00:00Z")",
          "updated_at=2026-03-01T11:00:00.000Z paid_at=2026-03-01T11:00:00.000Z"}});
  EXPECT_EQ(Shown(ChangeOfBody(R"({"messageId":"m","direction":"inbound"})", "/webhooks/ProviderOutboundMessage")),
            R"(direction="outbound" created_at=or_time)");
}

TEST(ProjectTest, MembersThatSayWhatTheEventIsAreTaken) {
  Check({{"ConversationUnread", R"("deleted":true)", ""},
         {"ConversationUnread", R"("deleted":"false")", ""},
         {"ConversationUnread", R"("deleted":null)", ""},
         {"ConversationUnread", R"("deleted":"perhaps")", R"(extra deleted="perhaps")"},
         {"AssetChange", R"("action":"deleted","deleted":false)", R"(last_action="deleted")"},
         {"ContactUpdate", R"("":false)", "extra =false"}});
}

TEST(ProjectTest, TheIdIsTheEntitysWhateverThePayloadSays) {
  const Change change = ChangeOfBody(R"({"messageId":5,"type":"InboundMessage"})");
  EXPECT_EQ(change.entity_id, "5");
  EXPECT_EQ(Shown(change.columns.at(0).cell), R"("5")");
  const Change unnamed = ChangeOfBody(R"({"messageId":null,"type":"InboundMessage","webhookId":"w"})");
  EXPECT_EQ(unnamed.entity_id, "w");
  EXPECT_EQ(Shown(unnamed.columns.at(0).cell), R"("w")");
}

TEST(ProjectTest, SaysOfEachMemberWhetherItIsExtra) {
  const Change change = ChangeOf("ContactUpdate", R"("name":"Ann","x":1)");
  std::map<std::string, bool> left;
  for (const auto& set : change.extra) left[set.member] = set.left_over.has_value();
  EXPECT_EQ(
      left,
      (std::map<std::string, bool>{
          {"type", false}, {"webhookId", false}, {"timestamp", false}, {"id", false}, {"name", false}, {"x", true}}));
}

}  // namespace
}  // namespace crmsink
