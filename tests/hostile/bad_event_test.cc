// Events that are JSON and still wrong, odd or out of order. What they say is kept; what they do is bounded.
#include "hostile/hostile_fixture.h"

namespace crmsink::hostile {
namespace {

constexpr Kept kLog = Kept::kLog, kDuplicate = Kept::kDuplicate, kQuarantine = Kept::kQuarantine;
constexpr char kFirstName[] = "SELECT first_name FROM contacts WHERE id = 'c1'";

// Which event is it, and of what?
std::vector<BadInput> Names() {
  return {
      {"D02NoTypeAndAShape",
       {Text(R"({"webhookId":"w1","id":"c1","dnd":true,"firstName":"Ann"})")},
       {{kFirstName, "Ann"}, {"SELECT type FROM events", "ContactUpdate"}}},
      {"D02NoTypeAndNoShape", {Text(R"({"webhookId":"w1","id":"x1","colour":"red"})", kQuarantine)}, {}},
      {"D02NoTypeAndAPathOfItsOwn",
       {Text(R"({"webhookId":"w1","id":"c1","firstName":"Ann"})", kLog, "/webhooks/ContactCreate")},
       {{kFirstName, "Ann"}}},
      {"D03TypeIsANumber", {Text(R"({"type":5,"id":"c1"})", kQuarantine)}, {}},
      {"D03TypeIsAList", {Text(R"({"type":["ContactCreate"],"id":"c1"})", kQuarantine)}, {}},
      {"D03TypeIsAnObject", {Text(R"({"type":{"name":"ContactCreate"},"id":"c1"})", kQuarantine)}, {}},
      {"D03TypeIsNull", {Text(R"({"type":null,"id":"c1"})", kQuarantine)}, {}},
      {"D03TypeIsEmpty", {Text(R"({"type":"","id":"c1"})", kQuarantine)}, {}},
      {"D03TypeIsTrue", {Text(R"({"type":true,"id":"c1"})", kQuarantine)}, {}},
      {"D03TypeOfWrongKindOnAPath",
       {Text(R"({"type":5,"webhookId":"w1","id":"c1"})", kLog, "/webhooks/ContactCreate"),
        Text(R"({"type":[],"webhookId":"w2","id":"c2"})", kLog, "/webhooks/ContactCreate"),
        Text(R"({"type":null,"webhookId":"w3","id":"c3"})", kLog, "/webhooks/ContactCreate")},
       {{"SELECT group_concat(id) FROM contacts", "c1,c2,c3"},
        {"SELECT group_concat(DISTINCT type) FROM events", "ContactCreate"},
        {"SELECT extra FROM contacts WHERE id = 'c1'", R"({"type":5})"}}},
      {"TypeNobodyKnows",
       {Text(R"({"type":"DroneLanded","webhookId":"w1","id":"d1","locationId":"l1"})"),
        Text(R"({"type":"DroneLanded","webhookId":"w2","id":"d1"})", kLog, "/webhooks/DroneLanded")},
       {{"SELECT count(*) FROM events WHERE type = 'DroneLanded' AND entity IS NULL", "2"}}},
      {"TypeNobodyKnowsOnAPathThatIsKnown",
       {Text(R"({"type":"DroneLanded","webhookId":"w1","id":"c1"})", kLog, "/webhooks/ContactCreate")},
       {{"SELECT type FROM events", "ContactCreate"}, {"SELECT count(*) FROM contacts", "1"}}},
      {"TypeLongerThanAnyName",
       {Text(R"({"type":")" + std::string(300, 'T') + R"(","id":"x1"})", kQuarantine),
        Text(R"({"type":")" + std::string(1'000'000, 'T') + R"(","webhookId":"w1","id":"c1","dnd":false})")},
       {{"SELECT group_concat(DISTINCT type) FROM events", "ContactUpdate"}}},
      {"D05NoLocation",
       {Text(Contact(""))},
       {{"SELECT location_id FROM contacts", "NULL"}, {"SELECT location_id FROM events", "NULL"}}},
      {"D27LocationNobodyHasSeen",
       {Text(Contact(R"(,"locationId":"never seen before")"))},
       {{"SELECT location_id FROM contacts", "never seen before"}}},
      {"D29OpportunityOfAnUnknownContact",
       {Text(Opportunity(R"(,"contactId":"nobody","locationId":"nowhere","assignedTo":"no one")"))},
       {{"SELECT contact_id FROM opportunities", "nobody"}, {"SELECT count(*) FROM contacts_all", "0"}}},
  };
}

// Ids, of the delivery and of the entity.
std::vector<BadInput> Ids() {
  const std::string bare = R"({"type":"ContactCreate","id":"c1","firstName":"Ann"})";
  const std::string longest(255, 'i');
  return {
      {"D06NoWebhookIdAndNoTimestamp",
       {Text(bare), Text(bare, kDuplicate)},
       {{kFirstName, "Ann"},
        {"SELECT length(event_id) FROM events", "64"},
        {"SELECT occurred_at FROM events", "2025-11-01 12:00:00.000"}}},
      {"D17WebhookIdWithAnotherBody",
       {Text(Contact(R"(,"firstName":"first")")), Text(Contact(R"(,"firstName":"second")"), kQuarantine),
        Text(Contact(R"(,"firstName":"first")"), kDuplicate), Text(Contact(R"(,"firstName":"second")"), kQuarantine)},
       {{kFirstName, "first"}, {"SELECT count(*) FROM events", "1"}, {"SELECT count(*) FROM quarantine", "1"}}},
      {"D18SameBodyUnderANewWebhookId",
       {Text(Contact(R"(,"firstName":"Ann")", "w1")), Text(Contact(R"(,"firstName":"Ann")", "w2"))},
       {{"SELECT count(*) FROM events", "2"}, {"SELECT count(*) FROM contacts", "1"}, {kFirstName, "Ann"}}},
      {"WebhookIdOfTwoEntities",
       {Text(Contact("")), Text(Opportunity(""))},
       {{"SELECT count(*) FROM events WHERE event_id = 'w1'", "2"}, {"SELECT count(*) FROM opportunities", "1"}}},
      {"WebhookIdIsANumber",
       {Text(R"({"type":"ContactCreate","webhookId":1.50,"id":"c1"})")},
       {{"SELECT event_id FROM events", "1.50"}}},
      {"WebhookIdIsAnObject",
       {Text(R"({"type":"ContactCreate","webhookId":{"a":1},"id":"c1"})")},
       {{"SELECT length(event_id) FROM events", "64"}, {"SELECT extra FROM contacts", R"({"webhookId":{"a":1}})"}}},
      {"WebhookIdOf255And256Bytes",
       {Text(Contact("", longest)), Text(Contact("", longest + "i"), kQuarantine)},
       {{"SELECT length(event_id) FROM events", "255"}}},
      {"D23IdOfAMegabyte",
       {{[] { return R"({"type":"ContactCreate","id":")" + std::string(1'000'000, 'i') + "\"}"; }, kQuarantine}},
       {{"SELECT count(*) FROM contacts_all", "0"}}},
      {"D23IdOf255And256Bytes",
       {Text(R"({"type":"ContactCreate","id":")" + longest + "\"}"),
        Text(R"({"type":"ContactCreate","id":")" + longest + "i\"}", kQuarantine)},
       {{"SELECT length(id) FROM contacts", "255"}}},
      {"IdOf256BytesInFewerCharacters",
       {Text(R"({"type":"ContactCreate","id":")" + Repeat("\xc3\xa9", 128) + "\"}", kQuarantine)},
       {}},
      {"NoId",
       {Text(R"({"type":"ContactCreate"})", kQuarantine), Text(R"({"type":"ContactCreate","id":null})", kQuarantine),
        Text(R"({"type":"ContactCreate","id":""})", kQuarantine),
        Text(R"({"type":"ContactCreate","id":{}})", kQuarantine),
        Text(R"({"type":"ContactCreate","id":["c1"]})", kQuarantine)},
       {{"SELECT count(*) FROM contacts_all", "0"}}},
      {"IdIsANumber",
       {Text(R"({"type":"ContactCreate","webhookId":"w1","id":12,"firstName":"Ann"})"),
        Text(R"({"type":"ContactUpdate","webhookId":"w2","id":"12","lastName":"Lee"})")},
       {{"SELECT first_name || last_name FROM contacts WHERE id = '12'", "AnnLee"}}},
      {"D20SqlInAnId",
       {Text(
            R"({"type":"ContactCreate","webhookId":"' OR 1=1 --","id":"x'); DROP TABLE contacts_all;--",)"
            R"("firstName":"Robert'); DELETE FROM events;--","customFields":[{"id":"f'); DROP TABLE x;--","value":"?1"}],)"
            R"("tags":["\"; DROP VIEW contacts; --"],"x'); DROP TABLE events;--":1})"),
        Text(R"({"type":"'); DROP TABLE events;--","webhookId":"w2"})"),
        Text(
            R"({"type":"ContactUpdate","webhookId":"w3","id":"c1","locationId":"l' UNION SELECT payload FROM events --"})")},
       {{"SELECT count(*) FROM events", "3"},
        {"SELECT id FROM contacts WHERE id <> 'c1'", "x'); DROP TABLE contacts_all;--"},
        {"SELECT first_name FROM contacts WHERE id <> 'c1'", "Robert'); DELETE FROM events;--"},
        {"SELECT custom_field_id || value FROM contact_custom_fields", "f'); DROP TABLE x;--?1"},
        {"SELECT tag FROM contact_tags", "\"; DROP VIEW contacts; --"},
        {"SELECT type FROM events WHERE event_id = 'w2'", "'); DROP TABLE events;--"}}},
  };
}

std::vector<BadInput> Times() {
  const auto created = [](const std::string& value) { return Contact(",\"dateAdded\":" + value); };
  std::vector<BadInput> all = {
      {"D09EpochMilliseconds",
       {Text(created("1756720800123"))},
       {{"SELECT created_at FROM contacts", "2025-09-01 10:00:00.123"}, {"SELECT extra FROM contacts", "NULL"}}},
      {"D09DateOfBirthOutOfTheCalendar",
       {Text(Contact(R"(,"dateOfBirth":"2026-02-30")"))},
       {{"SELECT date_of_birth FROM contacts", "NULL"},
        {"SELECT extra FROM contacts", R"({"dateOfBirth":"2026-02-30"})"}}},
      {"D11TimestampInTheFarFuture",
       {Text(Contact(R"(,"firstName":"future","lastName":"kept")", "w1", "ContactUpdate", "2999-01-01T00:00:00Z"))},
       {{kFirstName, "future"},
        {"SELECT occurred_at FROM events", "2025-11-01 12:00:00.000"},
        {"SELECT sent_at FROM events", "2999-01-01 00:00:00.000"}}},
      {"D12TimestampInTheFarPast",
       {Text(Contact(R"(,"firstName":"now")")),
        Text(Contact(R"(,"firstName":"old","lastName":"filled in")", "w2", "ContactUpdate", "1970-01-01T00:00:00Z")),
        Text(Contact(R"(,"firstName":"older","city":"Rome")", "w3", "ContactUpdate", "0001-01-01T00:00:00Z"))},
       {{kFirstName, "now"},
        {"SELECT last_name || ', ' || city FROM contacts", "filled in, Rome"},
        {"SELECT last_event_id FROM contacts", "w1"}}},
      {"D14UpdateBeforeCreate",
       {Text(Contact(R"(,"firstName":"new")", "w2", "ContactUpdate", "2025-10-01T10:00:01Z")),
        Text(Contact(R"(,"firstName":"old","lastName":"Lee","tags":["a"])"))},
       {{"SELECT first_name || ' ' || last_name FROM contacts", "new Lee"},
        {"SELECT count(*) FROM contact_tags", "1"}}},
      {"D15DeleteBeforeCreateAndALateUpdate",
       {Text(Contact("", "w3", "ContactDelete", "2025-10-01T10:00:02Z")), Text(Contact(R"(,"firstName":"Ann")")),
        Text(Contact(R"(,"lastName":"Lee","tags":["a"])", "w2", "ContactUpdate", "2025-10-01T10:00:01Z"))},
       {{"SELECT count(*) FROM contacts", "0"},
        {"SELECT deleted_at FROM contacts_all", "2025-10-01 10:00:02.000"},
        {"SELECT count(*) FROM contact_tags", "0"}}},
  };
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"MonthZero", R"("0000-00-00")"},
      {"YearOfSixDigits", R"("294277-01-01")"},
      {"ThirtiethOfFebruary", R"("2026-02-30")"},
      {"ThirtiethOfFebruaryWithATime", R"("2026-02-30T10:00:00Z")"},
      {"HourTwentyFour", R"("2025-10-01T24:00:00Z")"},
      {"SecondSixty", R"("2025-10-01T10:00:60Z")"},
      {"NumberBeyondTheCalendar", "1000000000000000000"},
      {"NumberBelowTheCalendar", "-1e17"},
      {"HugeNumber", "1e400"},
      {"Words", R"("yesterday")"},
      {"TextBehind", R"("2025-10-01T10:00:00Z; DROP TABLE x")"},
      {"Object", R"({"$date":1})"},
  };
  for (const auto& [name, value] : wrong) {
    all.push_back({"D09" + name,
                   {Text(created(value))},
                   {{"SELECT created_at FROM contacts", "NULL"},
                    {"SELECT count(*) FROM contacts, json_each(contacts.extra) AS e WHERE e.key = 'dateAdded'", "1"}}});
  }
  return all;
}

std::string AllNull() {
  return R"({"type":"ContactUpdate","webhookId":"w2","timestamp":"2025-10-02T10:00:00Z","id":"c1","locationId":null,)"
         R"("companyId":null,"appId":null,"versionId":null,"traceId":null,"name":null,"firstName":null,"lastName":null,)"
         R"("email":null,"phone":null,"dnd":null,"dateAdded":null,"dateOfBirth":null,"tags":null,"customFields":null,)"
         R"("attachments":null,"dndSettings":null,"unknown":null})";
}

std::vector<BadInput> Values() {
  return {
      {"D08NullEverywhere",
       {Text(Contact(R"(,"firstName":"Ann","email":"ann@example.com","dnd":true,"dateOfBirth":"1990-01-01",)"
                     R"("tags":["a"],"customFields":[{"id":"f","value":1}],"unknown":1)")),
        Text(AllNull())},
       {{kFirstName, "NULL"},
        {"SELECT coalesce(email, dnd, date_of_birth, location_id) FROM contacts", "NULL"},
        {"SELECT count(*) FROM contact_tags", "0"},
        {"SELECT count(*) FROM contact_custom_fields", "0"},
        {"SELECT extra FROM contacts", R"({"unknown":null})"}}},
      {"D21FormulasMarkupAndEscapes",
       {Text(Contact(
           R"_(,"firstName":"=HYPERLINK(\"http://x\",\"y\")","lastName":"<script>alert(1)</script>",)_"
           R"("city":"${jndi:ldap://x/a}","state":"\u001b[2J\u001b]0;x\u0007","country":"{{7*7}}","name":"%s%n")"))},
       {{kFirstName, "=HYPERLINK(\"http://x\",\"y\")"},
        {"SELECT last_name FROM contacts", "<script>alert(1)</script>"},
        {"SELECT city FROM contacts", "${jndi:ldap://x/a}"},
        {"SELECT hex(state) FROM contacts", "1B5B324A1B5D303B7807"},
        {"SELECT country || name FROM contacts", "{{7*7}}%s%n"}}},
      {"D24Money",
       {Text(Opportunity(R"(,"monetaryValue":-1)", "w1")),
        Text(R"({"type":"OpportunityCreate","webhookId":"w2","id":"o2","monetaryValue":0})"),
        Text(R"({"type":"OpportunityCreate","webhookId":"w3","id":"o3","monetaryValue":1e15})"),
        Text(R"({"type":"OpportunityCreate","webhookId":"w4","id":"o4","monetaryValue":0.30000000000000004})"),
        Text(R"({"type":"OpportunityCreate","webhookId":"w5","id":"o5","monetaryValue":"12.50"})"),
        Text(R"({"type":"OpportunityCreate","webhookId":"w6","id":"o6","monetaryValue":"$12"})")},
       {{"SELECT group_concat(coalesce(monetary_value, 'NULL')) FROM (SELECT monetary_value FROM opportunities ORDER "
         "BY id)",
         "-1.0,0.0,1.0e+15,NULL,12.5,NULL"},
        {"SELECT extra FROM opportunities WHERE id = 'o4'", R"({"monetaryValue":0.30000000000000004})"},
        {"SELECT extra FROM opportunities WHERE id = 'o6'", R"({"monetaryValue":"$12"})"}}},
      {"D26TwoHundredUnknownMembers",
       {{[] {
           std::string members = R"(,"firstName":"Ann")";
           for (int i = 0; i < 200; ++i)
             members += ",\"new field " + std::to_string(i) + "\":{\"n\":" + std::to_string(i) + "}";
           return Contact(members);
         },
         kLog}},
       {{kFirstName, "Ann"},
        {"SELECT count(*) FROM contacts, json_each(contacts.extra)", "200"},
        {"SELECT json_extract(extra, '$.\"new field 199\".n') FROM contacts", "199"}}},
      {"ListsThatAreNone",
       {Text(Contact(R"(,"tags":"vip","customFields":{"id":"f"},"dndSettings":["SMS"],"attachments":7)"))},
       {{"SELECT count(*) FROM contact_tags", "0"},
        {"SELECT count(*) FROM contact_dnd_settings", "0"},
        {"SELECT extra FROM contacts",
         R"({"attachments":7,"customFields":{"id":"f"},"dndSettings":["SMS"],"tags":"vip"})"}}},
      {"ElementsThatAreNone",
       {Text(Contact(R"(,"tags":["a",{"b":1},null,["c"],5],"customFields":[7,{"value":1},{"id":"f","value":2}])"))},
       {{"SELECT group_concat(tag) FROM (SELECT tag FROM contact_tags ORDER BY position)", "a,5"},
        {"SELECT custom_field_id || value FROM contact_custom_fields", "f2"},
        {"SELECT extra FROM contacts", R"({"customFields":[7,{"value":1}],"tags":[null,{"b":1},null,["c"]]})"}}},
      {"KeysOf255And256Bytes",
       {Text(Contact(",\"tags\":[\"" + std::string(255, 'a') + "\",\"" + std::string(256, 'b') + "\"],\"email\":\"" +
                     std::string(256, 'e') + "\",\"city\":\"" + std::string(300, 'c') + "\""))},
       {{"SELECT group_concat(length(tag)) FROM contact_tags", "255"},
        {"SELECT email FROM contacts", "NULL"},
        {"SELECT length(city) FROM contacts", "300"},
        {"SELECT length(json_extract(extra, '$.email')) FROM contacts", "256"},
        {"SELECT length(json_extract(extra, '$.tags[1]')) FROM contacts", "256"}}},
      {"TenThousandElementsAndOneMore",
       {{[] {
           return Contact(",\"customFields\":[" + Repeat("{\"id\":\"f\",\"value\":1},", 9'999) +
                          R"({"id":"f","value":2}])");
         },
         kLog},
        {[] {
           return R"({"type":"InvoiceCreate","webhookId":"w2","_id":"i1","invoiceItems":[)" +
                  Repeat("{\"qty\":1},", 10'000) + "{\"qty\":2}]}";
         },
         kLog},
        {[] {
           return R"({"type":"InvoiceCreate","webhookId":"w3","_id":"i2","invoiceItems":[)" +
                  Repeat("{\"qty\":1},", 9'999) + "{\"qty\":2}]}";
         },
         kLog}},
       {{"SELECT count(*) || ' ' || value || ' ' || position FROM contact_custom_fields", "1 2 9999"},
        {"SELECT count(*) FROM invoice_items WHERE invoice_id = 'i1'", "0"},
        {"SELECT json_array_length(extra, '$.invoiceItems') FROM invoices WHERE id = 'i1'", "10001"},
        {"SELECT count(*) FROM invoice_items WHERE invoice_id = 'i2'", "10000"},
        {"SELECT extra FROM invoices WHERE id = 'i2'", "NULL"}}},
      {"FactThatIsNoObject",
       {Text(R"({"type":"LCEmailStats","webhookId":"w1","webhookPayload":"text"})"),
        Text(R"({"type":"LCEmailStats","webhookId":"w2","webhookPayload":null})"),
        Text(R"({"type":"LCEmailStats","webhookId":"w3"})")},
       {{"SELECT count(*) FROM email_events", "3"},
        {"SELECT extra FROM email_events WHERE id = 'w1'", R"({"webhookPayload":"text"})"}}},
  };
}

// A path is ours by its end, whatever stands before, in any case of the event, with or without a final slash.
std::vector<BadInput> Paths() {
  const auto at = [](const std::string& path, const std::string& id) {
    return Text(R"({"webhookId":")" + id + R"(","id":")" + id + "\"}", kLog, path);
  };
  return {
      {"PathInOddCase", {at("/webhooks/contactCREATE", "c1")}, {{"SELECT type FROM events", "ContactCreate"}}},
      {"PathWithATrailingSlash",
       {at("/webhooks/ContactCreate/", "c1")},
       {{"SELECT type FROM events", "ContactCreate"}}},
      {"PathBehindAProxy", {at("/crm/v1/webhooks/ContactCreate", "c1")}, {{"SELECT count(*) FROM contacts", "1"}}},
      {"PathWithAQuery",
       {at("/webhooks/ContactCreate?token=x&y=/nope", "c1")},
       {{"SELECT count(*) FROM contacts", "1"}}},
      {"HooksWithATrailingSlash", {Text(Contact(""), kLog, "/webhooks/")}, {{"SELECT count(*) FROM contacts", "1"}}},
      {"PathThatNamesAnotherEventThanTheBody",
       {Text(Contact(R"(,"firstName":"Ann")"), kLog, "/webhooks/InvoicePaid")},
       {{"SELECT type FROM events", "ContactCreate"}, {kFirstName, "Ann"}, {"SELECT count(*) FROM invoices_all", "0"}}},
      {"PathNobodyKnows",
       {Text(R"({"webhookId":"w1","id":"x1"})", kQuarantine, "/webhooks/DroneLanded")},
       {{"SELECT path FROM quarantine", "/webhooks/DroneLanded"}}},
  };
}

INSTANTIATE_TEST_SUITE_P(Names, BadInputTest, ::testing::ValuesIn(Names()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Ids, BadInputTest, ::testing::ValuesIn(Ids()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Times, BadInputTest, ::testing::ValuesIn(Times()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Values, BadInputTest, ::testing::ValuesIn(Values()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Paths, BadInputTest, ::testing::ValuesIn(Paths()), kNameOf);

using FutureTest = HostileTest;

// D11: an update that is sent after the one from the future wins.
TEST_F(FutureTest, ATimeInTheFutureDoesNotFreezeTheRow) {
  Serve();
  const std::string future =
      Contact(R"(,"firstName":"future","lastName":"kept")", "w1", "ContactUpdate", "2999-01-01T00:00:00Z");
  Deliver(Request(future), future, Kept::kLog, 200);
  now_ = kNow + 60'000;
  const std::string later = Contact(R"(,"firstName":"true")", "w2", "ContactUpdate", "2025-11-01T12:00:30Z");
  Deliver(Request(later), later, Kept::kLog, 200);
  ExpectCells({{kFirstName, "true"}, {"SELECT last_name FROM contacts", "kept"}});
  ExpectServes();
}

}  // namespace
}  // namespace crmsink::hostile
