// That the check at the end of a soak can fail.
#include "evidence.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "signature/signing.h"
#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink::soak {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

http::RawAnswer Stored() { return {200, {}, R"({"status":"stored"})"}; }

fault::MadeEvent Contact(const std::string& id) {
  return {"/webhooks", R"({"type":"ContactCreate","id":")" + id + R"(","webhookId":")" + id + "\"}", id, "contacts_all",
          id};
}

class SoakEvidenceTest : public ::testing::Test {
 protected:
  // Three events and a body that is none, delivered, answered and noted.
  void SetUp() override {
    Sink::Options options{.database = "sqlite:" + file_, .extra_keys = {signer_.Pem()}};
    auto sink = Sink::Open(std::move(options));
    ASSERT_TRUE(sink) << sink.error().message;
    for (const char* id : {"one", "two", "three"}) {
      const fault::MadeEvent event = Contact(id);
      ASSERT_EQ((*sink)->Accept({event.path, event.body, {signer_.Sign(event.body)}, {}}).status, AckStatus::kStored);
      account_.Note(Intent::kEvent, event, Stored(), milliseconds(1));
    }
    const std::string body = R"({"no":"event"})";
    ASSERT_EQ((*sink)->Accept({"/webhooks", body, {signer_.Sign(body)}, {}}).status, AckStatus::kQuarantined);
    account_.Note(Intent::kNoEvent, {"/webhooks", body, "none", "", ""}, {200, {}, R"({"status":"quarantined"})"},
                  milliseconds(1));
  }

  std::vector<std::string> Broken() {
    const auto verifier = Verifier::Create({.extra_pem = {signer_.Pem()}});
    return BrokenInSqlite(file_, account_, *verifier);
  }
  void Execute(const std::string& sql) { SQLite::Database(file_, SQLite::OPEN_READWRITE).exec(sql); }

  TempFolder folder_;
  const std::string file_ = folder_.File("crmsink.db");
  const testing::Ed25519Signer signer_;
  Account account_;
};

TEST_F(SoakEvidenceTest, FindsNothingWhereEverythingIsKept) {
  EXPECT_THAT(Broken(), IsEmpty());
  EXPECT_EQ(account_.acknowledged(), 3U);
  EXPECT_THAT(account_.bad(), IsEmpty());
}

TEST_F(SoakEvidenceTest, FindsWhatIsLostOrHasOtherBytes) {
  account_.Note(Intent::kEvent, Contact("four"), Stored(), milliseconds(1));
  fault::MadeEvent other = Contact("two");
  other.body += ' ';
  account_.Note(Intent::kEvent, other, Stored(), milliseconds(1));
  account_.Note(Intent::kNoEvent, {"/webhooks", "not there", "x", "", ""}, {200, {}, R"({"status":"quarantined"})"},
                milliseconds(1));
  const auto broken = Broken();
  EXPECT_THAT(broken, Contains("event four is lost"));
  EXPECT_THAT(broken, Contains("event two has other bytes in the log"));
  EXPECT_THAT(broken, Contains("four is not in contacts_all"));
  EXPECT_THAT(broken, Contains("not once in the quarantine: not there"));
}

TEST_F(SoakEvidenceTest, FindsTablesThatAreNotWhatTheLogSays) {
  Execute("UPDATE contacts_all SET first_name = 'somebody' WHERE id = 'one'");
  EXPECT_THAT(Broken(), Contains(HasSubstr("contacts_all one")));
}

TEST_F(SoakEvidenceTest, FindsEventsOfUnknownSenders) {
  const fault::MadeEvent forged = Contact("forged");
  Sink::Options options{.database = "sqlite:" + file_, .signature_required = false};
  ASSERT_EQ((*Sink::Open(std::move(options)))->Accept({forged.path, forged.body, {}, {}}).status, AckStatus::kStored);
  account_.Note(Intent::kUnsigned, forged, {401, {}, ""}, milliseconds(1));
  const auto broken = Broken();
  EXPECT_THAT(broken, Contains("event forged of an unknown sender is in the log"));
  EXPECT_THAT(broken, Contains("signatures that are not good: 1"));
}

TEST_F(SoakEvidenceTest, CountsAnswersThatNothingAllows) {
  account_.Note(Intent::kEvent, Contact("five"), {503, {}, ""}, milliseconds(1));
  account_.Note(Intent::kEvent, Contact("five"), {401, {}, ""}, milliseconds(1));
  account_.Note(Intent::kUnsigned, Contact("five"), Stored(), milliseconds(1));
  account_.Note(Intent::kEvent, Contact("five"), {429, {}, ""}, milliseconds(1));
  account_.Note(Intent::kEvent, Contact("five"), {}, milliseconds(1));
  EXPECT_THAT(account_.bad(), SizeIs(3));
  EXPECT_EQ(account_.acknowledged(), 3U);
}

}  // namespace
}  // namespace crmsink::soak
