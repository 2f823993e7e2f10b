// Faults of our own and of the surroundings, through the door of the product: an event that makes it throw, a report
// that reads for hours, a clock that is wrong.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>

#include "fault/evidence.h"
#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SinkFaultTest : public testing::Test {
 protected:
  void Open(Sink::Options options = {}) {
    options.database = "sqlite:" + file_;
    options.signature_required = false;
    auto sink = Sink::Open(std::move(options));
    ASSERT_TRUE(sink) << sink.error().message;
    sink_ = *std::move(sink);
  }

  AckStatus Accept(const std::string& id, std::size_t note_bytes = 0) {
    const std::string body = R"({"type":"ContactCreate","timestamp":"2025-10-01T10:00:00Z","id":")" + id +
                             R"(","webhookId":")" + id + R"(","note":")" + std::string(note_bytes, 'n') + "\"}";
    const AckStatus status = sink_->Accept({"/webhooks", body, {}, {}}).status;
    if (status == AckStatus::kStored) promised_.events[id] = {"/webhooks", body, id, "contacts_all", id};
    if (status == AckStatus::kQuarantined) ++promised_.quarantined[body];
    return status;
  }

  std::string Select(const std::string& sql) { return SQLite::Database(file_).execAndGet(sql).getString(); }

  TempFolder folder_;
  const std::string file_ = folder_.File("crmsink.db");
  Promised promised_;
  std::unique_ptr<Sink> sink_;
};

TEST_F(SinkFaultTest, AnEventThatMakesUsThrowGoesToQuarantineAndTheRestGoesOn) {
  ASSERT_NO_FATAL_FAILURE(Open({.on_event = [](std::string_view event_id, std::string_view type) {
    if (event_id.starts_with("poison")) throw std::logic_error("a mistake of ours in " + std::string(type));
  }}));
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(Accept("good-" + std::to_string(i)), AckStatus::kStored);
    EXPECT_EQ(Accept("poison-" + std::to_string(i)), AckStatus::kQuarantined);
  }
  EXPECT_THAT(Select("SELECT reason FROM quarantine LIMIT 1"), HasSubstr("a mistake of ours in ContactCreate"));
  sink_->Close();
  EXPECT_THAT(Broken(file_, promised_), IsEmpty());
}

TEST_F(SinkFaultTest, WithoutMemoryForAnEventTheAnswerIsBusyAndItMayComeAgain) {
  int left = 3;
  ASSERT_NO_FATAL_FAILURE(Open({.on_event = [&left](std::string_view, std::string_view) {
    if (left-- > 0) throw std::bad_alloc();
  }}));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Accept("c1"), AckStatus::kBusy);
  EXPECT_EQ(Accept("c1"), AckStatus::kStored);
  sink_->Close();
  EXPECT_THAT(Broken(file_, promised_), IsEmpty());
}

// What is new stays in the WAL while somebody reads an old state, and goes into the file when that ends.
TEST_F(SinkFaultTest, WritesGoOnBesideALongReaderAndTheWalShrinksAfterwards) {
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Accept("before"), AckStatus::kStored);
  SQLite::Database reader(file_);
  const auto seen = [&reader] { return reader.execAndGet("SELECT count(*) FROM events").getInt(); };
  reader.exec("BEGIN");
  EXPECT_EQ(seen(), 1);
  for (int i = 0; i < 200; ++i) ASSERT_EQ(Accept("contact-" + std::to_string(i), 10'000), AckStatus::kStored) << i;
  EXPECT_EQ(seen(), 1) << "it reads one state";
  EXPECT_GT(std::filesystem::file_size(file_ + "-wal"), 2'000'000U);
  reader.exec("COMMIT");
  EXPECT_EQ(seen(), 201);
  SQLite::Database(file_, SQLite::OPEN_READWRITE).exec("PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_EQ(std::filesystem::file_size(file_ + "-wal"), 0U);
  EXPECT_EQ(Accept("afterwards"), AckStatus::kStored);
  sink_->Close();
  EXPECT_THAT(Broken(file_, promised_), IsEmpty());
}

}  // namespace
}  // namespace crmsink::fault
