#include <string>

#include "contract_suite.h"

namespace crmsink::contract {
namespace {

constexpr auto kStored = AckStatus::kStored;
constexpr auto kQuarantined = AckStatus::kQuarantined;

std::string Nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') + std::string(static_cast<std::size_t>(depth), ']');
}

TEST_P(StoreContractTest, TakesTheNameInTheBodyWhateverItsCase) {
  Deliver(Body("CONTACTUPDATE", "w1", "10:00:00", R"("id":"c1")"));
  Deliver(Body("conversationprovideroutboundmessage", "w2", "10:00:00", R"("messageId":"m1")"));
  EXPECT_EQ(SelectLog("event_id,type"), "[\"w1\",\"ContactUpdate\"]\n[\"w2\",\"ProviderOutboundMessage\"]");
  EXPECT_EQ(Select("contacts_all", "extra"), "[null]");
  EXPECT_EQ(Select("messages_all", "message_type,extra"), "[null,null]");
}

TEST_P(StoreContractTest, TakesTheNameInThePathWhereTheBodyHasNone) {
  const std::string body = R"("_id":"i1","status":"paid")";
  Deliver(Body("", "w1", "10:00:00", body), "/webhooks/InvoicePaid");
  Deliver(Body("", "w2", "11:00:00", body), "/crm/webhooks/invoicevoid/");
  EXPECT_EQ(SelectLog("event_id,type"), "[\"w1\",\"InvoicePaid\"]\n[\"w2\",\"InvoiceVoid\"]");
}

TEST_P(StoreContractTest, LetsTheBodyWinOverThePathUnlessThePathOverrules) {
  Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1")"), "/webhooks/ContactDelete");
  Deliver(Body("OutboundMessage", "w2", "10:00:00", R"("messageId":"m1")"), "/webhooks/InboundMessage");
  Deliver(Body("InboundMessage", "w3", "10:00:00", R"("messageId":"m2")"), "/webhooks/OutboundMessage");
  EXPECT_EQ(SelectLog("event_id,type"),
            "[\"w1\",\"ContactUpdate\"]\n[\"w2\",\"InboundMessage\"]\n[\"w3\",\"InboundMessage\"]");
  EXPECT_EQ(Select("messages_all", "id,message_type,extra"), "[\"m1\",null,null]\n[\"m2\",null,null]");
}

TEST_P(StoreContractTest, KeepsAnUnknownTypeAsAFieldOfThePathsEvent) {
  Deliver(Body("Unheard", "w1", "10:00:00", R"("id":"c1")"), "/webhooks/ContactUpdate");
  EXPECT_EQ(SelectLog("type,entity_id"), R"(["ContactUpdate","c1"])");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"type":"Unheard"}])");
}

TEST_P(StoreContractTest, TakesAChannelInTypeAsTheProvidersMessage) {
  const std::string shape = R"("contactId":"c1","messageId":"m1")";
  EXPECT_EQ(Deliver(Body("SMS", "w1", "10:00:00", shape)), kStored);
  EXPECT_EQ(Select("messages_all", "id,message_type,direction,extra"), R"(["m1","SMS","outbound",null])");
  EXPECT_EQ(Deliver(Body("Email", "w2", "10:00:00", R"("messageId":"m2")")), kStored);
  EXPECT_EQ(SelectLog("event_id,type,entity"),
            "[\"w1\",\"ProviderOutboundMessage\",\"Message\"]\n[\"w2\",\"Email\",null]");
}

TEST_P(StoreContractTest, KeepsTypeBesideMessageTypeOnlyWhereTheyDiffer) {
  Deliver(Body("SMS", "w1", "10:00:00", R"("messageId":"m1","messageType":"SMS")"),
          "/webhooks/ProviderOutboundMessage");
  Deliver(Body("SMS", "w2", "10:00:00", R"("messageId":"m2","messageType":"Text")"),
          "/webhooks/ProviderOutboundMessage");
  EXPECT_EQ(Select("messages_all", "id,message_type,extra"),
            "[\"m1\",\"SMS\",null]\n[\"m2\",\"Text\",{\"type\":\"SMS\"}]");
}

TEST_P(StoreContractTest, KeepsAnUnknownTypeInTheLogUnmapped) {
  EXPECT_EQ(Deliver(Body("TaskComplete9", "w1", "10:00:00", R"("id":"c1","dnd":true,"locationId":"l1")")), kStored);
  EXPECT_EQ(SelectLog("event_id,type,entity,entity_id,location_id,occurred_at"),
            R"(["w1","TaskComplete9",null,null,"l1","2026-03-01T10:00:00.000Z"])");
  EXPECT_EQ(store().Dump(), "");
  EXPECT_EQ(Deliver(Body("TaskComplete9", "w1", "10:00:00", R"("id":"c1","dnd":true,"locationId":"l1")")),
            AckStatus::kDuplicate);
  EXPECT_EQ(Deliver(Body("TaskComplete9", "w1", "11:00:00", "")), kQuarantined);
}

TEST_P(StoreContractTest, TakesAShapeAloneAsAnUpdate) {
  Deliver(Body("", "w1", "10:00:00", R"("id":"c1","dnd":null)"));
  Deliver(Body("", "w2", "10:00:00", R"("id":"o1","pipelineId":"p","pipelineStageId":"s")"));
  Deliver(Body("", "w3", "10:00:00", R"("_id":"i1","invoiceNumber":"7","invoiceItems":[])"));
  Deliver(Body("", "w4", "10:00:00", R"("webhookPayload":{"event":"opened"})"));
  Deliver(Body("", "w5", "10:00:00", R"("messageId":"m1","contactId":"c1")"));
  EXPECT_EQ(SelectLog("event_id,type,entity"),
            "[\"w1\",\"ContactUpdate\",\"Contact\"]\n"
            "[\"w2\",\"OpportunityUpdate\",\"Opportunity\"]\n"
            "[\"w3\",\"InvoiceUpdate\",\"Invoice\"]\n"
            "[\"w4\",\"LCEmailStats\",\"EmailStat\"]\n"
            "[\"w5\",\"Message\",\"Message\"]");
}

TEST_P(StoreContractTest, RevivesNothingByAShapeAlone) {
  InEveryOrder(
      {Body("OpportunityDelete", "w1", "10:00:00", R"("id":"o1")"),
       Body("", "w2", "11:00:00", R"("id":"o1","pipelineId":"p","pipelineStageId":"s")")},
      [&] { EXPECT_EQ(Select("opportunities_all", "pipeline_id,deleted_at"), R"(["p","2026-03-01T10:00:00.000Z"])"); });
}

TEST_P(StoreContractTest, CountsNoTimeOfCreationOfAMessageKnownByItsShape) {
  Deliver(Body("", "w1", "", R"("messageId":"m1","contactId":"c1","dateAdded":"2020-01-01T00:00:00Z")"));
  EXPECT_EQ(Select("messages_all", "last_event_at,created_at"),
            R"(["2026-03-02T00:00:00.000Z","2020-01-01T00:00:00.000Z"])");
}

TEST_P(StoreContractTest, QuarantinesABodyThatNothingTellsAnythingAbout) {
  EXPECT_EQ(Deliver(Body("", "w1", "10:00:00", R"("id":"c1")")), kQuarantined);
  for (const char* type : {"5", "null", "[]", "{}", "\"\"", "true"}) {
    EXPECT_EQ(Deliver(R"({"id":"c1","type":)" + std::string(type) + "}"), kQuarantined) << type;
  }
  EXPECT_EQ(Deliver(Body("", "w1", "10:00:00", R"("id":"c1")"), "/webhooks/Unheard"), kQuarantined);
  EXPECT_EQ(store().QuarantineCount(), 8u);
}

TEST_P(StoreContractTest, LooksAtPathAndShapeWhereTypeIsNoText) {
  Deliver(R"({"type":5,"webhookId":"w1","id":"c1","dnd":false,"timestamp":"2026-03-01"})");
  Deliver(R"({"type":null,"webhookId":"w2","id":"c2","timestamp":"2026-03-01"})", "/webhooks/ContactCreate");
  EXPECT_EQ(SelectLog("event_id,type"), "[\"w1\",\"ContactUpdate\"]\n[\"w2\",\"ContactCreate\"]");
  EXPECT_EQ(Select("contacts_all", "id,extra"), "[\"c1\",{\"type\":5}]\n[\"c2\",{\"type\":null}]");
}

TEST_P(StoreContractTest, TakesATypeOfMoreThan255BytesAsNone) {
  const std::string fits(255, 't');
  const std::string longer(256, 't');
  EXPECT_EQ(Deliver(Body(fits, "w1", "10:00:00", "")), kStored);
  EXPECT_EQ(Deliver(Body(longer, "w2", "10:00:00", "")), kQuarantined);
  EXPECT_EQ(Deliver(Body(longer, "w3", "10:00:00", R"("id":"c1","dnd":true)")), kStored);
  EXPECT_EQ(SelectLog("event_id,type"), "[\"w1\",\"" + fits + "\"]\n[\"w3\",\"ContactUpdate\"]");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"type":")" + longer + "\"}]");
}

TEST_P(StoreContractTest, QuarantinesWhatIsNoJsonObject) {
  const char* bodies[] = {"",
                          "[]",
                          "42",
                          "null",
                          "\"x\"",
                          R"({"type":"ContactUpdate","id":)",
                          "{}{}",
                          R"({"a":NaN})",
                          R"({"a":01})",
                          R"({"a":+1})",
                          R"({"a":.5})",
                          "{\"a\":\"\x01\"}",
                          "{'a':1}",
                          R"({"a":1,})",
                          "{\"a\":\"\xFF\xFE\"}",
                          "{\"a\":\"\xC0\x80\"}",
                          "{\"a\":\"\xED\xA0\x80\"}"};
  std::size_t count = 0;
  for (const char* body : bodies) {
    EXPECT_EQ(Deliver(body, "/webhooks/ContactUpdate"), kQuarantined) << body;
    EXPECT_EQ(store().QuarantineCount(), ++count) << body;
  }
}

TEST_P(StoreContractTest, SkipsOneByteOrderMark) {
  const std::string body = Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1","name":"Ann")");
  EXPECT_EQ(Deliver("\xEF\xBB\xBF" + body), kStored);
  EXPECT_EQ(Select("contacts_all", "name"), R"(["Ann"])");
  EXPECT_EQ(Deliver("\xEF\xBB\xBF\xEF\xBB\xBF" + body), kQuarantined);
}

TEST_P(StoreContractTest, TakesNestingOf128AndQuarantinesDeeper) {
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1","x":)" + Nested(127))), kStored);
  EXPECT_EQ(Select("contacts_all", "extra"), "[{\"x\":" + Nested(127) + "}]");
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w2", "10:00:00", R"("id":"c1","x":)" + Nested(128))), kQuarantined);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w3", "10:00:00", R"("id":"c1","x":)" + Nested(100'000))), kQuarantined);
}

TEST_P(StoreContractTest, UnwrapsNoData) {
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("data":{"id":"c1"})")), kQuarantined);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1","data":{"name":"x"})")), kStored);
  EXPECT_EQ(Select("contacts_all", "name,extra"), R"([null,{"data":{"name":"x"}}])");
}

TEST_P(StoreContractTest, TakesTheFirstTimeThatCanBeRead) {
  const auto invoice = [&](const std::string& id, const std::string& times) {
    Deliver(R"({"type":"InvoiceCreate","_id":")" + id + R"(","webhookId":"w)" + id + "\"," + times + "}", "/webhooks",
            kArrival);
  };
  invoice("1", R"("updatedAt":"2026-02-01","timestamp":"2026-02-02","createdAt":"2026-02-03")");
  invoice("2", R"("updatedAt":"soon","timestamp":"2026-02-02","createdAt":"2026-02-03")");
  invoice("3", R"("updatedAt":null,"timestamp":{"x":1},"createdAt":"2026-02-03")");
  invoice("4", R"("updatedAt":"1771000000")");
  EXPECT_EQ(SelectLog("entity_id,occurred_at,sent_at"),
            "[\"1\",\"2026-02-01T00:00:00.000Z\",\"2026-02-02T00:00:00.000Z\"]\n"
            "[\"2\",\"2026-02-02T00:00:00.000Z\",\"2026-02-02T00:00:00.000Z\"]\n"
            "[\"3\",\"2026-02-03T00:00:00.000Z\",null]\n"
            "[\"4\",\"2026-03-02T00:00:00.000Z\",null]");
  EXPECT_EQ(Select("invoices_all", "id,updated_at,extra"),
            "[\"1\",\"2026-02-01T00:00:00.000Z\",null]\n"
            "[\"2\",null,{\"updatedAt\":\"soon\"}]\n"
            "[\"3\",null,{\"timestamp\":{\"x\":1}}]\n"
            "[\"4\",null,{\"updatedAt\":\"1771000000\"}]");
}

TEST_P(StoreContractTest, TakesTheLocationOfAnInvoiceFromItsAltIdOnlyBesideItsType) {
  Deliver(Body("InvoiceCreate", "w1", "10:00:00", R"("_id":"i1","altId":"l1","altType":"location")"));
  Deliver(Body("InvoiceCreate", "w2", "10:00:00", R"("_id":"i2","altId":"x1","altType":"company")"));
  Deliver(Body("InvoiceCreate", "w3", "10:00:00", R"("_id":"i3","altId":"x1","altType":"location","locationId":"l3")"));
  Deliver(Body("InvoiceCreate", "w4", "10:00:00", R"("_id":"i4","altId":"x1","altType":"location","locationId":null)"));
  EXPECT_EQ(Select("invoices_all", "id,location_id,alt_id,extra"),
            "[\"i1\",\"l1\",\"l1\",null]\n"
            "[\"i2\",null,\"x1\",null]\n"
            "[\"i3\",\"l3\",\"x1\",null]\n"
            "[\"i4\",null,\"x1\",null]");
  EXPECT_EQ(SelectLog("location_id"), "[\"l1\"]\n[null]\n[\"l3\"]\n[null]");
}

}  // namespace
}  // namespace crmsink::contract
