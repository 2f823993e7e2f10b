#include "contract_suite.h"

namespace crmsink::contract {
namespace {

constexpr auto kStored = AckStatus::kStored;

std::string Contact(std::string_view event, std::string_view webhook_id, std::string_view clock,
                    std::string_view rest) {
  return Body(event, webhook_id, clock, R"("id":"c1")" + (rest.empty() ? "" : "," + std::string(rest)));
}

std::string Deal(std::string_view event, std::string_view webhook_id, std::string_view clock, std::string_view rest) {
  return Body(event, webhook_id, clock, R"("id":"o1")" + (rest.empty() ? "" : "," + std::string(rest)));
}

std::string Invoice(std::string_view event, std::string_view webhook_id, std::string_view clock,
                    std::string_view rest) {
  return Body(event, webhook_id, clock, R"("_id":"i1")" + (rest.empty() ? "" : "," + std::string(rest)));
}

TEST_P(StoreContractTest, HoldsTheWholeRowOfAnOpportunity) {
  EXPECT_EQ(Deliver(Deal("OpportunityCreate", "w1", "12:00:00.828", R"("name":"Roof","monetaryValue":1200.50,"x":1)")),
            kStored);
  EXPECT_EQ(store().Dump(),
            R"({"row":{"agency_id":null,"assigned_user_id":null,"contact_id":null,"created_at":null,"deleted_at":null,)"
            R"("extra":{"x":1},"id":"o1","last_event_at":"2026-03-01T12:00:00.828Z","last_event_id":"w1",)"
            R"("last_stage_change_at":"2026-03-01T12:00:00.828Z","last_status_change_at":"2026-03-01T12:00:00.828Z",)"
            R"("location_id":null,"monetary_value":1200.5,"name":"Roof","pipeline_id":null,"pipeline_stage_id":null,)"
            R"("source":null,"status":null},"table":"opportunities_all"})"
            "\n");
}

TEST_P(StoreContractTest, TakesAnUpdateBeforeItsCreate) {
  InEveryOrder({Contact("ContactCreate", "w1", "10:00:00", R"("name":"Ann","city":"Ulm")"),
                Contact("ContactUpdate", "w2", "11:00:00", R"("name":"Anna")")},
               [&] {
                 EXPECT_EQ(Select("contacts_all", "id,name,city,deleted_at,last_event_id"),
                           R"(["c1","Anna","Ulm",null,"w2"])");
               });
}

TEST_P(StoreContractTest, KeepsARowDeletedWhoseCreateAndUpdateComeAfterItsDelete) {
  InEveryOrder(
      {Contact("ContactDelete", "w3", "12:00:00", ""), Contact("ContactCreate", "w1", "10:00:00", R"("name":"Ann")"),
       Contact("ContactUpdate", "w2", "11:00:00", R"("name":"Anna","tags":["a"])")},
      [&] {
        EXPECT_EQ(Select("contacts_all", "id,name,deleted_at,last_event_id"),
                  R"(["c1","Anna","2026-03-01T12:00:00.000Z","w3"])");
        EXPECT_EQ(Select("contact_tags", "tag"), "");
      });
}

TEST_P(StoreContractTest, LetsTheSpecificOneOfAPairWinATie) {
  InEveryOrder({Deal("OpportunityUpdate", "w9", "12:00:00", R"("pipelineStageId":"old")"),
                Deal("OpportunityStageUpdate", "w1", "12:00:00", R"("pipelineStageId":"new")")},
               [&] {
                 EXPECT_EQ(Select("opportunities_all", "pipeline_stage_id,last_stage_change_at,last_event_id"),
                           R"(["new","2026-03-01T12:00:00.000Z","w1"])");
               });
}

TEST_P(StoreContractTest, PutsACreateBeforeAnUpdateOfTheSameTime) {
  InEveryOrder({Deal("OpportunityCreate", "w9", "12:00:00", R"("status":"open")"),
                Deal("OpportunityUpdate", "w1", "12:00:00", R"("status":"won")")},
               [&] { EXPECT_EQ(Select("opportunities_all", "status,last_event_id"), R"(["won","w1"])"); });
}

TEST_P(StoreContractTest, DecidesATieOfTimeAndRankByTheTimestamp) {
  const std::string same = R"("updatedAt":"2026-02-01T08:00:00.000Z")";
  InEveryOrder({Invoice("InvoicePaid", "w1", "12:00:02", same + R"(,"status":"paid")"),
                Invoice("InvoiceSent", "w2", "12:00:01", same + R"(,"status":"sent")")},
               [&] {
                 EXPECT_EQ(Select("invoices_all", "status,sent_at,paid_at,last_event_at,last_event_id"),
                           R"(["paid","2026-02-01T08:00:00.000Z","2026-02-01T08:00:00.000Z",)"
                           R"("2026-02-01T08:00:00.000Z","w1"])");
               });
}

TEST_P(StoreContractTest, PutsAnEventWithoutTimestampFirst) {
  const std::string same = R"("updatedAt":"2026-02-01T08:00:00.000Z")";
  InEveryOrder({Invoice("InvoiceUpdate", "w1", "12:00:00", same + R"(,"status":"paid")"),
                Invoice("InvoiceUpdate", "w2", "", same + R"(,"status":"sent")")},
               [&] { EXPECT_EQ(Select("invoices_all", "status,last_event_id"), R"(["paid","w1"])"); });
}

TEST_P(StoreContractTest, DecidesWhatIsStillTiedByTheEventIdByCodePoint) {
  // U+FFFD sorts before U+1F600 by code point and UTF-8, after it by UTF-16.
  InEveryOrder({Contact("ContactUpdate", "a\xF0\x9F\x98\x80", "12:00:00", R"("name":"last")"),
                Contact("ContactUpdate", "a\xEF\xBF\xBD", "12:00:00", R"("name":"middle")"),
                Contact("ContactUpdate", "Z", "12:00:00", R"("name":"first")")},
               [&] { EXPECT_EQ(Select("contacts_all", "name,last_event_id"), "[\"last\",\"a\xF0\x9F\x98\x80\"]"); });
}

TEST_P(StoreContractTest, DoesNotReviveAnOpportunityByAnUpdate) {
  InEveryOrder({Deal("OpportunityCreate", "w1", "10:00:00", R"("status":"open")"),
                Deal("OpportunityDelete", "w2", "11:00:00", ""),
                Deal("OpportunityUpdate", "w3", "11:30:00", R"("status":"lost")")},
               [&] {
                 EXPECT_EQ(Select("opportunities_all", "status,deleted_at,last_event_id"),
                           R"(["lost","2026-03-01T11:00:00.000Z","w3"])");
               });
}

TEST_P(StoreContractTest, RevivesAnOpportunityByALaterCreate) {
  InEveryOrder(
      {Deal("OpportunityCreate", "w1", "10:00:00", R"("name":"A")"), Deal("OpportunityDelete", "w2", "11:00:00", ""),
       Deal("OpportunityCreate", "w3", "11:00:00.001", R"("status":"open")")},
      [&] { EXPECT_EQ(Select("opportunities_all", "name,status,deleted_at"), R"(["A","open",null])"); });
}

TEST_P(StoreContractTest, LetsADeleteWinOverACreateOfTheSameTime) {
  InEveryOrder({Deal("OpportunityDelete", "w1", "11:00:00", ""), Deal("OpportunityCreate", "w2", "11:00:00", "")}, [&] {
    EXPECT_EQ(Select("opportunities_all", "deleted_at,last_event_id"), R"(["2026-03-01T11:00:00.000Z","w1"])");
  });
}

TEST_P(StoreContractTest, RevivesAContactWithItsOldChildRowsByAnUpdateFiveMinutesAndMoreAfterTheDelete) {
  InEveryOrder({Contact("ContactCreate", "w1", "10:00:00", R"("tags":["a","b"],"city":"Ulm")"),
                Contact("ContactDelete", "w2", "11:00:00", ""),
                Contact("ContactUpdate", "w3", "11:05:00.001", R"("name":"Ann")")},
               [&] {
                 EXPECT_EQ(Select("contacts_all", "name,city,deleted_at"), R"(["Ann","Ulm",null])");
                 EXPECT_EQ(Select("contact_tags", "contact_id,position,tag"), "[\"c1\",0,\"a\"]\n[\"c1\",1,\"b\"]");
               });
}

TEST_P(StoreContractTest, DoesNotReviveAContactFiveMinutesAfterTheDelete) {
  InEveryOrder(
      {Contact("ContactCreate", "w1", "10:00:00", R"("tags":["a"])"), Contact("ContactDelete", "w2", "11:00:00", ""),
       Contact("ContactTagUpdate", "w3", "11:05:00", R"("tags":["b"])")},
      [&] {
        EXPECT_EQ(Select("contacts_all", "deleted_at"), R"(["2026-03-01T11:00:00.000Z"])");
        EXPECT_EQ(Select("contact_tags", "tag"), "");
      });
}

TEST_P(StoreContractTest, FoldsListsThatComeWhileTheRowIsDeleted) {
  InEveryOrder({Contact("ContactDelete", "w1", "11:00:00", R"("tags":["a"])"),
                Contact("ContactUpdate", "w2", "11:01:00", R"("tags":["b"])"),
                Contact("ContactCreate", "w3", "11:02:00", R"("name":"Ann")")},
               [&] {
                 EXPECT_EQ(Select("contacts_all", "name,deleted_at"), R"(["Ann",null])");
                 EXPECT_EQ(Select("contact_tags", "tag"), R"(["b"])");
               });
}

TEST_P(StoreContractTest, CountsTheFiveMinutesFromTheLatestDelete) {
  InEveryOrder({Contact("ContactDelete", "w1", "11:00:00", ""), Contact("ContactDelete", "w2", "11:04:00", ""),
                Contact("ContactUpdate", "w3", "11:06:00", R"("name":"Ann")")},
               [&] { EXPECT_EQ(Select("contacts_all", "name,deleted_at"), R"(["Ann","2026-03-01T11:04:00.000Z"])"); });
}

TEST_P(StoreContractTest, ClearsByNullAndLeavesWhatIsAbsent) {
  InEveryOrder(
      {Contact("ContactCreate", "w1", "10:00:00", R"("name":"Ann","city":"Ulm","email":"a@b.c","dnd":true)"),
       Contact("ContactUpdate", "w2", "11:00:00", R"("name":null,"city":"")")},
      [&] { EXPECT_EQ(Select("contacts_all", "name,city,email,dnd,extra"), R"([null,null,"a@b.c",true,null])"); });
}

TEST_P(StoreContractTest, ClearsChildRowsByAnEmptyListByNullAndByAnEmptyText) {
  for (const char* nothing : {"[]", "null", "\"\""}) {
    SCOPED_TRACE(nothing);
    InEveryOrder({Contact("ContactCreate", "w1", "10:00:00", R"("tags":["a","b"])"),
                  Contact("ContactTagUpdate", "w2", "11:00:00", R"("tags":)" + std::string(nothing))},
                 [&] {
                   EXPECT_EQ(Select("contact_tags", "tag"), "");
                   EXPECT_EQ(Select("contacts_all", "extra"), "[null]");
                 });
  }
}

TEST_P(StoreContractTest, LeavesChildRowsWhoseListIsAbsent) {
  InEveryOrder({Contact("ContactDndUpdate", "w1", "10:00:00", R"("dndSettings":{"SMS":{"status":"active"}})"),
                Contact("ContactUpdate", "w2", "11:00:00", R"("tags":[])")},
               [&] { EXPECT_EQ(Select("contact_dnd_settings", "channel,dnd_status"), R"(["SMS","active"])"); });
}

TEST_P(StoreContractTest, ReplacesTagsAndMergesNothing) {
  InEveryOrder({Contact("ContactTagUpdate", "w1", "10:00:00", R"("tags":["a","b"])"),
                Contact("ContactTagUpdate", "w2", "11:00:00", R"("tags":["c","b"])")},
               [&] { EXPECT_EQ(Select("contact_tags", "tag,position"), "[\"b\",1]\n[\"c\",0]"); });
}

TEST_P(StoreContractTest, ReplacesExtraByTopLevelMember) {
  InEveryOrder({Contact("ContactCreate", "w1", "10:00:00", R"("x":{"a":1,"b":2},"y":1,"z":[1])"),
                Contact("ContactUpdate", "w2", "11:00:00", R"("x":{"a":3},"z":null)")},
               [&] { EXPECT_EQ(Select("contacts_all", "extra"), R"([{"x":{"a":3},"y":1,"z":null}])"); });
}

TEST_P(StoreContractTest, RemovesAMemberFromExtraOnceAColumnTakesIt) {
  InEveryOrder({Contact("ContactCreate", "w1", "10:00:00", R"("dnd":"maybe","name":{"first":"Ann"})"),
                Contact("ContactUpdate", "w2", "11:00:00", R"("dnd":"true","name":null)")},
               [&] { EXPECT_EQ(Select("contacts_all", "dnd,name,extra"), "[true,null,null]"); });
}

TEST_P(StoreContractTest, CountsATimeInTheFutureAsTheTimeOfArrival) {
  const Millis arrival = kArrival + 12 * 60 * kMinute;  // 2026-03-02T12:00:00Z
  const auto at = [](std::string_view id, std::string_view time, std::string_view name) {
    return R"({"type":"ContactUpdate","id":")" + std::string(id) + R"(","webhookId":")" + std::string(name) +
           R"(","timestamp":")" + std::string(time) + R"(","name":")" + std::string(name) + "\"}";
  };
  Deliver(at("c1", "2999-01-01T00:00:00Z", "far"), "/webhooks", arrival);
  Deliver(at("c2", "2026-03-02T12:05:00.000Z", "five"), "/webhooks", arrival);
  Deliver(at("c3", "2026-03-02T12:05:00.001Z", "more"), "/webhooks", arrival);
  EXPECT_EQ(Select("contacts_all", "id,last_event_at"),
            "[\"c1\",\"2026-03-02T12:00:00.000Z\"]\n"
            "[\"c2\",\"2026-03-02T12:05:00.000Z\"]\n"
            "[\"c3\",\"2026-03-02T12:00:00.000Z\"]");
  Deliver(at("c1", "2026-03-02T12:00:01Z", "true"), "/webhooks", arrival + kMinute);
  EXPECT_EQ(Select("contacts_all", "id,name").substr(0, 13), R"(["c1","true"])");
  EXPECT_EQ(SelectLog("event_id,sent_at").substr(0, 35), R"(["far","2999-01-01T00:00:00.000Z"])"
                                                         "\n");
}

TEST_P(StoreContractTest, OrdersEventsWithoutATimeByArrival) {
  const std::string first = Body("ContactUpdate", "w2", "", R"("id":"c1","name":"first")");
  const std::string second = Body("ContactUpdate", "w1", "", R"("id":"c1","name":"second")");
  Deliver(first, "/webhooks", kArrival);
  Deliver(second, "/webhooks", kArrival + 1);
  EXPECT_EQ(Select("contacts_all", "name,last_event_at"), R"(["second","2026-03-02T00:00:00.001Z"])");
}

TEST_P(StoreContractTest, NeverOrdersAnUpdateByATimeOfCreation) {
  Deliver(Body("ContactUpdate", "w1", "", R"("id":"c1","dateAdded":"2020-01-01T00:00:00Z","name":"a")"));
  EXPECT_EQ(Select("contacts_all", "last_event_at,created_at"),
            R"(["2026-03-02T00:00:00.000Z","2020-01-01T00:00:00.000Z"])");
  Restart();
  Deliver(Body("ContactCreate", "w1", "", R"("id":"c1","dateAdded":"2020-01-01T00:00:00Z","name":"a")"));
  EXPECT_EQ(Select("contacts_all", "last_event_at"), R"(["2020-01-01T00:00:00.000Z"])");
}

TEST_P(StoreContractTest, FillsWhatTheNewerLeftOutFromAMuchOlderEvent) {
  InEveryOrder(
      {Contact("ContactUpdate", "w1", "10:00:00", R"("name":"Ann")"),
       R"({"type":"ContactUpdate","webhookId":"w2","timestamp":"0001-01-01","id":"c1","name":"old","city":"Ulm"})"},
      [&] {
        EXPECT_EQ(Select("contacts_all", "name,city,last_event_at"), R"(["Ann","Ulm","2026-03-01T10:00:00.000Z"])");
      });
}

TEST_P(StoreContractTest, SetsTheTimeOfTheEventOnlyWhileTheColumnIsNull) {
  const auto message = [](std::string_view webhook_id, std::string_view clock, std::string_view rest) {
    return Body("InboundMessage", webhook_id, clock, R"("messageId":"m1")" + std::string(rest));
  };
  InEveryOrder({message("w1", "10:00:00", ""), message("w2", "11:00:00", "")},
               [&] { EXPECT_EQ(Select("messages_all", "created_at"), R"(["2026-03-01T10:00:00.000Z"])"); });
  InEveryOrder({message("w1", "10:00:00", ""), message("w2", "11:00:00", R"(,"dateAdded":"2026-02-28T09:00:00Z")"),
                message("w3", "12:00:00", "")},
               [&] { EXPECT_EQ(Select("messages_all", "created_at"), R"(["2026-02-28T09:00:00.000Z"])"); });
  InEveryOrder({message("w1", "10:00:00", R"(,"dateAdded":null)"), message("w2", "11:00:00", "")},
               [&] { EXPECT_EQ(Select("messages_all", "created_at"), R"(["2026-03-01T11:00:00.000Z"])"); });
}

TEST_P(StoreContractTest, LetsWhatADeclarationSetsWinOverThePayload) {
  Deliver(Body("ProviderOutboundMessage", "w1", "10:00:00", R"("messageId":"m1","direction":"inbound")"));
  EXPECT_EQ(Select("messages_all", "direction"), R"(["outbound"])");
}

TEST_P(StoreContractTest, DropsNoLateEventOfALongStream) {
  std::vector<std::string> bodies;
  std::string expected;
  for (int i = 0; i < 20; ++i) {
    const std::string n = std::to_string(10 + i);
    bodies.push_back(Contact("ContactUpdate", "w" + n, "10:00:" + n, R"("x)" + n + R"(":)" + n));
    expected += (i == 0 ? "" : ",") + ("\"x" + n + "\":" + n);
  }
  for (std::size_t i = 0; i < bodies.size(); ++i) EXPECT_EQ(Deliver(bodies[(i * 7) % bodies.size()]), kStored);
  EXPECT_EQ(Select("contacts_all", "extra,last_event_id"), "[{" + expected + R"(},"w29"])");
}

}  // namespace
}  // namespace crmsink::contract
