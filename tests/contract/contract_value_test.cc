#include <string>
#include <utility>
#include <vector>

#include "contract_suite.h"

namespace crmsink::contract {
namespace {

std::string Contact(std::string_view webhook_id, std::string_view rest) {
  return Body("ContactUpdate", webhook_id, "10:00:00",
              R"("id":"c)" + std::string(webhook_id) + "\"," + std::string(rest));
}

// A value as sent, and what its column and `extra` hold afterwards.
struct Conversion {
  std::string sent;
  std::string column;
  std::string extra;
};

TEST_P(StoreContractTest, TurnsNulAndLoneSurrogatesIntoReplacementCharacters) {
  Deliver(R"({"type":"ContactUpdate","webhookId":"w\u0000","timestamp":"2026-03-01","id":"a\u0000b","name":"x\ud800y",)"
          R"("city":"\udc00\ud83d\ude00\ud800\u0041","tags":["t\u0000"],"k\u0000":"\u0000","source":"\ud800\ud800"})");
  EXPECT_EQ(
      Select("contacts_all", "id,name,city,source,extra,last_event_id"),
      "[\"a\uFFFDb\",\"x\uFFFDy\",\"\uFFFD\U0001F600\uFFFDA\",\"\uFFFD\uFFFD\",{\"k\uFFFD\":\"\uFFFD\"},\"w\uFFFD\"]");
  EXPECT_EQ(Select("contact_tags", "tag"), "[\"t\uFFFD\"]");
}

TEST_P(StoreContractTest, KeepsTextAsItIsAndEscapesItSparingly) {
  Deliver(Contact("1",
                  "\"name\":\"\\u00e9\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\",\"city\":\"<ü€😀>'; DROP TABLE "
                  "contacts;--\""));
  EXPECT_EQ(Select("contacts_all", "name,city"),
            "[\"é\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\",\"<ü€😀>'; DROP TABLE contacts;--\"]");
}

TEST_P(StoreContractTest, TakesTheLastOfDuplicateMembers) {
  Deliver(Contact("1", R"("name":"first","x":{"a":1,"a":2},"name":"last")"));
  EXPECT_EQ(Select("contacts_all", "name,extra"), R"(["last",{"x":{"a":2}}])");
}

TEST_P(StoreContractTest, TakesNumbersAndBooleansIntoTextAsWritten) {
  Deliver(Contact("1", R"("name":1.10,"city":1E+2,"state":true,"email":-0)"));
  EXPECT_EQ(Select("contacts_all", "name,city,state,email,extra"), R"(["1.10","1E+2","true","-0",null])");
}

TEST_P(StoreContractTest, TakesNumbersOfUpTo15Digits) {
  const std::vector<Conversion> conversions = {
      {"123456789012345", "123456789012345", "null"},
      {"1234567890123456", "null", R"({"monetaryValue":1234567890123456})"},
      {"0.123456789012345", "0.123456789012345", "null"},
      {"0.1234567890123456", "null", R"({"monetaryValue":0.1234567890123456})"},
      {"\"1234567890.12345000\"", "1234567890.12345", "null"},
      {"123456789012345000000", "123456789012345000000", "null"},
      {"9007199254740993", "null", R"({"monetaryValue":9007199254740993})"},
      {"1.10", "1.1", "null"},
      {"1e3", "1000", "null"},
      {"-0.0", "0", "null"},
      {"-1.5E-3", "-0.0015", "null"},
      {"1e300", "1" + std::string(300, '0'), "null"},
      {"1e-300", "0." + std::string(299, '0') + "1", "null"},
      {"9.5e300", "95" + std::string(299, '0'), "null"},
      {"1e301", "null", R"({"monetaryValue":"1e301"})"},
      {"9e-301", "null", R"({"monetaryValue":"9e-301"})"},
      {"1e99999999999", "null", R"({"monetaryValue":"1e99999999999"})"},
      {"0.00001e-2147483639", "null", R"({"monetaryValue":"0.00001e-2147483639"})"},
      {"0e99999999999", "0", "null"},
      {"\"12 \"", "null", R"({"monetaryValue":"12 "})"},
      {"\"+5\"", "null", R"({"monetaryValue":"+5"})"},
      {"\".5\"", "null", R"({"monetaryValue":".5"})"},
      {"\"05\"", "null", R"({"monetaryValue":"05"})"},
      {"\"Infinity\"", "null", R"({"monetaryValue":"Infinity"})"},
      {"true", "null", R"({"monetaryValue":true})"},
      {"[1]", "null", R"({"monetaryValue":[1]})"},
      {"{}", "null", R"({"monetaryValue":{}})"},
      {"\"\"", "null", "null"},
  };
  for (const auto& [sent, column, extra] : conversions) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Body("OpportunityUpdate", "w1", "10:00:00", R"("id":"o1","monetaryValue":)" + sent));
    EXPECT_EQ(Select("opportunities_all", "monetary_value,extra"), "[" + column + "," + extra + "]");
  }
}

TEST_P(StoreContractTest, TakesWholeNumbersIntoIntegerColumns) {
  const std::vector<Conversion> conversions = {
      {"2", "2", "null"},
      {"\"2\"", "2", "null"},
      {"2.0", "2", "null"},
      {"2e3", "2000", "null"},
      {"20e-1", "2", "null"},
      {"-0", "0", "null"},
      {"9223372036854775807", "9223372036854775807", "null"},
      {"-9223372036854775808", "-9223372036854775808", "null"},
      {"9223372036854775808", "null", R"({"messageTypeId":9223372036854775808})"},
      {"2.5", "null", R"({"messageTypeId":2.5})"},
      {"\"0x2\"", "null", R"({"messageTypeId":"0x2"})"},
      {"false", "null", R"({"messageTypeId":false})"},
      {"1e400", "null", R"({"messageTypeId":"1e400"})"},
  };
  for (const auto& [sent, column, extra] : conversions) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Body("InboundMessage", "w1", "10:00:00", R"("messageId":"m1","messageTypeId":)" + sent));
    EXPECT_EQ(Select("messages_all", "message_type_id,extra"), "[" + column + "," + extra + "]");
  }
}

TEST_P(StoreContractTest, TakesBooleansAndTheirTwoWords) {
  const std::vector<Conversion> conversions = {
      {"true", "true", "null"},      {"\"false\"", "false", "null"},
      {"1", "null", R"({"dnd":1})"}, {"\"True\"", "null", R"({"dnd":"True"})"},
      {"\"\"", "null", "null"},
  };
  for (const auto& [sent, column, extra] : conversions) {
    SCOPED_TRACE(sent);
    Restart();
    Deliver(Contact("1", "\"dnd\":" + sent));
    EXPECT_EQ(Select("contacts_all", "dnd,extra"), "[" + column + "," + extra + "]");
  }
}

// `text` with each `long_one` as `name`, so that a failure can be read.
std::string Shorten(std::string text, const std::string& long_one, const std::string& name) {
  for (std::size_t at = text.find(long_one); at != std::string::npos; at = text.find(long_one, at + name.size())) {
    text.replace(at, long_one.size(), name);
  }
  return text;
}

const std::string k255Bytes = "\"" + std::string(253, 'k') + "é\"";
const std::string k256Bytes = "\"" + std::string(254, 'k') + "é\"";

std::string Shorten(std::string text) { return Shorten(Shorten(std::move(text), k256Bytes, "256"), k255Bytes, "255"); }

TEST_P(StoreContractTest, LimitsKeysAndIndexedTextTo255Bytes) {
  Deliver(Contact("1", "\"email\":" + k255Bytes + ",\"name\":" + k256Bytes + ",\"tags\":[" + k255Bytes + "]"));
  Deliver(Contact("2", "\"email\":" + k256Bytes + ",\"tags\":[" + k256Bytes + ",\"a\"]"));
  EXPECT_EQ(Shorten(Select("contacts_all", "email,name,extra")),
            "[255,256,null]\n[null,null,{\"email\":256,\"tags\":[256]}]");
  EXPECT_EQ(Shorten(Select("contact_tags", "contact_id,position,tag")), "[\"c1\",0,255]\n[\"c2\",1,\"a\"]");
}

TEST_P(StoreContractTest, KeepsALocationBesideTheOneOfTheEventInExtra) {
  Deliver(Body("LocationUpdate", "w1", "10:00:00", R"("id":"l1","locationId":"l2")"));
  Deliver(Body("LocationUpdate", "w2", "10:00:00", R"("id":"l3","locationId":"l3")"));
  EXPECT_EQ(SelectLog("location_id"), "[\"l1\"]\n[\"l3\"]");
  EXPECT_EQ(Select("locations_all", "id,extra"), R"(["l1",{"locationId":"l2"}])"
                                                 "\n"
                                                 R"(["l3",null])");
}

TEST_P(StoreContractTest, LimitsTheLocationTo255Bytes) {
  Deliver(Contact("1", "\"locationId\":" + k255Bytes));
  Deliver(Contact("2", "\"locationId\":" + k256Bytes));
  EXPECT_EQ(Shorten(Select("contacts_all", "location_id,extra")), "[255,null]\n[null,{\"locationId\":256}]");
  EXPECT_EQ(Shorten(SelectLog("location_id")), "[255]\n[null]");
}

TEST_P(StoreContractTest, WritesExtraCanonically) {
  Deliver(Contact("1", R"("x":{"b":1.10,"a":[1e3,-0,1E-7,"\u00e9",1e301,-2.5e-301,true,null],"":{}},"é":1,"z":2)"));
  EXPECT_EQ(Select("contacts_all", "extra"),
            R"([{"x":{"":{},"a":[1000,0,0.0000001,"é","1e301","-2.5e-301",true,null],"b":1.1},"z":2,"é":1}])");
}

TEST_P(StoreContractTest, ReadsMembersAndNeverPathsFromNamesWithDots) {
  Deliver(Body("InvoiceUpdate", "w1", "10:00:00", R"("_id":"i1","contactDetails.id":"c1","discount":{"a.b":1})"));
  EXPECT_EQ(Select("invoices_all", "contact_id,extra"), R"([null,{"contactDetails.id":"c1","discount":{"a.b":1}}])");
}

TEST_P(StoreContractTest, LeavesColumnsAloneWhereAScalarStandsForTheirObject) {
  const std::string first = Body("InvoiceCreate", "w1", "10:00:00",
                                 R"("_id":"i1","totalSummary":{"subTotal":5,"tax":1,"fee":2},)"
                                 R"("contactDetails":{"address":{"city":"Ulm"},"customFields":["a"]})");
  InEveryOrder({first, Body("InvoiceUpdate", "w2", "11:00:00", R"("_id":"i1","totalSummary":7,"contactDetails":[])")},
               [&] {
                 EXPECT_EQ(Select("invoices_all", "subtotal,tax_total,contact_city,extra"),
                           R"([5,1,"Ulm",{"contactDetails":[],"totalSummary":7}])");
                 EXPECT_EQ(Select("invoice_contact_custom_fields", "value_json"), R"(["a"])");
               });
  for (const char* nothing : {"null", "\"\""}) {
    SCOPED_TRACE(nothing);
    InEveryOrder(
        {first, Body("InvoiceUpdate", "w2", "11:00:00",
                     R"("_id":"i1","totalSummary":)" + std::string(nothing) + R"(,"contactDetails":)" + nothing)},
        [&] {
          EXPECT_EQ(Select("invoices_all", "subtotal,tax_total,contact_city,extra"), "[null,null,null,null]");
          EXPECT_EQ(Select("invoice_contact_custom_fields", "value_json"), "");
        });
  }
  InEveryOrder({first, Body("InvoiceUpdate", "w2", "11:00:00",
                            R"("_id":"i1","totalSummary":{"tax":null},"contactDetails":{"address":null})")},
               [&] {
                 EXPECT_EQ(Select("invoices_all", "subtotal,tax_total,contact_city,extra"), "[5,null,null,null]");
                 EXPECT_EQ(Select("invoice_contact_custom_fields", "value_json"), R"(["a"])");
               });
}

TEST_P(StoreContractTest, TakesAnAddressThatIsAnObjectAsItsJson) {
  Deliver(Body("InvoiceUpdate", "w1", "10:00:00",
               R"("_id":"i1","businessDetails":{"address":{"zip":1.0,"city":"Ulm"},"x":[]})"));
  EXPECT_EQ(Select("invoices_all", "business_address,extra"),
            R"(["{\"city\":\"Ulm\",\"zip\":1}",{"businessDetails":{"x":[]}}])");
}

TEST_P(StoreContractTest, TakesTheFirstOfSeveralSourcesNullIncluded) {
  const auto message = [&](const char* id, const std::string& rest) {
    Deliver(Body("InboundMessage", id, "10:00:00", R"("messageId":")" + std::string(id) + "\"," + rest));
  };
  message("1", R"("body":"a","message":"b")");
  message("2", R"("body":"a","message":"a")");
  message("3", R"("body":null,"message":"b")");
  message("4", R"("body":"","message":null)");
  message("5", R"("message":"b")");
  message("6", R"("body":5,"message":"5")");
  EXPECT_EQ(Select("messages_all", "id,body,extra"),
            "[\"1\",\"a\",{\"message\":\"b\"}]\n"
            "[\"2\",\"a\",null]\n"
            "[\"3\",null,{\"message\":\"b\"}]\n"
            "[\"4\",null,null]\n"
            "[\"5\",\"b\",null]\n"

            "[\"6\",\"5\",null]");
}

TEST_P(StoreContractTest, LeavesASourceBesideOneThatDoesNotFitToExtra) {
  Deliver(Body("InboundMessage", "w1", "10:00:00", R"("messageId":"1","body":{"x":1},"message":null)"));
  Deliver(Body("InboundMessage", "w2", "10:00:00", R"("messageId":"2","body":{"x":1},"message":"a")"));
  EXPECT_EQ(Select("messages_all", "id,body,extra"),
            "[\"1\",null,{\"body\":{\"x\":1},\"message\":null}]\n"
            "[\"2\",null,{\"body\":{\"x\":1},\"message\":\"a\"}]");
}

}  // namespace
}  // namespace crmsink::contract
