#include <algorithm>
#include <string>
#include <vector>

#include "contract_suite.h"
#include "naive_digest.h"

namespace crmsink::contract {
namespace {

constexpr auto kStored = AckStatus::kStored;
constexpr auto kDuplicate = AckStatus::kDuplicate;
constexpr auto kQuarantined = AckStatus::kQuarantined;

std::string Tagged(std::string_view tags) {
  return Body("ContactTagUpdate", "", "", R"("id":"c1","tags":)" + std::string(tags));
}

std::string Digest(const std::string& name, const std::string& body) { return naive::HexSha256(name + '\0' + body); }

TEST_P(StoreContractTest, ChangesNothingByARedelivery) {
  const std::string create = Body("ContactCreate", "w1", "10:00:00", R"("id":"c1","name":"Ann","tags":["a"],"x":1)");
  const std::string update = Body("ContactUpdate", "w2", "11:00:00", R"("id":"c1","name":"Anna")");
  EXPECT_EQ(Deliver(create), kStored);
  EXPECT_EQ(Deliver(update), kStored);
  const std::string tables = store().Dump();
  const std::string log = store().DumpLog();
  EXPECT_EQ(Deliver(create, "/webhooks", kArrival + kMinute), kDuplicate);
  EXPECT_EQ(Deliver(update, "/webhooks", kArrival + kMinute), kDuplicate);
  EXPECT_EQ(store().Dump(), tables);
  EXPECT_EQ(store().DumpLog(), log);
  EXPECT_EQ(store().QuarantineCount(), 0u);
}

TEST_P(StoreContractTest, AnswersWithTheIdOfTheEvent) {
  const std::string named = Body("ContactCreate", "w1", "10:00:00", R"("id":"c1")");
  const std::string unnamed = Body("ContactUpdate", "", "11:00:00", R"("id":"c1")");
  EXPECT_EQ(DeliverPost({"/webhooks", named, kArrival}).event_id, "w1");
  EXPECT_EQ(DeliverPost({"/webhooks", named, kArrival}).event_id, "w1");
  EXPECT_EQ(DeliverPost({"/webhooks", unnamed, kArrival}).event_id, Digest("ContactUpdate", unnamed));
  EXPECT_EQ(DeliverPost({"/webhooks", "[]", kArrival}).event_id, "");
}

TEST_P(StoreContractTest, QuarantinesAnotherBodyOfTheSameIdAndLetsTheFirstStand) {
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1","name":"first")")), kStored);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "11:00:00", R"("id":"c1","name":"second")")), kQuarantined);
  EXPECT_EQ(Select("contacts_all", "name"), R"(["first"])");
  EXPECT_EQ(store().QuarantineCount(), 1u);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "11:00:00", R"("id":"c1","name":"second")")), kQuarantined);
  EXPECT_EQ(store().QuarantineCount(), 1u);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1","name":"first" )")), kQuarantined);
  EXPECT_EQ(store().QuarantineCount(), 2u);
}

TEST_P(StoreContractTest, TakesOneIdForTwoThingsAsTwoEvents) {
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"same")")), kStored);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"other")")), kStored);
  EXPECT_EQ(Deliver(Body("OpportunityUpdate", "w1", "10:00:00", R"("id":"same")")), kStored);
  EXPECT_EQ(SelectLog("event_id,entity,entity_id"),
            "[\"w1\",\"Contact\",\"other\"]\n"
            "[\"w1\",\"Contact\",\"same\"]\n"
            "[\"w1\",\"Opportunity\",\"same\"]");
}

TEST_P(StoreContractTest, NumbersATimelessBodyThatComesAgainAfterAnotherOne) {
  const std::string on = Tagged(R"(["vip"])");
  const std::string off = Tagged("[]");
  const std::string on_id = Digest("ContactTagUpdate", on);
  const std::string off_id = Digest("ContactTagUpdate", off);
  Millis now = kArrival;
  const auto deliver = [&](const std::string& body) { return Deliver(body, "/webhooks", now += kSecond); };
  EXPECT_EQ(deliver(on), kStored);
  EXPECT_EQ(deliver(on), kDuplicate);
  EXPECT_EQ(deliver(off), kStored);
  EXPECT_EQ(Select("contact_tags", "tag"), "");
  EXPECT_EQ(deliver(on), kStored);
  EXPECT_EQ(deliver(on), kDuplicate);
  EXPECT_EQ(Select("contact_tags", "tag"), R"(["vip"])");
  EXPECT_EQ(Select("contacts_all", "last_event_id"), "[\"" + on_id + "-1\"]");
  EXPECT_EQ(deliver(off), kStored);
  EXPECT_EQ(deliver(on), kStored);
  EXPECT_EQ(Select("contacts_all", "last_event_id,last_event_at"),
            "[\"" + on_id + R"(-2","2026-03-02T00:00:07.000Z"])");
  std::vector<std::string> ids{on_id, on_id + "-1", on_id + "-2", off_id, off_id + "-1"};
  if (off_id < on_id) std::rotate(ids.begin(), ids.begin() + 3, ids.end());
  std::string expected;
  for (const std::string& id : ids) expected += (expected.empty() ? "[\"" : "\n[\"") + id + "\"]";
  EXPECT_EQ(SelectLog("event_id"), expected);
}

TEST_P(StoreContractTest, CountsATimelessBodyOfEachEntityForItself) {
  const std::string one = Tagged("[]");
  EXPECT_EQ(Deliver(one), kStored);
  EXPECT_EQ(Deliver(Body("ContactTagUpdate", "", "", R"("id":"c2","tags":[])")), kStored);
  EXPECT_EQ(Deliver(one), kDuplicate);
}

TEST_P(StoreContractTest, NumbersATimelessBodyAfterAnEventThatHasATime) {
  const std::string timeless = Tagged("[]");
  EXPECT_EQ(Deliver(timeless), kStored);
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1")")), kStored);
  EXPECT_EQ(Deliver(timeless), kStored);
}

TEST_P(StoreContractTest, TakesABodyWithATimeOfItsOwnAsOneEventForEver) {
  const std::string body = Body("ContactTagUpdate", "", "10:00:00", R"("id":"c1","tags":["vip"])");
  EXPECT_EQ(Deliver(body), kStored);
  EXPECT_EQ(Deliver(Body("ContactTagUpdate", "", "11:00:00", R"("id":"c1","tags":[])")), kStored);
  EXPECT_EQ(Deliver(body), kDuplicate);
  EXPECT_EQ(Select("contact_tags", "tag"), "");
}

TEST_P(StoreContractTest, TakesATimelessFactAsOneEventForEver) {
  const std::string one = R"({"type":"LCEmailStats","webhookPayload":{"event":"opened"}})";
  EXPECT_EQ(Deliver(one), kStored);
  EXPECT_EQ(Deliver(R"({"type":"LCEmailStats","webhookPayload":{"event":"clicked"}})"), kStored);
  EXPECT_EQ(Deliver(one), kDuplicate);
}

TEST_P(StoreContractTest, TellsBodiesApartThatDifferOnlyInTheirPath) {
  const std::string body = R"({"_id":"i1","updatedAt":"2026-03-01T10:00:00Z","invoiceNumber":"7"})";
  EXPECT_EQ(Deliver(body, "/webhooks/InvoiceSent"), kStored);
  EXPECT_EQ(Deliver(body, "/webhooks/InvoicePaid"), kStored);
  EXPECT_EQ(Deliver(body, "/webhooks/invoicepaid/"), kDuplicate);
  EXPECT_EQ(Select("invoices_all", "sent_at,paid_at"), R"(["2026-03-01T10:00:00.000Z","2026-03-01T10:00:00.000Z"])");
}

TEST_P(StoreContractTest, KeepsIdsOf255BytesAndQuarantinesLongerOnes) {
  const std::string fits = std::string(253, 'x') + "\xC3\xA9";
  const std::string longer = std::string(254, 'x') + "\xC3\xA9";
  EXPECT_EQ(Deliver(Body("ContactUpdate", fits, "10:00:00", R"("id":")" + fits + "\"")), kStored);
  EXPECT_EQ(Select("contacts_all", "id,last_event_id"), "[\"" + fits + "\",\"" + fits + "\"]");
  EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", R"("id":")" + longer + "\"")), kQuarantined);
  EXPECT_EQ(Deliver(Body("ContactUpdate", longer, "10:00:00", R"("id":"c1")")), kQuarantined);
  EXPECT_EQ(Deliver(Body("Unheard", longer, "10:00:00", "")), kQuarantined);
  EXPECT_EQ(store().QuarantineCount(), 3u);
}

TEST_P(StoreContractTest, TakesNumbersAndBooleansAsIdsByTheirText) {
  EXPECT_EQ(Deliver(R"({"type":"ContactUpdate","timestamp":"2026-03-01","webhookId":1.50,"id":7e0,"name":"a"})"),
            kStored);
  EXPECT_EQ(Deliver(R"({"type":"ContactUpdate","timestamp":"2026-03-01","webhookId":true,"id":false,"name":"b"})"),
            kStored);
  EXPECT_EQ(Select("contacts_all", "id,last_event_id,extra"), "[\"7e0\",\"1.50\",null]\n[\"false\",\"true\",null]");
}

TEST_P(StoreContractTest, QuarantinesAKnownEventWithoutAnId) {
  for (const char* id : {"", R"("id":null)", R"("id":"")", R"("id":{"a":1})", R"("id":["c1"])"}) {
    EXPECT_EQ(Deliver(Body("ContactUpdate", "w1", "10:00:00", id)), kQuarantined) << id;
  }
  EXPECT_EQ(store().QuarantineCount(), 5u);
  EXPECT_EQ(store().Dump(), "");
}

TEST_P(StoreContractTest, KeysAMessageWithoutAnIdByItsEvent) {
  EXPECT_EQ(Deliver(Body("InboundMessage", "w1", "10:00:00", R"("body":"hi")")), kStored);
  EXPECT_EQ(Deliver(Body("InboundMessage", "w2", "10:00:00", R"("messageId":"m1","body":"ho")")), kStored);
  EXPECT_EQ(Select("messages_all", "id,body"), "[\"m1\",\"ho\"]\n[\"w1\",\"hi\"]");
}

TEST_P(StoreContractTest, TakesAWebhookIdThatIsNoScalarAsAbsent) {
  const std::string body = R"({"type":"ContactUpdate","timestamp":"2026-03-01","id":"c1","webhookId":{"a":1}})";
  EXPECT_EQ(DeliverPost({"/webhooks", body, kArrival}).event_id, Digest("ContactUpdate", body));
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"webhookId":{"a":1}}])");
  const std::string empty = R"({"type":"ContactUpdate","timestamp":"2026-03-01","id":"c2","webhookId":""})";
  EXPECT_EQ(DeliverPost({"/webhooks", empty, kArrival}).event_id, Digest("ContactUpdate", empty));
}

TEST_P(StoreContractTest, DerivesTheLogFromTheEnvelope) {
  const std::string body =
      Body("contactcreate", "w1", "10:00:00",
           R"("id":"c1","locationId":"l1","companyId":"a1","appId":"p1","versionId":2,"traceId":"t1")");
  EXPECT_EQ(Deliver(body), kStored);
  EXPECT_EQ(
      store().DumpLog(),
      R"({"agency_id":"a1","app_id":"p1","app_version_id":"2","entity":"Contact","entity_id":"c1","event_id":"w1",)"
      R"("location_id":"l1","occurred_at":"2026-03-01T10:00:00.000Z","payload_sha256":")" +
          naive::HexSha256(body) +
          R"(","sent_at":"2026-03-01T10:00:00.000Z","trace_id":"t1","type":"ContactCreate"})"
          "\n");
  EXPECT_EQ(Select("contacts_all", "location_id,agency_id,extra"), R"(["l1","a1",null])");
}

}  // namespace
}  // namespace crmsink::contract
