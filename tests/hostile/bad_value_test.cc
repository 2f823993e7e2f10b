// Events whose times and values are wrong, odd or out of order. What they say is kept; what they do is bounded.
#include "hostile/hostile_fixture.h"

namespace crmsink::hostile {
namespace {

constexpr char kFirstName[] = "SELECT first_name FROM contacts WHERE id = 'c1'";

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
         Kept::kLog}},
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
         Kept::kLog},
        {[] {
           return R"({"type":"InvoiceCreate","webhookId":"w2","_id":"i1","invoiceItems":[)" +
                  Repeat("{\"qty\":1},", 10'000) + "{\"qty\":2}]}";
         },
         Kept::kLog},
        {[] {
           return R"({"type":"InvoiceCreate","webhookId":"w3","_id":"i2","invoiceItems":[)" +
                  Repeat("{\"qty\":1},", 9'999) + "{\"qty\":2}]}";
         },
         Kept::kLog}},
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

INSTANTIATE_TEST_SUITE_P(Times, BadInputTest, ::testing::ValuesIn(Times()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Values, BadInputTest, ::testing::ValuesIn(Values()), kNameOf);

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
