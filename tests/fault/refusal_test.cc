// Databases that the program must not write to: damaged, in use, not its own. It says why and leaves them as they are.
#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include "fault/evidence.h"
#include "sink.h"
#include "storage/database.h"
#include "support/sanitizer.h"
#include "support/temp_folder.h"

namespace crmsink::fault {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

void Flip(std::string& content, std::size_t offset, std::size_t size) {
  for (std::size_t i = offset; i < std::min(content.size(), offset + size); ++i)
    content[i] = static_cast<char>(~content[i]);
}

class RefusalTest : public testing::Test {
 protected:
  Sink::Options Options() const {
    Sink::Options options;
    options.database = "sqlite:" + file_;
    options.signature_required = false;
    return options;
  }

  // A database with some events in it.
  void Fill(std::size_t deliveries = 60) {
    auto sink = Sink::Open(Options());
    ASSERT_TRUE(sink) << sink.error().message;
    for (std::size_t i = 0; i < deliveries; ++i) Deliver(**sink);
  }

  AckStatus Deliver(Sink& sink) {
    MadeEvent event = load_.Next();
    const Ack ack = sink.Accept({event.path, event.body, {}, {}});
    if (ack.status == AckStatus::kStored) promised_.events[ack.event_id] = std::move(event);
    return ack.status;
  }

  std::string OpenError() const {
    auto sink = Sink::Open(Options());
    return sink ? "" : sink.error().message;
  }

  void Execute(const std::string& sql) const {
    SQLite::Database db(file_, SQLite::OPEN_READWRITE);
    db.exec(sql);
  }

  void ExpectRefusedUntouched(const ::testing::Matcher<const std::string&>& message) const {
    const std::string before = ReadFile(file_);
    EXPECT_THAT(OpenError(), message);
    EXPECT_TRUE(ReadFile(file_) == before) << "the file was changed";
  }

  TempFolder folder_;
  std::string file_ = folder_.File("crmsink.db");
  Load load_{7, "filled", 30};
  Promised promised_;
};

using CorruptFileTest = RefusalTest;

TEST_F(CorruptFileTest, AFileThatIsNoDatabaseIsLeftAlone) {
  WriteFile(file_, std::string(10'000, 'x'));
  ExpectRefusedUntouched(HasSubstr("no SQLite database"));
}

TEST_F(CorruptFileTest, ADatabaseOfSomebodyElseIsLeftAlone) {
  SQLite::Database(file_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE diary (day TEXT)");
  ExpectRefusedUntouched(HasSubstr("none of this program's"));
}

TEST_F(CorruptFileTest, ADamagedFirstPageIsRefused) {
  Fill();
  const std::string whole = ReadFile(file_);
  // The magic, the page size, the versions, the size of a cell, the schema's format, the b-tree.
  for (const std::size_t offset : {0U, 16U, 18U, 21U, 47U, 100U, 103U}) {
    std::string damaged = whole;
    Flip(damaged, offset, 2);
    WriteFile(file_, damaged);
    SCOPED_TRACE(offset);
    ExpectRefusedUntouched(
        AnyOf(HasSubstr("no SQLite database"), HasSubstr("damaged"), HasSubstr("unsupported file format")));
  }
  WriteFile(file_, whole);
  EXPECT_EQ(OpenError(), "");
  EXPECT_THAT(Broken(file_, promised_), IsEmpty());
}

// Every page in turn (every fifth under a sanitizer): either the damage is met and said, or it is nowhere in the way.
// Never is anything removed.
TEST_F(CorruptFileTest, ADamagedPageIsSaidAndNothingIsDeleted) {
  Fill();
  const std::string whole = ReadFile(file_);
  std::size_t tried = 0, refused = 0, busy = 0, seen_by_verify = 0, pages = whole.size() / 4096;
  for (std::size_t page = 1; page < pages; page += kIsSanitized ? 5 : 1) {
    std::string damaged = whole;
    Flip(damaged, page * 4096, 512);
    WriteFile(file_, damaged);
    SCOPED_TRACE("page " + std::to_string(page + 1));
    Sink::Options options = Options();
    std::string failure;
    options.on_failure = [&failure](const Error& error) { failure = error.message; };
    bool was_refused = false, was_busy = false;
    if (auto sink = Sink::Open(options); sink) {
      for (int i = 0; i < 10; ++i) {
        const bool is_busy = Deliver(**sink) == AckStatus::kBusy;
        EXPECT_TRUE(is_busy || !was_busy) << "written to although it is known to be damaged";
        was_busy |= is_busy;
      }
    } else {
      was_refused = true;
      EXPECT_THAT(sink.error().message, HasSubstr("damaged"));
    }
    if (was_busy) {
      EXPECT_THAT(failure, AllOf(HasSubstr("damaged"), HasSubstr("restore a backup"), HasSubstr(".recover")));
    }
    const auto broken = Broken(file_, {});
    if (was_refused || was_busy) {
      EXPECT_THAT(broken, Not(IsEmpty()));
    }
    EXPECT_GE(fs::file_size(file_), damaged.size());
    ++tried;
    refused += was_refused;
    busy += was_busy;
    seen_by_verify += !broken.empty();
  }
  EXPECT_GT(tried, 30U);
  EXPECT_GT(busy, kIsSanitized ? 1U : 5U);
  EXPECT_GT(seen_by_verify, tried / 2);
  RecordProperty("pages", std::to_string(pages));
}

// SQLite takes a WAL up to its first bad frame. What comes before is whole, and the program goes on.
class DamagedWalTest : public RefusalTest {
 protected:
  // Forty commits that are all in the WAL.
  void FillWal() {
    auto sink = Sink::Open(Options());
    ASSERT_TRUE(sink) << sink.error().message;
    for (int i = 0; i < 40; ++i) {
      MadeEvent event = load_.Next();
      const Ack ack = (*sink)->Accept({event.path, event.body, {}, {}});
      ASSERT_EQ(ack.status, AckStatus::kStored);
      ids_.push_back(ack.event_id);
      promised_.events[ack.event_id] = std::move(event);
    }
    db_ = ReadFile(file_);
    wal_ = ReadFile(file_ + "-wal");
    ASSERT_GT(wal_.size(), 100'000U);
  }

  // How many of the commits are there with this WAL; they must be the first ones.
  std::size_t KeptWith(const std::string& wal) {
    TempFolder copy;
    file_ = copy.File("crmsink.db");
    WriteFile(file_, db_);
    WriteFile(file_ + "-wal", wal);
    {
      auto sink = Sink::Open(Options());
      EXPECT_TRUE(sink) << sink.error().message;
      if (!sink) return 0;
      EXPECT_EQ(Deliver(**sink), AckStatus::kStored);
    }
    std::size_t kept = 0;
    SQLite::Database opened(file_);
    for (SQLite::Statement log(opened, "SELECT event_id FROM events ORDER BY seq"); log.executeStep(); ++kept) {
      if (kept == ids_.size() || log.getColumn(0).getString() != ids_[kept]) break;
    }
    EXPECT_EQ(opened.execAndGet("SELECT count(*) FROM events").getInt(), static_cast<int>(kept) + 1)
        << "what is left is no beginning of what was";
    EXPECT_THAT(Broken(file_, {}), IsEmpty());
    return kept;
  }

  std::vector<std::string> ids_;  // in the order of their commits
  std::string db_, wal_;
};

constexpr double kPlaces[] = {0.0, 0.3, 0.6, 0.8, 0.9, 0.97};

TEST_F(DamagedWalTest, LeavesWhatStandsBeforeTheDamage) {
  ASSERT_NO_FATAL_FAILURE(FillWal());
  std::vector<std::size_t> kept;
  for (const double place : kPlaces) {
    SCOPED_TRACE(place);
    std::string damaged = wal_;
    Flip(damaged, static_cast<std::size_t>(place * static_cast<double>(wal_.size())) + 10, 16);
    kept.push_back(KeptWith(damaged));
  }
  EXPECT_EQ(kept.front(), 0U);
  EXPECT_GT(kept.back(), 30U);
}

TEST_F(DamagedWalTest, LeavesWhatStandsBeforeItsEndWhereItIsCutOff) {
  ASSERT_NO_FATAL_FAILURE(FillWal());
  std::vector<std::size_t> kept;
  for (const double place : kPlaces) {
    SCOPED_TRACE(place);
    kept.push_back(KeptWith(wal_.substr(0, static_cast<std::size_t>(place * static_cast<double>(wal_.size())) + 10)));
  }
  EXPECT_EQ(kept.front(), 0U);
  EXPECT_GT(kept.back(), 30U);
  EXPECT_EQ(KeptWith(wal_), ids_.size());
}

using DatabaseInUseTest = RefusalTest;

TEST_F(DatabaseInUseTest, ASecondSinkIsRefusedAndTheFirstGoesOn) {
  auto first = Sink::Open(Options());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_THAT(OpenError(), AllOf(HasSubstr("another `crmsink serve` has"), HasSubstr(file_)));
  EXPECT_EQ(Deliver(**first), AckStatus::kStored);
  (*first)->Close();
  EXPECT_EQ(OpenError(), "");
}

TEST_F(DatabaseInUseTest, ASecondSinkIsRefusedByAnotherNameOfTheFile) {
  auto first = Sink::Open(Options());
  ASSERT_TRUE(first) << first.error().message;
  const std::string real = file_;
  file_ = folder_.path().string() + "/./sub/../crmsink.db";
  fs::create_directory(folder_.path() / "sub");
  EXPECT_THAT(OpenError(), HasSubstr("another `crmsink serve` has")) << "with dots";
  file_ = folder_.File("link.db");
  fs::create_symlink(real, file_);
  EXPECT_THAT(OpenError(), HasSubstr("another `crmsink serve` has")) << "by a symbolic link";
  TempFolder other;
  fs::create_directory_symlink(folder_.path(), other.path() / "data");
  file_ = other.File("data/crmsink.db");
  EXPECT_THAT(OpenError(), HasSubstr("another `crmsink serve` has")) << "in a linked folder";
}

using SchemaTest = RefusalTest;

TEST_F(SchemaTest, ANewerDatabaseIsRefused) {
  Fill(3);
  Execute(
      "INSERT INTO schema_migrations SELECT max(version) + 1, 'add_future', 'abc', '2030-01-01 00:00:00.000' "
      "FROM schema_migrations");
  ExpectRefusedUntouched(AllOf(HasSubstr("newer than this program"), HasSubstr("add_future")));
}

TEST_F(SchemaTest, AChangedMigrationIsRefused) {
  Fill(3);
  Execute(
      "UPDATE schema_migrations SET checksum = replace(checksum, substr(checksum, 1, 4), 'ffff') WHERE version = 2");
  ExpectRefusedUntouched(AllOf(HasSubstr("0002_create_contacts"), HasSubstr("checksum has changed")));
}

TEST_F(SchemaTest, AMissingMigrationIsRefused) {
  Fill(3);
  Execute("DELETE FROM schema_migrations WHERE version = 2");
  ExpectRefusedUntouched(HasSubstr("0002_create_contacts was never applied"));
}

// The last one is indistinguishable from one that is still to come; it cannot be applied twice.
TEST_F(SchemaTest, AForgottenLastMigrationIsRefused) {
  Fill(3);
  Execute("DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)");
  ExpectRefusedUntouched(HasSubstr("already exists"));
}

TEST_F(SchemaTest, AFolderThatIsNotThereIsNamed) {
  file_ = folder_.File("nowhere/crmsink.db");
  EXPECT_THAT(OpenError(), AllOf(HasSubstr("nowhere"), HasSubstr("check that the folder exists")));
}

}  // namespace
}  // namespace crmsink::fault
