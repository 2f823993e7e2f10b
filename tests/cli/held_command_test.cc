#include <string>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_case.h"
#include "signature/signing.h"

namespace crmsink {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kContact =
    R"({"type":"ContactCreate","id":"c1","webhookId":"w1","firstName":"Ada","timestamp":"2026-03-01T10:00:00Z"})";

class HeldCommandTest : public CommandCase {
 protected:
  // Keeps a signed delivery whose key the server does not know.
  void HoldSigned(const std::string& body, const std::string& path = "/webhooks") {
    auto sink = Sink::Open({.database = "sqlite:" + folder_.File("h.db"), .builtin_keys = false, .clock = [] {
                              return Millis{1'772'409'600'000};
                            }});
    ASSERT_TRUE(sink) << sink.error().message;
    EXPECT_EQ((*sink)->Accept({path, body, {signer_.Sign(body)}, {}}).status, AckStatus::kHeld);
  }
  int Query(const std::string& sql) { return CallOn("h.db", {"query", sql}); }
  std::string Key() { return Write("key.pem", signer_.Pem()); }

  testing::Ed25519Signer signer_;
};

TEST_F(HeldCommandTest, QuarantineListsAndShows) {
  Deliver("h.db", {Post("no json"), Post(R"({"type":"ContactCreate","webhookId":"w7"})")});
  EXPECT_EQ(CallOn("h.db", {"quarantine", "list"}), kDone) << err_;
  EXPECT_THAT(out_, ::testing::StartsWith("id,received_at,path,signature_scheme,bytes,reason\r\n2,"));
  EXPECT_THAT(out_, HasSubstr("\r\n1,2026-03-02 00:00:00.000,/webhooks,,7,"));
  EXPECT_EQ(CallOn("h.db", {"quarantine", "list", "--limit", "1"}), kDone);
  EXPECT_THAT(out_, Not(HasSubstr("\r\n1,")));
  EXPECT_EQ(CallOn("h.db", {"quarantine", "show", "1", "--raw"}), kDone);
  EXPECT_EQ(out_, "no json");
  EXPECT_EQ(CallOn("h.db", {"quarantine", "show", "w7"}), kDone) << err_;
  EXPECT_THAT(out_, HasSubstr("{\n  \"type\": \"ContactCreate\","));
  EXPECT_EQ(CallOn("h.db", {"quarantine", "show", "w8"}), kFailed);
  EXPECT_EQ(err_, "crmsink: nothing in quarantine has the number or the event id w8 (crmsink quarantine list)\n");
}

TEST_F(HeldCommandTest, ShowsBytesThatAreNoText) {
  Deliver("h.db", {Post(std::string("\0\xff{", 3))});
  EXPECT_EQ(CallOn("h.db", {"quarantine", "show", "1", "--raw"}), kDone);
  EXPECT_EQ(out_, std::string("\0\xff{", 3));
  EXPECT_EQ(CallOn("h.db", {"quarantine", "show", "1"}), kDone);
  EXPECT_THAT(out_, HasSubstr("payload, 3 bytes:\n"));
  EXPECT_THAT(out_, HasSubstr("\\xff{\n"));
}

TEST_F(HeldCommandTest, RetryOfWhatIsStillNoEventSaysHowManyStayAndWhy) {
  Deliver("h.db", {Post("no json"), Post("[1]"), Post(R"({"type":"ContactCreate"})")});
  EXPECT_EQ(CallOn("h.db", {"quarantine", "retry"}), kFinding);
  EXPECT_THAT(out_, HasSubstr("id,received_at,path,reason\r\n1,2026-03-02 00:00:00.000,/webhooks,"));
  EXPECT_THAT(err_, HasSubstr("3 tried: 0 are in the log and the tables now, 0 were there already, 3 stay\n"));
  EXPECT_THAT(err_, HasSubstr("  1 because: "));
  EXPECT_EQ(CallOn("h.db", {"quarantine", "retry", "2"}), kFinding);
  EXPECT_THAT(err_, HasSubstr("1 tried: "));
  EXPECT_EQ(CallOn("h.db", {"quarantine", "retry", "9"}), kFailed);
  EXPECT_EQ(Query("SELECT count(*) AS n FROM quarantine"), kDone);
  EXPECT_EQ(out_, "n\r\n3\r\n");
}

TEST_F(HeldCommandTest, RetryTakesWhatIsAnEventNow) {
  Deliver("h.db", {Post("no json"), Post("[1]")});
  // As if an earlier version had not understood it.
  SQLite::Database(folder_.File("h.db"), SQLite::OPEN_READWRITE)
      .exec("UPDATE quarantine SET payload = CAST('" + kContact + "' AS BLOB) WHERE id = 2");
  EXPECT_EQ(CallOn("h.db", {"quarantine", "retry", "w1"}), kDone) << err_;
  EXPECT_THAT(err_, HasSubstr("1 tried: 1 are in the log and the tables now, 0 were there already, 0 stay\n"));
  EXPECT_EQ(Query("SELECT id, first_name, first_received_at FROM contacts"), kDone);
  EXPECT_EQ(out_, "id,first_name,first_received_at\r\nc1,Ada,2026-03-02 00:00:01.000\r\n");
  EXPECT_EQ(Query("SELECT id FROM quarantine"), kDone);
  EXPECT_EQ(out_, "id\r\n1\r\n");
  EXPECT_EQ(CallOn("h.db", {"verify"}), kDone) << out_;
}

TEST_F(HeldCommandTest, UnverifiedStaysWithoutItsKeyAndLeavesWithIt) {
  HoldSigned(kContact);
  HoldSigned("signed, but no JSON");
  EXPECT_EQ(CallOn("h.db", {"unverified", "list"}), kDone);
  EXPECT_THAT(out_, HasSubstr(",/webhooks,ed25519,"));
  EXPECT_EQ(CallOn("h.db", {"unverified", "show", "w1", "--raw"}), kDone);
  EXPECT_EQ(out_, kContact);
  EXPECT_EQ(CallOn("h.db", {"unverified", "retry"}), kFinding);
  EXPECT_THAT(err_, HasSubstr("2 stay\n  2 because: its signature fits no known key\n"));
  EXPECT_EQ(CallOn("h.db", {"unverified", "retry", "--signature-key", Key()}), kDone) << err_;
  EXPECT_THAT(err_, HasSubstr("2 tried: 1 are in the log and the tables now, 0 were there already, 1 are authentic but "
                              "no event: quarantined, 0 stay\n"));
  EXPECT_EQ(Query("SELECT first_name FROM contacts"), kDone);
  EXPECT_EQ(out_, "first_name\r\nAda\r\n");
  EXPECT_EQ(Query("SELECT (SELECT count(*) FROM unverified) AS u, (SELECT count(*) FROM quarantine) AS q"), kDone);
  EXPECT_EQ(out_, "u,q\r\n0,1\r\n");
  EXPECT_EQ(CallOn("h.db", {"verify", "--signature-key", Key()}), kDone);
  EXPECT_THAT(err_, HasSubstr("1 good, 0 that cannot be checked"));
}

TEST_F(HeldCommandTest, AServerReleasesWhatFitsAKeyWhenItStarts) {
  HoldSigned(kContact);
  std::uint64_t released = 0;
  auto sink = Sink::Open({.database = "sqlite:" + folder_.File("h.db"),
                          .signature_required = false,
                          .builtin_keys = false,
                          .on_release = [&](std::uint64_t deliveries) { released = deliveries; }});
  ASSERT_TRUE(sink);
  sink->reset();
  EXPECT_EQ(released, 0u) << "it fits no key, so it stays, also where arrivals are not checked";
  sink = Sink::Open({.database = "sqlite:" + folder_.File("h.db"),
                     .extra_keys = {signer_.Pem()},
                     .builtin_keys = false,
                     .on_release = [&](std::uint64_t deliveries) { released = deliveries; }});
  ASSERT_TRUE(sink);
  EXPECT_EQ(released, 1u);
  EXPECT_EQ((*sink)->Accept({"/webhooks", kContact, {signer_.Sign(kContact)}, {}}).status, AckStatus::kDuplicate);
  sink->reset();
  EXPECT_EQ(Query("SELECT count(*) AS n FROM unverified"), kDone);
  EXPECT_EQ(out_, "n\r\n0\r\n");
}

}  // namespace
}  // namespace crmsink
