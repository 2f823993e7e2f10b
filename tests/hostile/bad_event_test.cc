// Events whose name, id or path is wrong or odd: kept all the same, and found in the right place.
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
      {"PathWithAnEncodedLetter",
       {Text(R"({"webhookId":"w1","id":"x1"})", kQuarantine, "/webhooks/Contact%43reate")},
       {{"SELECT path FROM quarantine", "/webhooks/Contact%43reate"}}},
      {"PathNobodyKnows",
       {Text(R"({"webhookId":"w1","id":"x1"})", kQuarantine, "/webhooks/DroneLanded")},
       {{"SELECT path FROM quarantine", "/webhooks/DroneLanded"}}},
  };
}

INSTANTIATE_TEST_SUITE_P(Names, BadInputTest, ::testing::ValuesIn(Names()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Ids, BadInputTest, ::testing::ValuesIn(Ids()), kNameOf);
INSTANTIATE_TEST_SUITE_P(Paths, BadInputTest, ::testing::ValuesIn(Paths()), kNameOf);

}  // namespace
}  // namespace crmsink::hostile
