// Which event a delivery is.
#include <gtest/gtest.h>

#include "event/event_table.h"
#include "event_case.h"

namespace crmsink {
namespace {

struct TypeCase {
  std::string path, body, expected;
};

void Check(const std::vector<TypeCase>& cases) {
  for (const TypeCase& c : cases) EXPECT_EQ(Resolved(c.body, c.path), c.expected) << c.path << " " << c.body;
}

constexpr const char* kNothing = "[neither `type`, nor the path, nor the shape tells which event this is]";

TEST(EventOfPathTest, IsTheSegmentAfterWebhooks) {
  const std::vector<std::pair<std::string, std::optional<std::string>>> cases = {
      {"/webhooks", ""},
      {"/webhooks/", ""},
      {"/webhooks/InvoicePaid", "InvoicePaid"},
      {"/webhooks/InvoicePaid/", "InvoicePaid"},
      {"/crm/webhooks", ""},
      {"/crm/x/webhooks/InvoicePaid", "InvoicePaid"},
      {"/webhooks/webhooks", ""},
      {"/webhooks/webhooks/A", "A"},
      {"/WEBHOOKS", std::nullopt},
      {"/webhook", std::nullopt},
      {"/mywebhooks/A", std::nullopt},
      {"/mywebhooks", std::nullopt},
      {"/webhooks//", std::nullopt},
      {"/webhooks/A/B", std::nullopt},
      {"webhooks/A", std::nullopt},
      {"/", std::nullopt},
      {"", std::nullopt},
      {"//", std::nullopt},
  };
  for (const auto& [path, expected] : cases) {
    const auto event = EventOfPath(path);
    EXPECT_EQ(event ? std::optional<std::string>(*event) : std::nullopt, expected) << path;
  }
}

TEST(EventTypeTest, ComesFromTheBodyWhateverItsCase) {
  Check({{"/webhooks", R"({"type":"ContactCreate","id":"c"})", "ContactCreate Contact create 0"},
         {"/webhooks", R"({"type":"CONTACTCREATE","id":"c"})", "ContactCreate Contact create 0"},
         {"/webhooks", R"({"type":"contactTagUpdate","id":"c"})", "ContactTagUpdate Contact update 2"},
         {"/webhooks", R"({"type":"ContactDelete","id":"c"})", "ContactDelete Contact delete 3"},
         {"/webhooks", R"({"type":"LCEmailStats"})", "LCEmailStats EmailStat fact 0"},
         {"/webhooks", R"({"type":"conversationprovideroutboundmessage"})", "ProviderOutboundMessage Message create 0"},
         {"/webhooks", R"({"type":"ContactCreate ","id":"c"})", "ContactCreate  - update 1"}});
}

TEST(EventTypeTest, ComesFromThePathWhereTheBodyNamesNoEvent) {
  Check({{"/webhooks/InvoicePaid", R"({"_id":"i"})", "InvoicePaid Invoice update 2"},
         {"/webhooks/invoicepaid/", R"({"_id":"i"})", "InvoicePaid Invoice update 2"},
         {"/x/webhooks/InvoicePaid", R"({"_id":"i","type":null})", "InvoicePaid Invoice update 2"},
         {"/webhooks/InvoicePaid", R"({"_id":"i","type":"LATER"})", "InvoicePaid Invoice update 2"},
         {"/webhooks/InvoicePaid", R"({"_id":"i","type":5})", "InvoicePaid Invoice update 2"},
         {"/webhooks/ProviderOutboundMessage", R"({"type":"SMS"})", "ProviderOutboundMessage Message create 0"},
         {"/other/InvoicePaid", R"({"_id":"i"})", kNothing}});
}

TEST(EventTypeTest, TheBodyWinsOverThePathUnlessItIsAKnownMistake) {
  Check({{"/webhooks/ContactDelete", R"({"type":"ContactUpdate","id":"c"})", "ContactUpdate Contact update 1"},
         {"/webhooks/InvoicePaid", R"({"type":"ContactUpdate","id":"c"})", "ContactUpdate Contact update 1"},
         {"/webhooks/InboundMessage", R"({"type":"OutboundMessage"})", "InboundMessage Message create 0"},
         {"/webhooks/inboundmessage", R"({"type":"OUTBOUNDMESSAGE"})", "InboundMessage Message create 0"},
         {"/webhooks/OutboundMessage", R"({"type":"InboundMessage"})", "InboundMessage Message create 0"}});
}

TEST(EventTypeTest, AChannelIsTakenForTheEventWhereTheShapeFits) {
  Check(
      {{"/webhooks", R"({"type":"SMS","contactId":"c","messageId":"m"})", "ProviderOutboundMessage Message create 0"},
       {"/webhooks", R"({"type":"sms","contactId":"c","messageId":null})", "ProviderOutboundMessage Message create 0"},
       {"/webhooks", R"({"type":"SMS","contactId":"c"})", "SMS - update 1"},
       {"/webhooks", R"({"type":"Fax","contactId":"c","messageId":"m"})", "Fax - update 1"},
       {"/webhooks/Later", R"({"type":"SMS","contactId":"c","messageId":"m"})",
        "ProviderOutboundMessage Message create 0"}});
}

TEST(EventTypeTest, ATypeThatNobodyKnowsIsUnmapped) {
  Check({{"/webhooks", R"({"type":"FormSubmit","id":"t"})", "FormSubmit - update 1"},
         {"/webhooks/FormSubmit", R"({"type":"FormSubmit"})", "FormSubmit - update 1"},
         {"/webhooks", R"({"type":"x","id":"c","dnd":true})", "x - update 1"},
         {"/webhooks", R"({"type":")" + std::string(255, 't') + R"(","id":"c","dnd":true})",
          std::string(255, 't') + " - update 1"}});
}

TEST(EventTypeTest, TheShapeAloneIsAtMostAnUpdate) {
  const std::string no_type[] = {"",
                                 R"("type":null,)",
                                 R"("type":"",)",
                                 R"("type":5,)",
                                 R"("type":true,)",
                                 R"("type":["ContactCreate"],)",
                                 R"("type":{"a":1},)",
                                 R"("type":")" + std::string(256, 't') + R"(",)"};
  for (const std::string& type : no_type) {
    Check({{"/webhooks", "{" + type + R"("id":"c","dnd":null})", "ContactUpdate Contact update 1"},
           {"/webhooks/Later", "{" + type + R"("invoiceNumber":1,"invoiceItems":[],"_id":"i"})",
            "InvoiceUpdate Invoice update 1"},
           {"/webhooks", "{" + type + R"("id":"o","pipelineId":"p","pipelineStageId":"s"})",
            "OpportunityUpdate Opportunity update 1"},
           {"/webhooks", "{" + type + R"("webhookPayload":{}})", "LCEmailStats EmailStat fact 0"},
           {"/webhooks", "{" + type + R"("contactId":"c","messageId":"m"})", "Message Message update 1"},
           {"/webhooks", "{" + type + R"("id":"c"})", kNothing},
           {"/webhooks", "{" + type + R"("data":{"id":"c","dnd":true}})", kNothing}});
  }
}

TEST(EventTypeTest, OfSeveralShapesThatOfAFactCountsElseTheFirstTable) {
  Check({{"/webhooks", R"({"id":"c","dnd":true,"webhookPayload":{}})", "LCEmailStats EmailStat fact 0"},
         {"/webhooks", R"({"id":"c","contactId":"a","messageId":"m","agentId":"g","fromNumber":"1"})",
          "VoiceAiCallEnd VoiceAiCall fact 0"},
         {"/webhooks", R"({"id":"c","dnd":true,"ticketId":"t"})", "ContactUpdate Contact update 1"},
         {"/webhooks", R"({"_id":"i","webhookPayload":{},"invoiceNumber":1,"invoiceItems":1})",
          "LCEmailStats EmailStat fact 0"}});
}

TEST(EventTypeTest, WhatIsNoObjectIsNoEvent) {
  Check({{"/webhooks/ContactUpdate", "[]", "[the body is a list, not an object]"},
         {"/webhooks/ContactUpdate", R"([{"type":"ContactUpdate","id":"c"}])", "[the body is a list, not an object]"},
         {"/webhooks", "{}", kNothing}});
  for (const char* body : {"", " ", "null", "5", "\"x\"", "{", "{}{}", "{\"a\":1,}", "\xFF"}) {
    const auto event = Read(body, "/webhooks/ContactUpdate");
    ASSERT_FALSE(event) << body;
    EXPECT_NE(event.error(), "") << body;
  }
}

TEST(EventTypeTest, KnowsWhetherTypeNamesAnEvent) {
  EXPECT_TRUE(Read(R"({"type":"contactupdate","id":"c"})")->type_names_event);
  EXPECT_TRUE(Read(R"({"type":"OutboundMessage"})", "/webhooks/InboundMessage")->type_names_event);
  EXPECT_FALSE(Read(R"({"type":"SMS"})", "/webhooks/ProviderOutboundMessage")->type_names_event);
  EXPECT_FALSE(Read(R"({"id":"c"})", "/webhooks/ContactUpdate")->type_names_event);
}

TEST(EventTableTest, FindsByNameAndAliasOnly) {
  EXPECT_EQ(FindEvent("INVOICEPAID").type->name, "InvoicePaid");
  EXPECT_EQ(FindEvent("ConversationProviderOutboundMessage").type->name, "ProviderOutboundMessage");
  for (const char* name : {"", "Invoice", "InvoicePai", "InvoicePaid2", "SMS", "\xC3\x8FnvoicePaid"}) {
    EXPECT_EQ(FindEvent(name).type, nullptr) << name;
    EXPECT_EQ(FindEvent(name).entity, nullptr) << name;
  }
}

TEST(EventTableTest, ListsWholeNames) {
  EXPECT_TRUE(Lists("a|Bc|d", "bC"));
  for (const char* name : {"", "b", "Bcd", "a|Bc", "|"}) EXPECT_FALSE(Lists("a|Bc|d", name)) << name;
  EXPECT_FALSE(Lists("", ""));
  EXPECT_FALSE(Lists("", "a"));
}

}  // namespace
}  // namespace crmsink
