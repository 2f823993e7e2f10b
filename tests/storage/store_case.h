#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "projection/project.h"
#include "storage/database.h"
#include "storage/group.h"
#include "support/temp_folder.h"

namespace crmsink {

// 2026-03-02T00:00:00Z: when deliveries arrive that say nothing else.
inline constexpr Millis kArrival = 1'772'409'600'000;

// A delivery, read as the program reads it.
inline std::unique_ptr<Submission> SubmissionOf(const std::string& body, const std::string& path = "/webhooks",
                                                Millis received_at = kArrival) {
  auto submission = std::make_unique<Submission>();
  submission->delivery.path = path;
  submission->delivery.body = body;
  submission->delivery.received_at = received_at;
  auto event = ReadEvent(submission->delivery);
  if (!event) {
    submission->reason = event.error();
    return submission;
  }
  submission->event = *std::move(event);
  if (submission->event->entity != nullptr) submission->change = Project(*submission->event, received_at);
  return submission;
}

// A migrated database in a folder of its own, a store on it, and a second way to look at it.
class StoreCase : public testing::Test {
 protected:
  StoreCase() : store_(Open()) {}

  std::unique_ptr<Store> Open() {
    auto store = OpenStore(url_, {.create = true, .migrate = true, .synchronous = "OFF"});
    EXPECT_TRUE(store) << store.error().message;
    return *std::move(store);
  }

  // What became of each, in one group; empty when the group failed, `failure` then says why.
  std::vector<Ack> Commit(const std::vector<std::string>& bodies) {
    std::vector<std::unique_ptr<Submission>> owned;
    for (const std::string& body : bodies) owned.push_back(SubmissionOf(body));
    return CommitAll(owned);
  }

  std::vector<Ack> CommitAll(const std::vector<std::unique_ptr<Submission>>& owned) {
    std::vector<Submission*> group;
    for (const auto& one : owned) group.push_back(one.get());
    auto outcome = CommitGroup(*store_, group, "test");
    if (!outcome) {
      failure = outcome.error();
      return {};
    }
    folds += outcome->folds;
    return outcome->acks;
  }

  // The rows, values joined by ',' and rows by ' '.
  std::string Select(const std::string& sql) {
    SQLite::Database db(file_, SQLite::OPEN_READONLY, 2000);
    SQLite::Statement statement(db, sql);
    std::string text;
    while (statement.executeStep()) {
      if (!text.empty()) text += ' ';
      for (int i = 0; i < statement.getColumnCount(); ++i) {
        if (i > 0) text += ',';
        text += statement.getColumn(i).isNull() ? "NULL" : statement.getColumn(i).getString();
      }
    }
    return text;
  }

  void Exec(const std::string& sql) { SQLite::Database(file_, SQLite::OPEN_READWRITE, 2000).exec(sql); }

  TempFolder folder_;
  std::string file_ = folder_.File("crmsink.db");
  std::string url_ = "sqlite:" + file_;
  std::unique_ptr<Store> store_;
  std::uint64_t folds = 0;
  Error failure;
};

// "stored w1, duplicate w1"
inline std::string Shown(const std::vector<Ack>& acks) {
  static constexpr const char* kNames[] = {"stored", "duplicate", "quarantined", "unsigned", "held", "busy"};
  std::string text;
  for (const Ack& ack : acks) {
    if (!text.empty()) text += ", ";
    text += kNames[static_cast<int>(ack.status)];
    if (!ack.event_id.empty()) text += " " + ack.event_id;
  }
  return text;
}

}  // namespace crmsink
