// Bodies that are no JSON, and JSON that is hard to take. Signed by the right key, so none of them may be lost.
#include "hostile/hostile_fixture.h"

namespace crmsink::hostile {
namespace {

constexpr Kept kLog = Kept::kLog, kQuarantine = Kept::kQuarantine;

// A name and a text for each; every one is signed, odd, and ends in quarantine.
std::vector<BadInput> NoJson() {
  const std::vector<std::pair<std::string, std::string>> texts = {
      {"J02EmptyBody", ""},
      {"J03CutAfterAColon", R"({"type":"ContactCreate","id":)"},
      {"J03CutInAText", R"({"type":"ContactCreate","id":"c1)"},
      {"J03CutAfterABackslash", R"({"type":"ContactCreate","id":"c1\)"},
      {"J03CutBeforeTheLastBrace", Contact("").substr(0, Contact("").size() - 1)},
      {"J03CutInANumber", R"({"type":"ContactCreate","id":"c1","total":1)"},
      {"J05TwoObjects", Contact("") + Contact("", "w2")},
      {"J05TwoObjectsInLines", Contact("") + "\n" + Contact("", "w2") + "\n"},
      {"J05ANumberBehind", Contact("") + " 1"},
      {"J05ABraceBehind", Contact("") + "}"},
      {"J05ACommaBehind", Contact("") + ","},
      {"J05AZeroByteBehind", Contact("") + std::string(1, '\0')},
      {"J06TwoByteOrderMarks", "\xEF\xBB\xBF\xEF\xBB\xBF" + Contact("")},
      {"J06AByteOrderMarkBehind", Contact("") + "\xEF\xBB\xBF"},
      {"J06ByteOrderMarkAlone", "\xEF\xBB\xBF"},
      {"J06Utf16", std::string("\xFF\xFE{\0}\0", 6)},
      {"J08NotUtf8", Contact(",\"firstName\":\"\xff\xfe\"")},
      {"J08NotUtf8InAKey", Contact(",\"first\xffName\":\"x\"")},
      {"J08CutCharacter", Contact(",\"firstName\":\"\xe2\x82\"")},
      {"J08NotUtf8BetweenTokens", Contact(",\xc3\xa9\"firstName\":\"x\"")},
      {"J09OverlongZero", Contact(",\"firstName\":\"\xc0\x80\"")},
      {"J09OverlongSlash", Contact(",\"firstName\":\"\xe0\x80\xaf\"")},
      {"J09SurrogatesInUtf8", Contact(",\"firstName\":\"\xed\xa0\x80\xed\xb0\x80\"")},
      {"J09BeyondUnicode", Contact(",\"firstName\":\"\xf4\x90\x80\x80\"")},
      {"J14ControlCharacter", Contact(",\"firstName\":\"a\x01z\"")},
      {"J14RawTab", Contact(",\"firstName\":\"a\tz\"")},
      {"J14RawLineBreak", Contact(",\"firstName\":\"a\nz\"")},
      {"J14RawZero", Contact(",\"firstName\":\"a" + std::string(1, '\0') + "z\"")},
      {"J14FormFeedBetweenTokens", Contact(",\f\"firstName\":\"x\"")},
      {"J26AList", "[" + Contact("") + "," + Contact("", "w2") + "]"},
      {"J26AnEmptyList", "[]"},
      {"J27ANumber", "42"},
      {"J27AText", R"("ContactCreate")"},
      {"J27Null", "null"},
      {"J27True", "true"},
      {"TrailingComma", Contact(",")},
      {"TrailingCommaInAList", Contact(R"(,"tags":["a",])")},
      {"MissingComma", Contact(R"(,"firstName":"a" "lastName":"b")")},
      {"MissingCommaInAList", Contact(R"(,"tags":["a" "b"])")},
      {"MissingColon", Contact(R"(,"firstName" "a")")},
      {"MissingValue", Contact(R"(,"firstName":,"lastName":"b")")},
      {"CommaFirst", "{,\"type\":\"ContactCreate\",\"id\":\"c1\"}"},
      {"KeyWithoutQuotes", Contact(",firstName:\"a\"")},
      {"NumberAsAKey", Contact(",1:\"a\"")},
      {"SingleQuotes", Contact(",'firstName':'a'")},
      {"Comment", Contact("/* new */")},
      {"WrongBracket", Contact(R"(,"tags":["a"})")},
      {"BracketTooMany", Contact(R"(,"tags":["a"]])")},
      {"UnknownEscape", Contact(R"(,"firstName":"\x41")")},
      {"ShortUnicodeEscape", Contact(R"(,"firstName":"\u12")")},
      {"UnicodeEscapeWithoutDigits", Contact(R"(,"firstName":"\u12G4")")},
      {"UnknownWord", Contact(R"(,"firstName":nil)")},
      {"WordCutShort", Contact(R"(,"dnd":tru)")},
      {"WordTooLong", Contact(R"(,"dnd":truee)")},
      {"WordInCapitals", Contact(R"(,"dnd":True)")},
      {"SpacesAlone", "   \r\n\t "},
  };
  std::vector<BadInput> all;
  for (const auto& [name, text] : texts) {
    all.push_back({name, {Text(text, kQuarantine)}, {{"SELECT count(*) FROM contacts_all", "0"}}});
  }
  return all;
}

std::vector<BadInput> NoNumber() {
  const std::vector<std::pair<std::string, std::string>> tokens = {
      {"NaN", "NaN"},
      {"Infinity", "Infinity"},
      {"MinusInfinity", "-Infinity"},
      {"Hexadecimal", "0x10"},
      {"PlusSign", "+1"},
      {"LeadingZero", "01"},
      {"MinusLeadingZero", "-01"},
      {"MinusAlone", "-"},
      {"PointLast", "1."},
      {"PointFirst", ".5"},
      {"ExponentEmpty", "1e"},
      {"ExponentSignAlone", "1e+"},
      {"TwoMinuses", "--1"},
      {"Underscore", "1_000"},
      {"TwoPoints", "1.2.3"},
      {"TwoExponents", "1e2e3"},
      {"LetterBehind", "12a"},
      {"Fullwidth", "\xef\xbc\x91"},
      {"PointInExponent", "1e2.5"},
  };
  std::vector<BadInput> all;
  for (const auto& [name, token] : tokens) {
    all.push_back({"J21" + name, {Text(Opportunity(",\"monetaryValue\":" + token), kQuarantine)}, {}});
    all.push_back({"J21" + name + "InExtra", {Text(Opportunity(",\"custom\":[" + token + "]"), kQuarantine)}, {}});
  }
  return all;
}

std::vector<BadInput> OddTexts() {
  return {
      {"J06ByteOrderMark",
       {Text("\xEF\xBB\xBF" + Contact(R"(,"firstName":"Ann")"))},
       {{"SELECT first_name FROM contacts", "Ann"}, {"SELECT extra FROM contacts", "NULL"}}},
      {"J11ZeroCharacterInIdAndKey",
       {Text(R"({"type":"ContactCreate","timestamp":"2025-10-01T10:00:00Z","webhookId":"w\u0000","id":"a\u0000b",)"
             R"("k\u0000":"v\u0000w","firstName":"x\u0000y","tags":["t\u0000"]})")},
       {{"SELECT hex(id) FROM contacts", "61EFBFBD62"},
        {"SELECT hex(entity_id) FROM events", "61EFBFBD62"},
        {"SELECT hex(event_id) FROM events", "77EFBFBD"},
        {"SELECT first_name FROM contacts", "x\xEF\xBF\xBDy"},
        {"SELECT tag FROM contact_tags", "t\xEF\xBF\xBD"},
        {"SELECT extra FROM contacts", "{\"k\xEF\xBF\xBD\":\"v\xEF\xBF\xBDw\"}"}}},
      {"J12HalfASurrogatePair",
       {Text(Contact(R"(,"firstName":"\ud800","lastName":"\udc00x","city":"\ud83d\ude00","state":"\ud83d\ud83d\ude00",)"
                     R"("country":"\\ud800","note":["\uDFFF"])"))},
       {{"SELECT first_name FROM contacts", "\xEF\xBF\xBD"},
        {"SELECT last_name FROM contacts", "\xEF\xBF\xBDx"},
        {"SELECT city FROM contacts", "\xF0\x9F\x98\x80"},
        {"SELECT state FROM contacts", "\xEF\xBF\xBD\xF0\x9F\x98\x80"},
        {"SELECT country FROM contacts", "\\ud800"},
        {"SELECT extra FROM contacts", "{\"note\":[\"\xEF\xBF\xBD\"]}"}}},
      {"J14DeleteCharacterIsJson",
       {Text(Contact(",\"firstName\":\"a\x7fz\""))},
       {{"SELECT first_name FROM contacts", "a\x7fz"}}},
      {"J29PrettyPrinted",
       {Text(Contact(R"(,"firstName":"Ann")")),
        Text("{\r\n  \"id\" : \"c1\",\r\n\t\"lastName\" : \"Lee\" ,\r\n  \"timestamp\":\"2025-10-01T11:00:00Z\",\r\n"
             "  \"webhookId\" : \"w2\",\r\n  \"type\" : \"ContactUpdate\"\r\n}\r\n")},
       {{"SELECT first_name || ' ' || last_name FROM contacts", "Ann Lee"}, {"SELECT count(*) FROM contacts", "1"}}},
      {"J30KeysThatLookLikeSomething",
       {Text(
           R"({"type":"InvoiceCreate","webhookId":"w1","timestamp":"2025-10-01T10:00:00Z","_id":"i1","__proto__":1,)"
           R"("constructor":{"prototype":2},"":3,"contactDetails.id":4,"a.b":{"c":5},"invoiceItems[]":6,"@event_id":7,)"
           R"("deleted_at":8,"id":9,"drop table":10})")},
       {{"SELECT contact_id FROM invoices", "NULL"},
        {"SELECT id FROM invoices", "i1"},
        {"SELECT count(*) FROM invoice_items", "0"},
        {"SELECT extra FROM invoices",
         R"({"":3,"@event_id":7,"__proto__":1,"a.b":{"c":5},"constructor":{"prototype":2},"contactDetails.id":4,)"
         R"("deleted_at":8,"drop table":10,"id":9,"invoiceItems[]":6})"}}},
      {"DuplicateKeys",
       {Text(Contact(R"(,"firstName":"first","firstName":"last","tags":["a"],"tags":["b"],"id":"c2",)"
                     R"("x":{"k":1,"k":2,"\u006b":3})"))},
       {{"SELECT first_name FROM contacts", "last"},
        {"SELECT group_concat(id) FROM contacts", "c2"},
        {"SELECT group_concat(tag) FROM contact_tags", "b"},
        {"SELECT extra FROM contacts", R"({"x":{"k":3}})"}}},
  };
}

std::vector<BadInput> OddNumbers() {
  const std::string tiny = "0." + std::string(400, '0') + "1e-2147483639";
  return {
      {"J17HugeExponent",
       {Text(Opportunity(R"(,"monetaryValue":1e400,"name":"Roof","score":1e99999999999)"))},
       {{"SELECT monetary_value FROM opportunities", "NULL"},
        {"SELECT name FROM opportunities", "Roof"},
        {"SELECT extra FROM opportunities", R"({"monetaryValue":"1e400","score":"1e99999999999"})"}}},
      {"J18ExponentUnderflow",
       {Text(Opportunity(",\"monetaryValue\":" + tiny + ",\"name\":\"Roof\""))},
       {{"SELECT monetary_value FROM opportunities", "NULL"},
        {"SELECT name FROM opportunities", "Roof"},
        {"SELECT extra FROM opportunities", "{\"monetaryValue\":\"" + tiny + "\"}"}}},
      {"J20MoreDigitsThanADoubleHas",
       {Text(Opportunity(",\"monetaryValue\":9007199254740993,\"big\":18446744073709551615"))},
       {{"SELECT monetary_value FROM opportunities", "NULL"},
        {"SELECT extra FROM opportunities", R"({"big":18446744073709551615,"monetaryValue":9007199254740993})"}}},
      {"J20MoreThanAnInt64Has",
       {Text(R"({"type":"InboundMessage","messageId":"m1","messageTypeId":18446744073709551615})"),
        Text(R"({"type":"InboundMessage","messageId":"m2","messageTypeId":9223372036854775807})"),
        Text(R"({"type":"InboundMessage","messageId":"m3","messageTypeId":-9223372036854775809})")},
       {{"SELECT message_type_id FROM messages WHERE id = 'm1'", "NULL"},
        {"SELECT extra FROM messages WHERE id = 'm1'", R"({"messageTypeId":18446744073709551615})"},
        {"SELECT message_type_id FROM messages WHERE id = 'm2'", "9223372036854775807"},
        {"SELECT message_type_id FROM messages WHERE id = 'm3'", "NULL"}}},
  };
}

std::string Nested(std::size_t depth, const char* open, const char* close) {
  return Contact(",\"customFields\":[{\"id\":\"f\",\"value\":" + Repeat(open, depth) + "1" + Repeat(close, depth) +
                 "}]");
}

std::vector<BadInput> LargeOnes() {
  // The object, the list and the element stand around what is nested.
  return {
      {"J15NestedListsWithoutEnd", {{[] { return Nested(100'000, "[", "]"); }, kQuarantine}}, {}},
      {"J15NestedObjectsWithoutEnd", {{[] { return Nested(100'000, "{\"a\":", "}"); }, kQuarantine}}, {}},
      {"J15NestedAndCut", {{[] { return Contact("").substr(0, 20) + Repeat("[", 100'000); }, kQuarantine}}, {}},
      {"Nested128Deep",
       {{[] { return Nested(125, "[", "]"); }, kLog}},
       {{"SELECT length(value_json) FROM contact_custom_fields", "251"}}},
      {"Nested129Deep", {{[] { return Nested(126, "[", "]"); }, kQuarantine}}, {}},
      {"J23TextOfTenMegabytes",
       {{[] { return Contact(",\"notes\":\"" + std::string(10'000'000, 'a') + "\""); }, kLog},
        {[] { return R"({"type":"InboundMessage","messageId":"m1","body":")" + std::string(10'000'000, 'b') + "\"}"; },
         kLog}},
       {{"SELECT length(extra) FROM contacts", "10000012"}, {"SELECT length(body) FROM messages", "10000000"}}},
      {"MoreThanTwoMillionValues",
       {{[] { return Contact(",\"x\":[" + Repeat("1,", 1'999'993) + "1]"); }, kLog},
        {[] { return Contact(",\"x\":[" + Repeat("1,", 1'999'994) + "1]", "w2"); }, kQuarantine}},
       {{"SELECT count(*) FROM events", "1"}}},
      {"AHundredThousandMembers",
       {{[] {
           std::string members;
           for (int i = 0; i < 100'000; ++i) members += ",\"key" + std::to_string(i) + "\":" + std::to_string(i);
           return Contact(members);
         },
         kLog}},
       {{"SELECT count(*) FROM contacts, json_each(contacts.extra)", "100000"}}},
  };
}

INSTANTIATE_TEST_SUITE_P(NoJson, BadInputTest, ::testing::ValuesIn(NoJson()), kNameOf);
INSTANTIATE_TEST_SUITE_P(NoNumber, BadInputTest, ::testing::ValuesIn(NoNumber()), kNameOf);
INSTANTIATE_TEST_SUITE_P(OddTexts, BadInputTest, ::testing::ValuesIn(OddTexts()), kNameOf);
INSTANTIATE_TEST_SUITE_P(OddNumbers, BadInputTest, ::testing::ValuesIn(OddNumbers()), kNameOf);
INSTANTIATE_TEST_SUITE_P(LargeOnes, BadInputTest, ::testing::ValuesIn(LargeOnes()), kNameOf);

using LargeEventTest = HostileTest;

// J24
TEST_F(LargeEventTest, AMillionTagsAreKeptAndNobodyWaitsForThem) {
  Serve();
  std::string tags;
  for (int i = 0; i < 1'000'000; ++i) tags += (i == 0 ? "\"t" : ",\"t") + std::to_string(i) + "\"";
  const std::string body = Contact(",\"tags\":[" + tags + "],\"firstName\":\"Ann\"");
  http::RawClient large = Connect();
  large.Send(Request(body));
  ExpectServes();
  EXPECT_EQ(large.Receive(std::chrono::seconds(60)).status, 200);
  ExpectPlace(body, Kept::kLog);
  ExpectCells({{"SELECT first_name FROM contacts WHERE id = 'c1'", "Ann"},
               {"SELECT count(*) FROM contact_tags WHERE contact_id = 'c1'", "0"},
               {"SELECT json_array_length(extra, '$.tags') FROM contacts WHERE id = 'c1'", "1000000"}});
  ExpectServes();
}

}  // namespace
}  // namespace crmsink::hostile
