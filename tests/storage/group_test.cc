#include "storage/group.h"

#include "base/sha256.h"
#include "store_case.h"

namespace crmsink {
namespace {

using GroupTest = StoreCase;
using SqliteGroupTest = SqliteCase;
CRMSINK_ON_EACH_BACKEND(GroupTest);

// A contact's update on 2026-03-01.
std::string Contact(const std::string& webhook_id, const std::string& clock, const std::string& rest = "",
                    const std::string& type = "ContactUpdate", const std::string& id = "c1") {
  return R"({"type":")" + type + R"(","webhookId":")" + webhook_id + R"(","id":")" + id +
         R"(","timestamp":"2026-03-01T)" + clock + "Z\"" + (rest.empty() ? "" : "," + rest) + "}";
}

TEST_P(GroupTest, StoresEachDeliveryAsItCame) {
  auto submission = SubmissionOf(Contact("w1", "10:00:00", R"("name":"Ann")"), "/x/webhooks/", kArrival + 7);
  submission->delivery.signature_scheme = "ed25519";
  submission->delivery.signature_key = "k";
  submission->delivery.signature = "s";
  std::vector<std::unique_ptr<Submission>> group;
  group.push_back(std::move(submission));
  EXPECT_EQ(Shown(CommitAll(group)), "stored w1");
  EXPECT_EQ(Select("SELECT seq, event_id, source, received_at, path, signature_scheme, signature_key, signature, type, "
                   "entity, entity_id, occurred_at, sent_at, " +
                   Hexed("substr(log_key, 1, 8)") + " FROM events"),
            "1,w1,webhook,2026-03-02 00:00:00.007,/x/webhooks/,ed25519,k,s,ContactUpdate,Contact,c1,"
            "2026-03-01 10:00:00.000,2026-03-01 10:00:00.000," +
                Select("SELECT upper('" + Hex(Sha256({std::string_view("Contact\0c1", 10)})).substr(0, 16) + "')"));
  EXPECT_EQ(Select("SELECT payload FROM events"), group[0]->delivery.body);
  EXPECT_EQ(Select("SELECT name, last_event_id, first_received_at, last_received_at FROM contacts"),
            "Ann,w1,2026-03-02 00:00:00.007,2026-03-02 00:00:00.007");
}

TEST_P(GroupTest, NothingIsThereBeforeTheCommit) {
  {
    auto transaction = store_->Begin(Store::Mode::kWrite);
    ASSERT_TRUE(transaction);
    const auto submission = SubmissionOf(Contact("w1", "10:00:00"));
    const LogEntry entry[] = {{&submission->delivery, &*submission->event}};
    ASSERT_TRUE((*transaction)->Append(entry));
    EXPECT_EQ(Select("SELECT count(*) FROM events"), "0");
  }
  EXPECT_EQ(Select("SELECT count(*) FROM events"), "0");
  EXPECT_EQ(Shown(Commit({Contact("w1", "10:00:00")})), "stored w1");
}

TEST_P(GroupTest, ADuplicateInTheSameGroupChangesNothing) {
  const std::string body = Contact("w1", "10:00:00", R"("name":"Ann")");
  EXPECT_EQ(Shown(Commit({body, body, body})), "stored w1, duplicate w1, duplicate w1");
  EXPECT_EQ(Shown(Commit({body})), "duplicate w1");
  EXPECT_EQ(Select("SELECT count(*) FROM events"), "1");
  EXPECT_EQ(Select("SELECT sum(events) FROM event_counts"), "1");
  EXPECT_EQ(folds, 0u);
}

TEST_P(GroupTest, TheSameIdOfAnotherEntityIsAnotherEvent) {
  EXPECT_EQ(
      Shown(Commit({Contact("w1", "10:00:00"), Contact("w1", "10:00:00", "", "ContactUpdate", "c2"),
                    R"({"type":"InvoicePaid","webhookId":"w1","_id":"c1"})", R"({"type":"LATER","webhookId":"w1"})"})),
      "stored w1, stored w1, stored w1, stored w1");
  EXPECT_EQ(Select("SELECT count(*) FROM events"), "4");
}

TEST_P(GroupTest, TheSameIdWithOtherBytesIsKeptAside) {
  EXPECT_EQ(
      Shown(Commit({Contact("w1", "10:00:00", R"("name":"first")"), Contact("w1", "11:00:00", R"("name":"other")")})),
      "stored w1, quarantined");
  EXPECT_EQ(
      Shown(Commit({Contact("w1", "11:00:00", R"("name":"other")"), Contact("w1", "10:00:00", R"("name":"first")")})),
      "quarantined, duplicate w1");
  EXPECT_EQ(Select("SELECT name FROM contacts"), "first");
  EXPECT_EQ(Select("SELECT reason FROM quarantine"), "event w1 came before with another body");
  EXPECT_EQ(Select("SELECT payload FROM quarantine"), Contact("w1", "11:00:00", R"("name":"other")"));
}

TEST_P(GroupTest, WhatIsNoEventIsKeptAsideWithItsReason) {
  EXPECT_EQ(Shown(Commit({"{", R"({"type":"ContactUpdate"})", Contact("w1", "10:00:00"), "{"})),
            "quarantined, quarantined, stored w1, quarantined");
  EXPECT_EQ(Select("SELECT count(*), min(length(reason)) > 10 FROM quarantine"), "2,1");
  EXPECT_EQ(Select("SELECT " + Hexed("payload") + " FROM quarantine ORDER BY id LIMIT 1"), "7B");
}

TEST_P(GroupTest, AnUnmappedEventIsInTheLogAlone) {
  EXPECT_EQ(Shown(Commit({R"({"type":"LATER","webhookId":"w1","locationId":"l","id":"x"})"})), "stored w1");
  EXPECT_EQ(Select("SELECT type, entity, entity_id, location_id FROM events"), "LATER,NULL,NULL,l");
  EXPECT_EQ(Select("SELECT day, source, location_id, type, writer, events, last_received_at FROM event_counts"),
            "2026-03-02,webhook,l,LATER,test,1,2026-03-02 00:00:00.000");
}

TEST_P(GroupTest, TheSameTimelessBodyIsANewEventOnlyAfterAnother) {
  const std::string on = R"({"type":"ContactTagUpdate","id":"c1","tags":["a"]})";
  const std::string off = R"({"type":"ContactTagUpdate","id":"c1","tags":[]})";
  const std::string on_id = Hex(Sha256({std::string_view("ContactTagUpdate\0", 17), on}));
  const std::string off_id = Hex(Sha256({std::string_view("ContactTagUpdate\0", 17), off}));
  EXPECT_EQ(Shown(Commit({on, on})), "stored " + on_id + ", duplicate " + on_id);
  EXPECT_EQ(Shown(Commit({on})), "duplicate " + on_id);
  EXPECT_EQ(Shown(Commit({off, on, on, off})),
            "stored " + off_id + ", stored " + on_id + "-1, duplicate " + on_id + "-1, stored " + off_id + "-1");
  EXPECT_EQ(Shown(Commit({on})), "stored " + on_id + "-2");
  // Another entity's events are no interruption.
  EXPECT_EQ(Shown(Commit({R"({"type":"ContactTagUpdate","id":"c2","tags":[]})", on})).substr(0, 6), "stored");
  EXPECT_EQ(Select("SELECT event_id FROM events WHERE entity_id = 'c1' ORDER BY seq DESC LIMIT 1"), on_id + "-2");
}

TEST_P(GroupTest, ABodyWithATimeOfItsOwnIsOneEventForEver) {
  const std::string one = R"({"type":"ContactUpdate","id":"c1","timestamp":"2026-03-01","name":"a"})";
  const std::string two = R"({"type":"ContactUpdate","id":"c1","timestamp":"2026-03-01","name":"b"})";
  const std::string message = R"({"type":"InboundMessage","body":"hi"})";
  EXPECT_EQ(Shown(Commit({one, two, one, message, message})).find("-1"), std::string::npos);
  EXPECT_EQ(Select("SELECT count(*) FROM events"), "3");
}

TEST_P(GroupTest, EventsInOrderAreNotFolded) {
  for (int i = 0; i < 5; ++i) {
    const std::string n = std::to_string(i);
    ASSERT_EQ(Commit({Contact("a" + n, "10:00:0" + n, R"("name":"a")"),
                      Contact("b" + n, "10:00:0" + n, R"("tags":["x"])", "ContactTagUpdate")})
                  .size(),
              2u);
  }
  EXPECT_EQ(folds, 0u);
}

TEST_P(GroupTest, AnEarlierOrEqualEventIsFoldedOnce) {
  Commit({Contact("w5", "10:05:00", R"("name":"late","tags":["a"])")});
  EXPECT_EQ(folds, 0u);
  Commit({Contact("w4", "10:04:00", R"("name":"early","city":"Ulm","tags":["b"])"), Contact("w3", "10:03:00")});
  EXPECT_EQ(folds, 1u);
  EXPECT_EQ(Select("SELECT name, city, last_event_id FROM contacts"), "late,Ulm,w5");
  EXPECT_EQ(Select("SELECT tag FROM contact_tags"), "a");
  Commit({Contact("w6", "10:05:00", R"("name":"tie")")});
  EXPECT_EQ(folds, 2u);
  EXPECT_EQ(Select("SELECT name, last_event_id FROM contacts"), "tie,w6");
}

TEST_P(GroupTest, AnArrivalOutOfOrderMovesTheTimesOfArrival) {
  std::vector<std::unique_ptr<Submission>> group;
  group.push_back(SubmissionOf(Contact("w2", "11:00:00"), "/webhooks", kArrival + 50));
  CommitAll(group);
  group[0] = SubmissionOf(Contact("w1", "10:00:00"), "/webhooks", kArrival + 90);
  group.push_back(SubmissionOf(Contact("w3", "12:00:00"), "/webhooks", kArrival + 10));
  CommitAll(group);
  EXPECT_EQ(Select("SELECT first_received_at, last_received_at, last_event_id FROM contacts"),
            "2026-03-02 00:00:00.010,2026-03-02 00:00:00.090,w3");
}

TEST_P(GroupTest, ATombstoneHasNoChildRowsAndARestoreBringsThemBack) {
  Commit({Contact("w1", "10:00:00", R"("tags":["a","b"])")});
  Commit({Contact("w2", "11:00:00", "", "ContactDelete")});
  EXPECT_EQ(Select("SELECT count(*) FROM contact_tags"), "0");
  EXPECT_EQ(Select("SELECT count(*) FROM contacts"), "0");
  EXPECT_EQ(Select("SELECT deleted_at FROM contacts_all"), "2026-03-01 11:00:00.000");
  Commit({Contact("w3", "11:01:00", R"("tags":["c"],"name":"N")")});  // too early to be a restore
  EXPECT_EQ(Select("SELECT count(*) FROM contact_tags"), "0");
  EXPECT_EQ(Select("SELECT name FROM contacts_all"), "N");
  Commit({Contact("w4", "12:00:00", R"("city":"Ulm")")});
  EXPECT_EQ(Select("SELECT tag FROM contact_tags"), "c");
  EXPECT_EQ(Select("SELECT name, city FROM contacts"), "N,Ulm");
}

TEST_P(GroupTest, OnlyWhatDiffersIsWritten) {
  Commit({Contact("w1", "10:00:00", R"("name":"Ann","tags":["a","b","c"],"customFields":[{"id":"f","value":1}])")});
  Exec("CREATE TABLE written (what TEXT)");
  const auto note = [this](const std::string& name, const std::string& event, const std::string& what) {
    MakeTrigger(name, event, "", "INSERT INTO written VALUES (" + what + ")");
  };
  note("t1", "AFTER INSERT ON contact_tags", "'+' || NEW.tag");
  note("t2", "AFTER DELETE ON contact_tags", "'-' || OLD.tag");
  note("t3", "AFTER INSERT ON contact_custom_fields", "'+f'");
  note("t4", "AFTER DELETE ON contact_custom_fields", "'-f'");
  note("t5", "AFTER UPDATE ON contacts_all", "'row'");
  // SQLite replaces a row that has moved; PostgreSQL updates it.
  note("t6", "AFTER UPDATE ON contact_tags", "'+' || NEW.tag");
  note("t7", "AFTER UPDATE ON contact_custom_fields", "'+f'");
  const auto written = [this] {
    const std::string what = Select("SELECT what FROM written ORDER BY what");
    Exec("DELETE FROM written");
    return what;
  };
  Commit({Contact("w2", "11:00:00", R"("tags":["a","b","c"],"customFields":[{"id":"f","value":1.0}])")});
  EXPECT_EQ(written(), "+f row");  // 1 and 1.0 are different texts
  Commit({Contact("w3", "12:00:00", R"("tags":["a","b","c"])")});
  EXPECT_EQ(written(), "row");
  Commit({Contact("w4", "13:00:00", R"("tags":["a","c","d"])")});
  EXPECT_EQ(written(), "+c +d -b row");  // c has moved
  Commit({Contact("w5", "13:30:00", R"("tags":[])")});
  EXPECT_EQ(written(), "-a -c -d row");
  Commit({Contact("w0", "09:00:00", R"("tags":["z"])")});
  EXPECT_EQ(written(), "");  // late, and it changes nothing that the tables show
  EXPECT_EQ(Select("SELECT count(*) FROM contact_tags"), "0");
}

// It costs SQLite a page per index.
TEST_F(SqliteGroupTest, AnIndexedColumnIsWrittenOnlyWhereItDiffers) {
  Commit({Contact("w1", "10:00:00", R"("name":"Ann")")});
  Exec("CREATE TABLE written (what TEXT)");
  MakeTrigger("t", "AFTER UPDATE OF email, phone, location_id, created_at ON contacts_all", "",
              "INSERT INTO written VALUES ('index')");
  Commit({Contact("w2", "11:00:00", R"("name":"Bea")")});
  EXPECT_EQ(Select("SELECT count(*) FROM written"), "0");
  Commit({Contact("w3", "12:00:00", R"("email":"a@b")")});
  EXPECT_EQ(Select("SELECT count(*) FROM written"), "1");
}

TEST_P(GroupTest, WhatTheDatabaseRefusesOfOneEventFailsAsData) {
  Refuse("contacts_all", "NEW.id = 'bad'");
  EXPECT_EQ(Shown(Commit({Contact("w1", "10:00:00"), Contact("w2", "10:00:00", "", "ContactUpdate", "bad")})), "");
  EXPECT_EQ(failure.code, ErrorCode::kData) << failure.message;
  EXPECT_NE(failure.message.find("refused by the test"), std::string::npos) << failure.message;
  EXPECT_EQ(Select("SELECT count(*) FROM events"), "0");
  EXPECT_EQ(Shown(Commit({Contact("w1", "10:00:00")})), "stored w1") << failure.message;
}

TEST_P(GroupTest, CountsPerDaySourceLocationAndType) {
  std::vector<std::unique_ptr<Submission>> group;
  for (int i = 0; i < 3; ++i) {
    group.push_back(SubmissionOf(Contact("w" + std::to_string(i), "10:00:00", i == 1 ? R"("locationId":"l")" : ""),
                                 "/webhooks", kArrival - 1 + (i == 2 ? 0 : 1)));
  }
  CommitAll(group);
  Commit({Contact("w9", "11:00:00")});
  EXPECT_EQ(Select("SELECT day, location_id, events, last_received_at FROM event_counts ORDER BY 1, 2"),
            "2026-03-01,,1,2026-03-01 23:59:59.999 2026-03-02,,2,2026-03-02 00:00:00.000 "
            "2026-03-02,l,1,2026-03-02 00:00:00.000");
}

TEST_P(GroupTest, ABodyIsKeptByteForByte) {
  const std::string body = "{\"type\":\"LATER\",\"webhookId\":\"w\",\"x\":\"a\\u0000b\\ud800\",  \"n\":1.10,\"n\":2}\n";
  EXPECT_EQ(Shown(Commit({body, std::string("\0\xFF", 2)})), "stored w, quarantined");
  EXPECT_EQ(Select("SELECT payload FROM events"), body);
  EXPECT_EQ(Select("SELECT " + Hexed("payload") + " FROM quarantine"), "00FF");
}

TEST_P(GroupTest, FindsTheEventsOfAnIdWhateverTheirEntity) {
  Commit({R"({"type":"ContactUpdate","id":"c1","webhookId":"w1"})",
          R"({"type":"ContactUpdate","id":"c2","webhookId":"w2"})",
          R"({"type":"NoteUpdate","id":"n1","webhookId":"w1"})", R"({"type":"MoonLanding","webhookId":"w1"})"});
  auto transaction = store_->Begin(Store::Mode::kRead);
  EXPECT_EQ((*transaction)->SeqsOf("w1").value(), (std::vector<std::int64_t>{1, 3, 4}));
  EXPECT_EQ((*transaction)->SeqsOf("w").value(), std::vector<std::int64_t>());
}

}  // namespace
}  // namespace crmsink
