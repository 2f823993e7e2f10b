#include "storage/backup.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "replay/verify.h"
#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class BackupTest : public ::testing::Test {
 protected:
  std::string Url(const std::string& name) const { return "sqlite:" + folder_.File(name); }

  std::unique_ptr<Sink> OpenSink(const std::string& name = "live.db") {
    auto sink = Sink::Open({.database = Url(name), .signature_required = false});
    if (!sink) throw std::runtime_error(sink.error().message);
    return *std::move(sink);
  }

  static bool Keep(Sink& sink, const std::string& id) {
    const std::string body = R"({"type":"ContactCreate","locationId":"l1","id":")" + id + R"(","firstName":")" +
                             std::string(3000, 'x') + R"(","webhookId":"w-)" + id + "\"}";
    return sink.Accept({"/webhooks", body, {}, {}}).status == AckStatus::kStored;
  }

  // The ids of the contacts in a file, and in the log of it.
  std::set<std::string> Contacts(const std::string& name) const {
    SQLite::Database database(folder_.File(name), SQLite::OPEN_READONLY);
    std::set<std::string> ids;
    SQLite::Statement rows(database, "SELECT id FROM contacts JOIN events ON entity = 'Contact' AND entity_id = id");
    while (rows.executeStep()) ids.insert(rows.getColumn(0).getString());
    return ids;
  }

  // Beside the source and what SQLite keeps with it.
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (const std::string name = entry.path().filename(); !name.starts_with("live.db")) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
  }

  void WriteFile(const std::string& name, const std::string& text) { std::ofstream(folder_.File(name)) << text; }
  std::string ReadFile(const std::string& name) const {
    std::ifstream file(folder_.File(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TempFolder folder_;
};

TEST_F(BackupTest, IsTheMomentAtWhichItBeganAndIsNotBegunAgainByWrites) {
  const auto sink = OpenSink();
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(Keep(*sink, "before" + std::to_string(i)));
  int portions = 0;
  const auto report = Backup(Url("live.db"), folder_.File("copy.db"),
                             {.on_progress =
                                  [&](auto done, auto total) {
                                    EXPECT_LE(done, total);
                                    EXPECT_TRUE(Keep(*sink, "during" + std::to_string(portions)));
                                    return ++portions < 1000;
                                  },
                              .portion = 64 << 10});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(portions, 3);
  EXPECT_EQ(report->bytes, fs::file_size(folder_.File("copy.db")));
  const std::set<std::string> kept = Contacts("copy.db");
  EXPECT_EQ(kept.size(), 60);
  for (int i = 0; i < 60; ++i) EXPECT_TRUE(kept.contains("before" + std::to_string(i)));
}

TEST_F(BackupTest, HasWhatWasAcknowledgedBeforeAndAServerStartsOnIt) {
  std::set<std::string> before;
  {
    const auto sink = OpenSink();
    std::atomic<bool> stop = false;
    std::mutex mutex;
    std::set<std::string> acknowledged;
    std::vector<std::jthread> senders;
    for (int t = 0; t < 4; ++t) {
      senders.emplace_back([&, t] {
        for (int i = 0; !stop; ++i) {
          const std::string id = std::to_string(t) + "-" + std::to_string(i);
          if (!Keep(*sink, id)) continue;
          const std::lock_guard lock(mutex);
          acknowledged.insert(id);
        }
      });
    }
    const auto count = [&] {
      const std::lock_guard lock(mutex);
      return acknowledged.size();
    };
    while (count() < 200) std::this_thread::yield();
    {
      const std::lock_guard lock(mutex);
      before = acknowledged;
    }
    const auto report = Backup(Url("live.db"), folder_.File("copy.db"), {.portion = 32 << 10});
    stop = true;
    ASSERT_TRUE(report) << report.error().message;
  }
  const std::set<std::string> kept = Contacts("copy.db");
  for (const std::string& id : before) EXPECT_TRUE(kept.contains(id)) << id;
  const auto verified = Verify(Url("copy.db"), {});
  ASSERT_TRUE(verified) << verified.error().message;
  EXPECT_EQ(verified->differences, 0);
  EXPECT_EQ(verified->entities, kept.size());
  EXPECT_TRUE(Keep(*OpenSink("copy.db"), "later"));
}

TEST_F(BackupTest, IsOneFileThatItsOwnerAloneMayRead) {
  ASSERT_TRUE(Keep(*OpenSink(), "a"));
  ASSERT_TRUE(Backup(Url("live.db"), folder_.File("copy.db")));
  EXPECT_EQ(Contacts("copy.db").size(), 1);
  EXPECT_THAT(Files(), ElementsAre("copy.db"));
  struct stat state {};
  ASSERT_EQ(::stat(folder_.File("copy.db").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600U);
}

TEST_F(BackupTest, ReplacesAFileOnlyWhereThatIsWanted) {
  ASSERT_TRUE(Keep(*OpenSink(), "a"));
  WriteFile("copy.db", "what was there");
  const auto refused = Backup(Url("live.db"), folder_.File("copy.db"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("--overwrite"));
  EXPECT_EQ(ReadFile("copy.db"), "what was there");
  ASSERT_TRUE(Backup(Url("live.db"), folder_.File("copy.db"), {.overwrite = true}));
  EXPECT_EQ(Contacts("copy.db").size(), 1);
}

TEST_F(BackupTest, NeverReplacesADatabaseThatIsInUse) {
  const auto sink = OpenSink(), other = OpenSink("other.db");
  ASSERT_TRUE(Keep(*sink, "a") && Keep(*other, "b"));
  fs::create_symlink(folder_.File("live.db"), folder_.File("link.db"));
  for (const char* name : {"live.db", "link.db", "other.db"}) {
    const auto refused = Backup(Url("live.db"), folder_.File(name), {.overwrite = true});
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
  }
  EXPECT_TRUE(Keep(*sink, "c") && Keep(*other, "d"));
}

TEST_F(BackupTest, NothingOfAnotherDatabaseIsLeftBesideIt) {
  ASSERT_TRUE(Keep(*OpenSink(), "a"));
  for (const char* left : {"copy.db-wal", "copy.db-journal"}) {
    WriteFile(left, "of another one");
    const auto refused = Backup(Url("live.db"), folder_.File("copy.db"));
    ASSERT_FALSE(refused) << left;
    EXPECT_THAT(refused.error().message, HasSubstr(left));
    EXPECT_EQ(ReadFile(left), "of another one");
    fs::remove(folder_.File(left));
  }
  EXPECT_TRUE(Backup(Url("live.db"), folder_.File("copy.db")));
}

TEST_F(BackupTest, OneThatIsGivenUpLeavesNothing) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Keep(*OpenSink(), std::to_string(i)));
  WriteFile("copy.db", "the one before");
  const auto report = Backup(Url("live.db"), folder_.File("copy.db"),
                             {.overwrite = true, .on_progress = [](auto, auto) { return false; }, .portion = 8192});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(ReadFile("copy.db"), "the one before");
  EXPECT_THAT(Files(), ElementsAre("copy.db"));
}

TEST_F(BackupTest, SaysWhatItCannotDo) {
  const auto none = Backup(Url("none.db"), folder_.File("copy.db"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
  const auto server = Backup("postgresql://u:secret@h/d?schema=crm_a", folder_.File("copy.db"));
  ASSERT_FALSE(server);
  EXPECT_THAT(server.error().message, HasSubstr("pg_dump --schema=crm_a"));
  EXPECT_THAT(server.error().message, ::testing::Not(HasSubstr("secret")));
  WriteFile("text.db", std::string(9000, 'x'));
  const auto text = Backup(Url("text.db"), folder_.File("copy.db"));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::kCorrupt);
  ASSERT_TRUE(Keep(*OpenSink(), "a"));
  const auto nowhere = Backup(Url("live.db"), folder_.File("no/copy.db"));
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::kUnavailable);
  EXPECT_FALSE(fs::exists(folder_.File("copy.db")));
}

}  // namespace
}  // namespace crmsink
