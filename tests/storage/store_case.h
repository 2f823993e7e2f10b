#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "projection/project.h"
#include "storage/database.h"
#include "storage/group.h"
#include "support/test_database.h"

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

// A migrated database of its own, a store on it, and a second way to look at it.
class StoreFixture {
 protected:
  explicit StoreFixture(DatabaseUrl::Backend backend)
      : backend_(backend), database_(TestDatabase::Make(backend)), url_(database_->url()), store_(Open()) {}

  std::unique_ptr<Store> Open() {
    auto store = OpenStore(url_, {.create = true, .migrate = true, .synchronous = "OFF"});
    if (!store) throw std::runtime_error(store.error().message);
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

  // As TestDatabase has them.
  std::string Select(const std::string& sql) { return database_->Select(sql); }
  void Exec(const std::string& sql) { database_->Execute(sql); }

  // SQL for the hexadecimal digits, in capitals, of an expression that gives bytes.
  std::string Hexed(const std::string& bytes) const {
    return IsPostgres() ? "upper(encode(" + bytes + ", 'hex'))" : "hex(" + bytes + ")";
  }

  // Does `what` for each row that an event such as "AFTER INSERT ON contact_tags" is about, under a condition if there
  // is one. SQLite: a statement; PostgreSQL: one or more of PL/pgSQL.
  void MakeTrigger(const std::string& name, const std::string& event, const std::string& condition,
                   const std::string& what) {
    const std::string when = condition.empty() ? "" : " WHEN (" + condition + ")";
    if (!IsPostgres()) return Exec("CREATE TRIGGER " + name + " " + event + when + " BEGIN " + what + "; END");
    Exec("CREATE FUNCTION " + name + "() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + what +
         "; RETURN NEW; END$$; CREATE TRIGGER " + name + " " + event + " FOR EACH ROW" + when + " EXECUTE FUNCTION " +
         name + "()");
  }
  // From now on the database refuses such rows, with "refused by the test".
  void Refuse(const std::string& table, const std::string& condition) {
    MakeTrigger("refuse", "BEFORE INSERT ON " + table, condition,
                IsPostgres() ? "RAISE EXCEPTION 'refused by the test' USING ERRCODE = 'check_violation'"
                             : "SELECT RAISE(ABORT, 'refused by the test')");
  }

  bool IsPostgres() const { return backend_ == DatabaseUrl::Backend::kPostgres; }

  const DatabaseUrl::Backend backend_;
  const std::unique_ptr<TestDatabase> database_;
  const std::string url_;
  std::unique_ptr<Store> store_;
  std::uint64_t folds = 0;
  Error failure;
};

// For what holds on each backend: stamp the suite with CRMSINK_ON_EACH_BACKEND.
class StoreCase : public testing::TestWithParam<DatabaseUrl::Backend>, protected StoreFixture {
 protected:
  StoreCase() : StoreFixture(GetParam()) {}
};

// For what is of one backend alone.
class SqliteCase : public testing::Test, protected StoreFixture {
 protected:
  SqliteCase() : StoreFixture(DatabaseUrl::Backend::kSqlite) {}
};
class PostgresCase : public testing::Test, protected StoreFixture {
 protected:
  PostgresCase() : StoreFixture(DatabaseUrl::Backend::kPostgres) {}
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
