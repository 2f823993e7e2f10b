#include <string>

#include "contract_suite.h"

namespace crmsink::contract {
namespace {

std::string Contact(std::string_view rest) {
  return Body("ContactUpdate", "w1", "10:00:00", R"("id":"c1",)" + std::string(rest));
}

std::string Message(std::string_view webhook_id, std::string_view clock, std::string_view rest) {
  return Body("OutboundMessage", webhook_id, clock, R"("messageId":"m1",)" + std::string(rest));
}

std::string Invoice(std::string_view webhook_id, std::string_view clock, std::string_view rest) {
  return Body("InvoiceUpdate", webhook_id, clock, R"("_id":"i1",)" + std::string(rest));
}

std::string Numbers(int count) {
  std::string list;
  for (int i = 0; i < count; ++i) list += (i == 0 ? "" : ",") + std::to_string(i);
  return "[" + list + "]";
}

TEST_P(StoreContractTest, KeysTagsByTheirTextAndLeavesWhatIsNoneInItsPlace) {
  Deliver(Contact(R"("tags":["a",5,"b",null,"5",{"x":1},"a","",["y"],true])"));
  EXPECT_EQ(Select("contact_tags", "position,tag"), "[4,\"5\"]\n[6,\"a\"]\n[2,\"b\"]\n[9,\"true\"]");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"tags":[null,null,null,null,null,{"x":1},null,"",["y"]]}])");
}

TEST_P(StoreContractTest, LeavesANullTagAtTheEndOfTheList) {
  Deliver(Contact(R"("tags":["a",null])"));
  EXPECT_EQ(Select("contact_tags", "position,tag"), R"([0,"a"])");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"tags":[null,null]}])");
}

TEST_P(StoreContractTest, ClearsAListThatIsNoneAndKeepsTheValue) {
  for (const std::string sent : {"\"a\"", "5", "{\"a\":1}", "true"}) {
    SCOPED_TRACE(sent);
    InEveryOrder({Body("ContactCreate", "w1", "09:00:00", R"("id":"c1","tags":["a"])"),
                  Body("ContactUpdate", "w2", "10:00:00", R"("id":"c1","tags":)" + sent)},
                 [&] {
                   EXPECT_EQ(Select("contact_tags", "tag"), "");
                   EXPECT_EQ(Select("contacts_all", "extra"), "[{\"tags\":" + sent + "}]");
                 });
  }
}

TEST_P(StoreContractTest, TakesCustomFieldValuesOfAnyType) {
  Deliver(
      Contact(R"("customFields":[{"id":"f1","value":"x"},{"id":"f2","value":1.10},{"id":"f3","value":["a",{"b":2}]},)"
              R"({"id":"f4","value":null},{"id":"f5","value":"","fieldKey":"k"},{"id":"f1","value":true},)"
              R"({"value":"no id"},"text",{"id":7}])"));
  EXPECT_EQ(Select("contact_custom_fields", "custom_field_id,position,value,value_json"),
            "[\"7\",8,null,null]\n"
            "[\"f1\",5,\"true\",true]\n"
            "[\"f2\",1,\"1.10\",1.1]\n"
            "[\"f3\",2,null,[\"a\",{\"b\":2}]]\n"
            "[\"f4\",3,null,null]\n"
            "[\"f5\",4,null,null]");
  EXPECT_EQ(Select("contacts_all", "extra"),
            R"([{"customFields":[null,null,null,null,{"fieldKey":"k"},null,{"value":"no id"},"text"]}])");
}

TEST_P(StoreContractTest, TakesAMapByTheNamesOfItsMembers) {
  Deliver(Contact(R"("dndSettings":{"SMS":{"status":"active","code":103},"":{"status":"x"},"FB":{},)"
                  R"("Email":{"status":"inactive","by":"u1"}})"));
  EXPECT_EQ(Select("contact_dnd_settings", "channel,dnd_status,message,code"),
            "[\"Email\",\"inactive\",null,null]\n"
            "[\"FB\",null,null,null]\n"
            "[\"SMS\",\"active\",null,\"103\"]");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"dndSettings":{"":{"status":"x"},"Email":{"by":"u1"}}}])");
}

TEST_P(StoreContractTest, LeavesWhatIsNoObjectInAMapToExtra) {
  Deliver(Contact(R"("dndSettings":{"SMS":"off","Call":null,"FB":"","Email":[]})"));
  EXPECT_EQ(Select("contact_dnd_settings", "channel"), "");
  EXPECT_EQ(Select("contacts_all", "extra"), R"([{"dndSettings":{"Call":null,"Email":[],"FB":"","SMS":"off"}}])");
}

TEST_P(StoreContractTest, TakesNoListForAMapAndNoMapForAList) {
  InEveryOrder(
      {Body("ContactDndUpdate", "w1", "09:00:00",
            R"("id":"c1","dndSettings":{"SMS":{"status":"active"}},"customFields":[{"id":"f1"}])"),
       Body("ContactUpdate", "w2", "10:00:00", R"("id":"c1","dndSettings":[{}],"customFields":{"f":{"id":"f2"}})")},
      [&] {
        EXPECT_EQ(Select("contact_dnd_settings", "channel"), "");
        EXPECT_EQ(Select("contact_custom_fields", "custom_field_id"), "");
        EXPECT_EQ(Select("contacts_all", "extra"), R"([{"customFields":{"f":{"id":"f2"}},"dndSettings":[{}]}])");
      });
}

TEST_P(StoreContractTest, TakesAttachmentsAsTextsAsObjectsAndAsAListInAText) {
  const char* rows =
      "[0,\"u1\",null]\n[1,\"u2\",{\"size\":1,\"url\":\"u2\"}]\n[2,null,[1]]\n[3,null,null]\n[4,\"5\",5]";
  Deliver(Contact(R"("attachments":["u1",{"url":"u2","size":1},[1],null,5])"));
  EXPECT_EQ(Select("contact_attachments", "position,url,value_json"), rows);
  EXPECT_EQ(Select("contacts_all", "extra"), "[null]");
  Restart();
  Deliver(Contact(R"("attachments":"[\"u1\",{\"url\":\"u2\",\"size\":1},[1],null,5] ")"));
  EXPECT_EQ(Select("contact_attachments", "position,url,value_json"), rows);
  EXPECT_EQ(Select("contacts_all", "extra"), "[null]");
  for (const std::string sent : {R"("u1")", R"("[\"u1\"")", R"("{\"a\":1}")"}) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Contact("\"attachments\":" + sent));
    EXPECT_EQ(Select("contact_attachments", "url"), "");
    EXPECT_EQ(Select("contacts_all", "extra"), "[{\"attachments\":" + sent + "}]");
  }
}

TEST_P(StoreContractTest, TakesRecipientsAsOneTextOrAsAList) {
  Deliver(Message("w1", "10:00:00", R"("to":"a@x","cc":["b@x","c@x"],"bcc":7)"));
  EXPECT_EQ(Select("message_recipients", "message_id,kind,position,address"),
            "[\"m1\",\"bcc\",0,\"7\"]\n"
            "[\"m1\",\"cc\",0,\"b@x\"]\n"
            "[\"m1\",\"cc\",1,\"c@x\"]\n"
            "[\"m1\",\"to\",0,\"a@x\"]");
  EXPECT_EQ(Select("messages_all", "to_address,extra"), R"(["a@x",null])");
}

TEST_P(StoreContractTest, TakesTheFirstOfAListAsTheAddress) {
  const auto address = [&](const std::string& to) {
    Restart();
    Deliver(Message("w1", "10:00:00", to));
    return Select("messages_all", "to_address,extra");
  };
  EXPECT_EQ(address(R"("to":["a@x","b@x"])"), R"(["a@x",null])");
  EXPECT_EQ(address(R"("to":[])"), "[null,null]");
  EXPECT_EQ(address(R"("emailTo":["a@x"])"), R"(["a@x",null])");
  EXPECT_EQ(address(R"("to":[{"x":1},"b@x"])"), R"([null,{"to":[{"x":1}]}])");
  EXPECT_EQ(Select("message_recipients", "kind,position,address"), "[\"to\",0,null]\n[\"to\",1,\"b@x\"]");
  EXPECT_EQ(address(R"("to":{"x":1})"), R"([null,{"to":{"x":1}}])");
  EXPECT_EQ(address(R"("phone":["+1"])"), R"(["+1",{"phone":["+1"]}])");
  EXPECT_EQ(address(R"("to":"a","emailTo":"a","phone":"a")"), R"(["a",null])");
  EXPECT_EQ(address(R"("to":"a","emailTo":["a"],"phone":"b")"), R"(["a",{"phone":"b"}])");
  EXPECT_EQ(address(R"("to":"a","emailTo":["a","b"])"), R"(["a",{"emailTo":["a","b"]}])");
  EXPECT_EQ(address(R"("to":["a","b"],"emailTo":"a")"), R"(["a",null])");
}

TEST_P(StoreContractTest, ReplacesRecipientsByMember) {
  InEveryOrder({Message("w1", "10:00:00", R"("to":["a"],"cc":["b"],"bcc":["c"])"),
                Message("w2", "11:00:00", R"("cc":["d","e"],"bcc":null)")},
               [&] {
                 EXPECT_EQ(Select("message_recipients", "kind,position,address"),
                           "[\"cc\",0,\"d\"]\n[\"cc\",1,\"e\"]\n[\"to\",0,\"a\"]");
                 EXPECT_EQ(Select("messages_all", "to_address"), R"(["a"])");
               });
}

TEST_P(StoreContractTest, LetsTheFirstDeclaredOfTwoMembersFeedTheRows) {
  Deliver(Message("w1", "10:00:00", R"("cc":["b"],"ccList":["a"],"bccList":["x"],"bcc":"x")"));
  EXPECT_EQ(Select("message_recipients", "kind,position,address"), "[\"bcc\",0,\"x\"]\n[\"cc\",0,\"a\"]");
  EXPECT_EQ(Select("messages_all", "extra"), R"([{"cc":["b"]}])");
  Restart();
  Deliver(Message("w1", "10:00:00", R"("ccList":null,"cc":["b"],"bccList":[],"bcc":"")"));
  EXPECT_EQ(Select("message_recipients", "kind,position,address"), "");
  EXPECT_EQ(Select("messages_all", "extra"), R"([{"cc":["b"]}])");
}

TEST_P(StoreContractTest, KeepsAnUnusedMemberBesideOneThatIsNoList) {
  Deliver(Message("w1", "10:00:00", R"("bccList":{"x":1},"bcc":[{"x":1},"a"])"));
  EXPECT_EQ(Select("message_recipients", "address"), "");
  EXPECT_EQ(Select("messages_all", "extra"), R"([{"bcc":[{"x":1},"a"],"bccList":{"x":1}}])");
  Restart();
  Deliver(Message("w1", "10:00:00", R"("bccList":{"x":1},"bcc":null)"));
  EXPECT_EQ(Select("messages_all", "extra"), R"([{"bcc":null,"bccList":{"x":1}}])");
}

TEST_P(StoreContractTest, KeepsAnUnusedMemberBesideAListWithAnElementThatDoesNotFit) {
  Deliver(Message("w1", "10:00:00", R"("to":[{"x":1},"a"],"emailTo":[null,"a"],"cc":[null],"ccList":[[]])"));
  EXPECT_EQ(Select("message_recipients", "kind,position,address"),
            "[\"cc\",0,null]\n[\"to\",0,null]\n[\"to\",1,\"a\"]");
  EXPECT_EQ(Select("messages_all", "to_address,extra"),
            R"([null,{"cc":[null],"ccList":[[]],"emailTo":[null,"a"],"to":[{"x":1}]}])");
}

TEST_P(StoreContractTest, FoldsTheTaxesOfItems) {
  const std::string items =
      R"("invoiceItems":[{"_id":"a","qty":2,"taxes":[{"_id":"t1","rate":19,"k":1},{"taxId":"t2"}]},)"
      R"({"name":"b","taxes":[]},5,null,{"name":"c","taxes":{"x":1},"y":2},{"taxes":[null,6]}])";
  InEveryOrder({Invoice("w1", "10:00:00", items), Invoice("w2", "11:00:00", R"("status":"sent")")}, [&] {
    EXPECT_EQ(Select("invoice_items", "invoice_id,position,item_id,name,quantity"),
              "[\"i1\",0,\"a\",null,2]\n"
              "[\"i1\",1,null,\"b\",null]\n"
              "[\"i1\",2,null,null,null]\n"
              "[\"i1\",3,null,null,null]\n"
              "[\"i1\",4,null,\"c\",null]\n"
              "[\"i1\",5,null,null,null]");
    EXPECT_EQ(Select("invoice_item_taxes", "item_position,position,tax_id,rate"),
              "[0,0,\"t1\",19]\n"
              "[0,1,\"t2\",null]\n"
              "[5,0,null,null]\n"
              "[5,1,null,null]");
    EXPECT_EQ(
        Select("invoices_all", "status,extra"),
        R"(["sent",{"invoiceItems":[{"taxes":[{"k":1}]},null,5,null,{"taxes":{"x":1},"y":2},{"taxes":[null,6]}]}])");
  });
}

TEST_P(StoreContractTest, TakesANestedListThatIsNullOrAnEmptyTextAsEmpty) {
  Deliver(Invoice("w1", "10:00:00", R"("invoiceItems":[{"taxes":null},{"taxes":""},{"taxes":[]}])"));
  EXPECT_EQ(Select("invoice_items", "position"), "[0]\n[1]\n[2]");
  EXPECT_EQ(Select("invoice_item_taxes", "position"), "");
  EXPECT_EQ(Select("invoices_all", "extra"), "[null]");
}

TEST_P(StoreContractTest, ReplacesTaxesTogetherWithTheirItems) {
  InEveryOrder({Invoice("w1", "10:00:00", R"("invoiceItems":[{"taxes":[{"rate":19}]},{"taxes":[{"rate":7}]}])"),
                Invoice("w2", "11:00:00", R"("invoiceItems":[{"name":"b"}])")},
               [&] {
                 EXPECT_EQ(Select("invoice_items", "position,name"), R"([0,"b"])");
                 EXPECT_EQ(Select("invoice_item_taxes", "rate"), "");
               });
  InEveryOrder({Invoice("w1", "10:00:00", R"("invoiceItems":[{"taxes":[{"rate":19}]}])"),
                Invoice("w2", "11:00:00", R"("invoiceItems":"none")")},
               [&] {
                 EXPECT_EQ(Select("invoice_items", "position"), "");
                 EXPECT_EQ(Select("invoice_item_taxes", "rate"), "");
                 EXPECT_EQ(Select("invoices_all", "extra"), R"([{"invoiceItems":"none"}])");
               });
}

TEST_P(StoreContractTest, SortsPositionsByTheirValue) {
  Deliver(Invoice("w1", "10:00:00", R"("contactDetails":{"customFields":)" + Numbers(12) + "}"));
  std::string expected;
  for (int i = 0; i < 12; ++i) {
    expected += (i == 0 ? "[" : "\n[") + std::to_string(i) + "," + std::to_string(i) + "]";
  }
  EXPECT_EQ(Select("invoice_contact_custom_fields", "position,value_json"), expected);
}

TEST_P(StoreContractTest, TakesListsUnderPositionsWithTheirHoles) {
  Deliver(Invoice("w1", "10:00:00",
                  R"("contactDetails":{"customFields":[null,"",{"a":[]}],)"
                  R"("additionalEmails":[{"email":"a@x","k":1},null,"b@x"]},)"
                  R"("discount":{"validOnProductIds":["p1",null,{"x":1}]})"));
  EXPECT_EQ(Select("invoice_contact_custom_fields", "position,value_json"), "[0,null]\n[1,null]\n[2,{\"a\":[]}]");
  EXPECT_EQ(Select("invoice_contact_emails", "position,email"), "[0,\"a@x\"]\n[1,null]\n[2,null]");
  EXPECT_EQ(Select("invoice_discount_products", "position,product_id"), "[0,\"p1\"]\n[1,null]\n[2,null]");
  EXPECT_EQ(Select("invoices_all", "extra"), R"([{"contactDetails":{"additionalEmails":[{"k":1},null,"b@x"]},)"
                                             R"("discount":{"validOnProductIds":[null,null,{"x":1}]}}])");
}

TEST_P(StoreContractTest, GivesAListOf10000RowsAndLeavesALongerOneToExtra) {
  Deliver(Contact("\"tags\":" + Numbers(10'000)));
  EXPECT_EQ(Select("contact_tags", "tag,position").substr(0, 25), "[\"0\",0]\n[\"1\",1]\n[\"10\",10]");
  EXPECT_EQ(Select("contacts_all", "extra"), "[null]");
  Deliver(Body("ContactUpdate", "w2", "11:00:00", R"("id":"c1","tags":)" + Numbers(10'001)));
  EXPECT_EQ(Select("contact_tags", "tag"), "");
  EXPECT_EQ(Select("contacts_all", "extra"), "[{\"tags\":" + Numbers(10'001) + "}]");
}

TEST_P(StoreContractTest, LeavesOnlyTheLongListOfOneElementToExtra) {
  Deliver(
      Invoice("w1", "10:00:00",
              R"("invoiceItems":[{"name":"a","taxes":)" + Numbers(10'001) + R"(},{"name":"b","taxes":[{"rate":7}]}])"));
  EXPECT_EQ(Select("invoice_items", "position,name"), "[0,\"a\"]\n[1,\"b\"]");
  EXPECT_EQ(Select("invoice_item_taxes", "item_position,position,rate"), "[1,0,7]");
  EXPECT_EQ(Select("invoices_all", "extra"), R"([{"invoiceItems":[{"taxes":)" + Numbers(10'001) + "}]}]");
}

TEST_P(StoreContractTest, KeepsAFactWithItsListsAndItsExtra) {
  Deliver(
      R"({"type":"LCEmailStats","webhookId":"w1","locationId":"l1","webhookPayload":{"event":"delivered","id":"p1",)"
      R"("timestamp":1726212700.959,"log-level":"info","flags":{"is-routed":"true","is-big":0},)"
      R"("delivery-status":{"code":250,"attempt-no":"1","session-seconds":0.5,"utf8":true,"description":""},)"
      R"("message":{"headers":{"message-id":"h1","subject":"Hi"},"attachments":[{"n":1}],"size":12},)"
      R"("tags":["loc_1",2],"campaigns":["",{"b":1,"a":2}],"geolocation":{"city":"Ulm"}}})");
  EXPECT_EQ(Select("email_events",
                   "id,location_id,event_type,provider_event_id,occurred_at,log_level,is_routed,is_big,"
                   "message_header_id,message_size,attempt_number,smtp_code,smtp_description,"
                   "session_seconds,is_utf8"),
            R"(["w1","l1","delivered","p1","2024-09-13T07:31:40.959Z","info",true,null,"h1",12,1,250,null,0.5,true])");
  EXPECT_EQ(Select("email_events", "extra"), R"([{"webhookPayload":{"flags":{"is-big":0},"geolocation":{"city":"Ulm"},)"
                                             R"("message":{"headers":{"subject":"Hi"}}}}])");
  EXPECT_EQ(Select("email_event_tags", "email_event_id,position,tag"), "[\"w1\",0,\"loc_1\"]\n[\"w1\",1,\"2\"]");
  EXPECT_EQ(Select("email_event_campaigns", "position,campaign"), "[0,null]\n[1,{\"a\":2,\"b\":1}]");
  EXPECT_EQ(Select("email_event_attachments", "position,attachment"), R"([0,{"n":1}])");
  EXPECT_EQ(SelectLog("occurred_at,entity_id"), R"(["2024-09-13T07:31:40.959Z","w1"])");
}

}  // namespace
}  // namespace crmsink::contract
