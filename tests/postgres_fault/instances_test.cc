// Many instances on one database: what they are told, in any order and often to two of them at once, ends as it would
// with one.
//   CRMSINK_SEEDS  how many loads (3; at most 50)
#include <algorithm>
#include <iostream>
#include <latch>
#include <mutex>

#include "fault_case.h"
#include "ingest/submission.h"
#include "replay/dump.h"
#include "replay/verify.h"
#include "storage/database.h"
#include "storage/group.h"
#include "support/postgres_database.h"

namespace crmsink::fault {
namespace {

constexpr std::size_t kInstances = 3;
constexpr std::size_t kWriters = 2;          // of each
constexpr std::size_t kEntitiesOfAKind = 5;  // contacts, opportunities, invoices and messages: twenty
constexpr std::size_t kEvents = 400;

std::vector<MadeEvent> EventsOf(std::uint64_t seed) {
  Load load(seed, "e", kEntitiesOfAKind);
  std::vector<MadeEvent> events;
  for (std::size_t i = 0; i < kEvents; ++i) events.push_back(load.Next());
  return events;
}

Submission SubmissionOf(const MadeEvent& event) {
  Submission submission;
  submission.delivery = DeliveryOf(event.path, event.body, SystemNow());
  ReadSubmission(submission);
  return submission;
}

std::vector<std::string> DumpOf(const std::string& url) {
  std::vector<std::string> lines;
  const auto done = Dump(url, false, [&lines](std::string_view line) { lines.emplace_back(line); });
  EXPECT_TRUE(done) << done.error().message;
  return lines;
}

// Lets a group be tried once: who would run it again because another was faster fails.
class OneTry final : public Store {
 public:
  explicit OneTry(Store& store) : store_(store) {}
  Result<std::unique_ptr<Transaction>> Begin(Mode mode) override {
    if (has_begun_) return Fail(ErrorCode::kInternal, "no second try");
    has_begun_ = true;
    return store_.Begin(mode);
  }

 private:
  Store& store_;
  bool has_begun_ = false;
};

struct Protection {
  std::string isolation = "READ COMMITTED";
  bool runs_again = true;
};

// Commits the events in groups of any size. The failures of groups.
std::vector<std::string> FeedOne(Store& store, std::span<const MadeEvent* const> share, const std::string& writer,
                                 std::uint64_t seed, const Protection& protection) {
  std::mt19937_64 random(seed);
  std::vector<std::string> failures;
  while (!share.empty()) {
    const std::size_t size = std::min<std::size_t>(1 + random() % 24, share.size());
    std::vector<Submission> submissions;
    for (const MadeEvent* event : share.first(size)) submissions.push_back(SubmissionOf(*event));
    std::vector<Submission*> group;
    for (Submission& submission : submissions) group.push_back(&submission);
    OneTry once(store);
    const auto outcome = CommitGroup(protection.runs_again ? store : once, group, writer);
    if (!outcome) failures.push_back(outcome.error().message);
    share = share.subspan(size);
  }
  return failures;
}

// The database has the rows that SQLite has after the same events.
void ExpectAsSqlite(const std::string& url, const std::vector<MadeEvent>& events) {
  TempFolder folder;
  const std::string file = "sqlite:" + folder.File("crmsink.db");
  {
    const auto store = OpenStore(file, {.create = true, .migrate = true, .synchronous = "OFF"});
    ASSERT_TRUE(store);
    std::vector<const MadeEvent*> all;
    for (const MadeEvent& event : events) all.push_back(&event);
    EXPECT_THAT(FeedOne(**store, all, "main", 1, {}), testing::IsEmpty());
  }
  const auto ours = DumpOf(url), theirs = DumpOf(file);
  EXPECT_GT(ours.size(), kEntitiesOfAKind);
  EXPECT_EQ(ours, theirs);
}

class PostgresInstancesTest : public testing::Test {
 protected:
  // Each event comes to two instances, each instance gets what it gets in an order of its own and has several writers.
  // The failures of groups.
  std::vector<std::string> Feed(std::uint64_t seed, const std::vector<MadeEvent>& events,
                                const Protection& protection) {
    std::mt19937_64 random(seed);
    std::vector<std::vector<const MadeEvent*>> shares(kInstances * kWriters);
    for (const MadeEvent& event : events) {
      const std::size_t first = random() % kInstances;
      const std::size_t second = (first + 1 + random() % (kInstances - 1)) % kInstances;
      for (const std::size_t instance : {first, second}) {
        shares[instance * kWriters + random() % kWriters].push_back(&event);
      }
    }
    std::mutex mutex;
    std::vector<std::string> failures;
    std::latch start(static_cast<std::ptrdiff_t>(shares.size()));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      std::shuffle(shares[i].begin(), shares[i].end(), random);
      threads.emplace_back([&, i, own_seed = random()] {
        const auto store = OpenStore(database_.url(), {.isolation = protection.isolation});
        start.arrive_and_wait();
        for (std::string& failure : FeedOne(**store, shares[i], std::to_string(i), own_seed, protection)) {
          const std::lock_guard lock(mutex);
          failures.push_back(std::move(failure));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    return failures;
  }

  Promised PromisedBy(const std::vector<MadeEvent>& events) {
    Promised promised;
    for (const MadeEvent& event : events) promised.events.emplace(event.event_id, event);
    return promised;
  }

  PostgresDatabase database_;
};

TEST_F(PostgresInstancesTest, EndAsOneInstanceDoes) {
  const std::uint64_t seeds = std::min<std::uint64_t>(NumberOf("CRMSINK_SEEDS", 3), 50);
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    database_.Empty();
    const auto events = EventsOf(seed);
    EXPECT_THAT(Feed(seed, events, {}), testing::IsEmpty());
    EXPECT_THAT(BrokenOn(database_.url(), PromisedBy(events)), testing::IsEmpty());
    ExpectAsSqlite(database_.url(), events);
    if (HasFailure()) return;
  }
}

// What protects them is needed: without it, the same load does not go through.
TEST_F(PostgresInstancesTest, WithoutTheirProtectionTheyDoNot) {
  const auto events = EventsOf(1);
  const auto failures = Feed(1, events, {.isolation = "REPEATABLE READ", .runs_again = false});
  std::cout << "FIGURES " << failures.size() << " groups failed" << std::endl;
  EXPECT_FALSE(failures.empty());
  EXPECT_THAT(failures, testing::Each(testing::StrEq("no second try")));
  EXPECT_FALSE(BrokenOn(database_.url(), PromisedBy(events)).empty());
}

// Without a time of their own, events are ordered by their arrival, and each looks at the log before it is put there;
// the same again after another one is a new one. So the log's locks are taken in no order, and two groups may want each
// other's.
TEST_F(PostgresInstancesTest, EventsWithoutATimeGoThroughToo) {
  auto events = EventsOf(1);
  for (std::size_t i = 0; i < events.size(); i += 2) {
    events[i].path = "/webhooks";
    events[i].body = R"({"type":"ContactTagUpdate","id":"contact-)" + std::to_string(i % kEntitiesOfAKind) +
                     R"(","tags":["tag )" + std::to_string(i) + "\"]}";
  }
  EXPECT_THAT(Feed(1, events, {}), testing::IsEmpty());
  EXPECT_EQ(database_.Select("SELECT count(DISTINCT payload) FROM events WHERE type = 'ContactTagUpdate'"),
            std::to_string(kEvents / 2));
  std::erase_if(events, [](const MadeEvent& event) { return event.body.find("tag ") != std::string::npos; });
  EXPECT_THAT(BrokenOn(database_.url(), PromisedBy(events)), testing::IsEmpty());
}

class PostgresProcessesTest : public FaultCase {
 protected:
  PostgresProcessesTest()
      : FaultCase({.connections = 12, .entities = kEntitiesOfAKind, .pause = milliseconds(5), .copies = 2}) {}

  PostgresDatabase database_{PostgresDatabase::Content::kNothing};
};

// Real processes, which make the schema together, and then take each delivery twice.
TEST_F(PostgresProcessesTest, EndAsOneInstanceDoes) {
  std::vector<std::unique_ptr<Receiver>> receivers;
  std::vector<std::string> urls;
  std::vector<Receiver*> all;
  for (std::size_t i = 0; i < kInstances; ++i) {
    receivers.push_back(std::make_unique<Receiver>(Receiver::Options{.database = database_.url(),
                                                                     .folder = folder_.path().string(),
                                                                     .name = "instance" + std::to_string(i),
                                                                     .waits = false}));
    all.push_back(receivers.back().get());
  }
  for (Receiver* receiver : all) {
    receiver->AwaitStart();
    urls.push_back(receiver->url());
  }
  traffic_.Run(urls, seconds(3));
  ExpectKept(database_.url(), all, "three processes, each delivery to two of them");
  const Account account = traffic_.account();
  EXPECT_EQ(account.Of("429"), 0u);
  EXPECT_EQ(account.Of("0"), 0u);
  std::vector<MadeEvent> events;
  for (const auto& [id, event] : account.promised.events) events.push_back(event);
  ExpectAsSqlite(database_.url(), events);
}

// Opens the database with so many at once, each of which would migrate it; what was applied, by whomever.
std::vector<std::string> MigrateAtOnce(const std::string& url, int migrators) {
  std::mutex mutex;
  std::vector<std::string> applied;
  std::latch start(migrators);
  std::vector<std::thread> threads;
  for (int i = 0; i < migrators; ++i) {
    threads.emplace_back([&] {
      start.arrive_and_wait();
      const auto store = OpenStore(url, {.create = true, .migrate = true, .on_migration = [&](std::string_view name) {
                                           const std::lock_guard lock(mutex);
                                           applied.emplace_back(name);
                                         }});
      EXPECT_TRUE(store) << store.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  return applied;
}

TEST(PostgresMigratorsTest, ApplyEachMigrationOnceHoweverManyThereAre) {
  const int pairs = static_cast<int>(std::min<std::uint64_t>(NumberOf("CRMSINK_SEEDS", 2), 25));
  for (int round = 0; round <= pairs; ++round) {
    SCOPED_TRACE(round);
    PostgresDatabase database(PostgresDatabase::Content::kNothing);
    auto applied = MigrateAtOnce(database.url(), round == 0 ? 8 : 2);
    const auto known = MigrationsOf(database.url());
    ASSERT_TRUE(known);
    EXPECT_EQ(applied.size(), known->size());
    std::ranges::sort(applied);
    EXPECT_EQ(std::ranges::adjacent_find(applied), applied.end());
    EXPECT_TRUE(std::ranges::all_of(*known, [](const MigrationStatus& one) { return one.applied_at.has_value(); }));
  }
}

}  // namespace
}  // namespace crmsink::fault
