// What only some entities declare: maps, lists within lists, secrets, composed ids, members that say what an event
// does.
#include "contract_suite.h"

namespace crmsink::contract {
namespace {

constexpr auto kStored = AckStatus::kStored;

TEST_P(StoreContractTest, GivesAMemberOfAMapThatIsNullARowOfItsOwn) {
  Deliver(
      Body("RecordCreate", "w1", "10:00:00", R"("id":"r1","properties":{"colour":null,"":7,"size":"","wheels":4})"));
  EXPECT_EQ(Select("object_record_properties", "property_key,position,value,value_json"), R"(["colour",0,null,null])"
                                                                                          "\n"
                                                                                          R"(["size",2,null,null])"
                                                                                          "\n"
                                                                                          R"(["wheels",3,"4",4])");
  EXPECT_EQ(Select("object_records_all", "extra"), R"([{"properties":{"":7}}])");
}

TEST_P(StoreContractTest, LeavesAMemberOfAMapThatIsNullToExtraWhereItsMembersAreWanted) {
  Deliver(Body("ContactDndUpdate", "w1", "10:00:00", R"("id":"c1","dndSettings":{"SMS":null,"Call":{"code":"1"}})"));
  EXPECT_EQ(Select("contact_dnd_settings", "channel,code"), R"(["Call","1"])");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"dndSettings":{"SMS":null}}])");
}

TEST_P(StoreContractTest, TakesPropertiesAsAListOrAsAMap) {
  Deliver(
      Body("RecordCreate", "w1", "10:00:00", R"("id":"r1","properties":{"b":1,"a":{"key":"k","valueString":"v"}})"));
  Deliver(Body("RecordCreate", "w2", "10:00:00",
               R"("id":"r2","properties":[{"key":"k","valueString":"v"},{"valueString":"no key"},7])"));
  Deliver(Body("RecordCreate", "w3", "10:00:00", R"("id":"r3","properties":"none")"));
  EXPECT_EQ(Select("object_record_properties", "object_record_id,property_key,position,value"), R"(["r1","b",0,"1"])"
                                                                                                "\n"
                                                                                                R"(["r1","k",1,"v"])"
                                                                                                "\n"
                                                                                                R"(["r2","k",0,"v"])");
  EXPECT_EQ(Select("object_records_all", "id,extra"), R"(["r1",null])"
                                                      "\n"
                                                      R"(["r2",{"properties":[null,{"valueString":"no key"},7]}])"
                                                      "\n"
                                                      R"(["r3",{"properties":"none"}])");
}

TEST_P(StoreContractTest, PlacesAMapsMembersAsTheyAreWritten) {
  Deliver(Body("RecordCreate", "w1", "10:00:00", R"("id":"r1","properties":{"z":1,"a":2,"z":3})"));
  EXPECT_EQ(Select("object_record_properties", "property_key,position,value"), R"(["a",1,"2"])"
                                                                               "\n"
                                                                               R"(["z",0,"3"])");
}

TEST_P(StoreContractTest, KeepsThePlacesOfListsInListsInLists) {
  Deliver(Body(
      "OrderCreate", "w1", "10:00:00",
      R"("_id":"o1","items":[{"name":"x"},{"product":{"variants":[null,{"options":[{"id":"a"},{"id":"b","y":1}]}]}}])"));
  EXPECT_EQ(Select("order_items", "position,name"), "[0,\"x\"]\n[1,null]");
  EXPECT_EQ(Select("order_item_variants", "item_position,position,variant_id"), "[1,0,null]\n[1,1,null]");
  EXPECT_EQ(Select("order_item_variant_options", "item_position,variant_position,position,option_id"),
            "[1,1,0,\"a\"]\n[1,1,1,\"b\"]");
  EXPECT_EQ(Select("orders_all", "extra"),
            R"([{"items":[null,{"product":{"variants":[null,{"options":[null,{"y":1}]}]}}]}])");
}

TEST_P(StoreContractTest, ChoosesBetweenTwoListsForEachOuterElement) {
  Deliver(Body("VoiceAiCallEnd", "w1", "10:00:00",
               R"("id":"v1","executedCallActions":[)"
               R"({"actionParameters":{"parameters":[{"name":"a"}]}},)"
               R"({"actionParameters":{"apiDetails":{"parameters":[{"name":"b"}]},"parameters":[{"name":"c"}]}}])"));
  EXPECT_EQ(Select("voice_ai_call_action_parameters", "action_position,position,parameter_name"),
            "[0,0,\"a\"]\n[1,0,\"b\"]");
  EXPECT_EQ(Select("voice_ai_calls", "extra"),
            R"([{"executedCallActions":[null,{"actionParameters":{"parameters":[{"name":"c"}]}}]}])");
}

TEST_P(StoreContractTest, KeepsSecretsOutOfTheTables) {
  Deliver(Body("VoiceAiCallEnd", "w1", "10:00:00",
               R"("id":"v1","executedCallActions":["s3cr3t",{"actionParameters":{"note":"kept","apiDetails":)"
               R"({"url":"u","authenticationValue":"s3cr3t","token":"s3cr3t",)"
               R"("headers":[{"key":"Authorization","value":"s3cr3t","x":"s3cr3t"},"s3cr3t"]}}}])"));
  Deliver(Body("VoiceAiCallEnd", "w2", "10:00:00", R"("id":"v2","executedCallActions":"s3cr3t")"));
  EXPECT_EQ(Select("voice_ai_call_action_headers", "position,header_name,header_value"),
            "[0,\"Authorization\",null]\n[1,null,null]");
  EXPECT_EQ(Select("voice_ai_call_actions", "voice_ai_call_id,position,api_url,api_authentication_value"),
            "[\"v1\",0,null,null]\n[\"v1\",1,\"u\",null]");
  EXPECT_EQ(Select("voice_ai_calls", "id,extra"),
            R"(["v1",{"executedCallActions":[null,{"actionParameters":{"note":"kept"}}]}])"
            "\n"
            R"(["v2",null])");
  EXPECT_EQ(store().Dump().find("s3cr3t"), std::string::npos);
}

TEST_P(StoreContractTest, KnowsACallByItsShapeAlthoughItHasThatOfAMessageToo) {
  Deliver(Body("", "w1", "10:00:00", R"("id":"v1","agentId":"a","fromNumber":"1","contactId":"c","messageId":"m")"));
  EXPECT_EQ(Select("voice_ai_calls", "id,agent_id,message_id"), R"(["v1","a","m"])");
  EXPECT_EQ(Select("messages_all", "id"), "");
}

TEST_P(StoreContractTest, ComposesTheIdOfAnInstall) {
  Deliver(Body("INSTALL", "w1", "10:00:00", R"("appId":"a","companyId":"c","locationId":"l")"));
  Deliver(Body("INSTALL", "w2", "10:00:00", R"("appId":"a","companyId":"c","locationId":null)"));
  Deliver(Body("UNINSTALL", "w3", "11:00:00", R"("appId":"a","locationId":"l")"));
  EXPECT_EQ(Deliver(Body("INSTALL", "w4", "10:00:00", R"("appId":"a")")), AckStatus::kQuarantined);
  EXPECT_EQ(Deliver(Body("INSTALL", "w5", "10:00:00", R"("companyId":"c")")), AckStatus::kQuarantined);
  EXPECT_EQ(Select("app_installs_all", "id,deleted_at"), R"(["a:c",null])"
                                                         "\n"
                                                         R"(["a:l","2026-03-01T11:00:00.000Z"])");
}

TEST_P(StoreContractTest, LetsTheActionOfAnAssetSayWhatTheEventDoes) {
  const auto change = [](std::string_view id, std::string_view clock, std::string_view rest) {
    return Body("KnowledgeBaseFaqChange", id, clock, R"("id":"k1",)" + std::string(rest));
  };
  // All at one time: created, then updated, then deleted, by their ranks.
  InEveryOrder({change("w3", "10:00:00", R"("action":"created","status":"new")"),
                change("w2", "10:00:00", R"("action":"updated","status":"trained")"),
                change("w1", "10:00:00", R"("action":"deleted","deleted":false)")},
               [&] {
                 EXPECT_EQ(Select("knowledge_base_assets_all", "status,last_action,deleted_at,last_event_id,extra"),
                           R"(["trained","deleted","2026-03-01T10:00:00.000Z","w1",null])");
               });
}

TEST_P(StoreContractTest, LetsAMemberSayWhetherTheRowIsDeleted) {
  const auto unread = [](std::string_view id, std::string_view clock, std::string_view deleted) {
    return Body("ConversationUnreadUpdate", id, clock, R"("id":"c1","deleted":)" + std::string(deleted));
  };
  const auto deleted_at = [&] { return Select("conversations_all", "deleted_at,extra"); };
  Deliver(unread("w1", "10:00:00", "false"));
  EXPECT_EQ(deleted_at(), "[null,null]");
  Deliver(unread("w2", "10:00:01", R"("true")"));
  EXPECT_EQ(deleted_at(), R"(["2026-03-01T10:00:01.000Z",null])");
  Deliver(unread("w3", "10:00:02", "null"));
  EXPECT_EQ(deleted_at(), R"(["2026-03-01T10:00:01.000Z",null])");
  Deliver(unread("w4", "10:00:03", "1"));
  EXPECT_EQ(deleted_at(), R"(["2026-03-01T10:00:01.000Z",{"deleted":1}])");
  Deliver(unread("w5", "10:00:04", "false"));
  EXPECT_EQ(deleted_at(), "[null,null]");
}

TEST_P(StoreContractTest, DeletesByNameWhateverTheMemberSays) {
  EXPECT_EQ(Deliver(Body("KnowledgeBaseDelete", "w1", "10:00:00", R"("id":"k1","deleted":false)")), kStored);
  EXPECT_EQ(Select("knowledge_bases_all", "deleted_at"), R"(["2026-03-01T10:00:00.000Z"])");
  Deliver(Body("KnowledgeBaseUpdate", "w2", "10:00:01", R"("id":"k1")"));
  EXPECT_EQ(Select("knowledge_bases_all", "deleted_at"), R"(["2026-03-01T10:00:00.000Z"])");
  Deliver(Body("KnowledgeBaseUpdate", "w3", "10:00:02", R"("id":"k1","deleted":false)"));
  EXPECT_EQ(Select("knowledge_bases_all", "deleted_at"), "[null]");
}

TEST_P(StoreContractTest, CompletesATaskWithoutClearingWhatTheEventLacks) {
  InEveryOrder({Body("TaskCreate", "w1", "10:00:00", R"("id":"t1","title":"Call","body":"b")"),
                Body("TaskComplete", "w2", "11:00:00", R"("id":"t1","title":"Call","is_completed":"x")")},
               [&] {
                 EXPECT_EQ(Select("tasks_all", "title,body,is_completed,completed_at,extra"),
                           R"(["Call","b",true,"2026-03-01T11:00:00.000Z",{"is_completed":"x"}])");
               });
}

TEST_P(StoreContractTest, KeepsEachPlanChangeAsARowOfItsOwn) {
  const std::string body = R"({"type":"PLAN_CHANGE","appId":"a","newPlanId":"p"})";
  EXPECT_EQ(Deliver(body), kStored);
  EXPECT_EQ(Deliver(body), AckStatus::kDuplicate);
  EXPECT_EQ(Deliver(Body("PLAN_CHANGE", "w1", "10:00:00", R"("appId":"a","newPlanId":"q")")), kStored);
  EXPECT_EQ(Select("plan_changes", "new_plan_id"), "[\"p\"]\n[\"q\"]");
}

TEST_P(StoreContractTest, BelievesThePathWhereABodyNamesTheCreate) {
  const std::string body = Body("AppointmentCreate", "w1", "10:00:00", R"("appointment":{"id":"a1","title":"t"})");
  EXPECT_EQ(Deliver(body, "/webhooks/AppointmentDelete"), kStored);
  EXPECT_EQ(Select("appointments_all", "id,title,deleted_at"), R"(["a1","t","2026-03-01T10:00:00.000Z"])");
}

TEST_P(StoreContractTest, TakesTheTypeOfAPriceAsItsKind) {
  const std::string body =
      R"({"_id":"p1","product":"x","amount":5,"type":"recurring","timestamp":"2026-03-01T10:00:00Z"})";
  EXPECT_EQ(Deliver(body, "/webhooks/PriceUpdate"), kStored);
  EXPECT_EQ(Select("prices_all", "id,price_type,amount,extra"), R"(["p1","recurring",5,null])");
  // Two events may say so: without a path nothing tells which.
  EXPECT_EQ(Deliver(body), kStored);
  EXPECT_EQ(Select("prices_all", "id"), R"(["p1"])");
  EXPECT_EQ(SelectLog("type,entity"), "[\"PriceUpdate\",\"Price\"]\n[\"recurring\",null]");
}

}  // namespace
}  // namespace crmsink::contract
