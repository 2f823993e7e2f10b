#include "replay/status.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "replay_case.h"
#include "storage/spool/spool.h"
#include "support/certificate.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using Level = StatusLine::Level;

constexpr Millis kDay = 86'400'000;

class StatusTest : public ReplayCase {
 protected:
  // The line of that section whose name begins so; an empty one where there is none.
  StatusLine Line(const std::string& section, const std::string& name, Millis later = 0) {
    const auto lines = Status(url_, now_ + later, options_);
    EXPECT_TRUE(lines) << lines.error().message;
    const auto found = std::ranges::find_if(
        *lines, [&](const StatusLine& line) { return line.section == section && line.name.starts_with(name); });
    return found == lines->end() ? StatusLine{} : *found;
  }
  bool HasFinding(Millis later = 0) {
    const auto lines = Status(url_, now_ + later, options_);
    EXPECT_TRUE(lines) << lines.error().message;
    return std::ranges::any_of(*lines, [](const StatusLine& line) { return line.level == Level::kFinding; });
  }
  // On that day before today, at noon.
  void Count(const std::string& location, Day days_ago, int events) {
    const std::string day = FormatDay(DayOf(now_) - days_ago);
    Exec("INSERT INTO event_counts (day, source, location_id, type, writer, events, last_received_at) VALUES ('" + day +
         "', 'webhook', '" + location + "', 'ContactUpdate', 'w', " + std::to_string(events) + ", '" + day +
         " 12:00:00.000')");
  }
  bool IsSqlite() const { return GetParam() == DatabaseUrl::Backend::kSqlite; }

  // A disk with room, so that no test hangs on this machine's.
  DiskSpace disk_{.free_bytes = std::uint64_t{50} << 30, .size_bytes = std::uint64_t{100} << 30};
  StatusOptions options_{.spool_file = {}, .certificate = {}, .check = false, .disk = [this](const std::string&) {
                           return std::optional(disk_);
                         }};

  static bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
};

TEST_P(StatusTest, OfAnEmptyDatabaseFindsNothing) {
  Fill(0);
  EXPECT_FALSE(HasFinding());
  EXPECT_EQ(Line("database", "migrations").level, Level::kInfo);
}

TEST_P(StatusTest, AnUnmappedEventIsAFindingWithAnExample) {
  {
    const auto sink = Open();
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"a"})"));
    for (int i = 0; i < 3; ++i)
      (void)sink->Accept(Post(R"({"type":"MoonLanding","webhookId":"m)" + std::to_string(i) + "\"}"));
    // So that the newest of its type is far from the end of the log.
    for (int i = 0; i < 3000; i += 100) {
      for (int k = 0; k < 100; ++k)
        sink->Submit(Post(R"({"type":"NoteUpdate","id":"n","webhookId":"n)" + std::to_string(i + k) + "\"}"),
                     [](Ack) {});
      (void)sink->Accept(Post(R"({"type":"NoteUpdate","id":"n","webhookId":"x)" + std::to_string(i) + "\"}"));
    }
  }
  const StatusLine line = Line("unmapped event", "MoonLanding");
  EXPECT_EQ(line.level, Level::kFinding);
  EXPECT_TRUE(line.value.starts_with("3, the latest at 2026-03-02 ")) << line.value;
  EXPECT_TRUE(Has(line.remedy, "crmsink events show 4.")) << line.remedy;
  EXPECT_TRUE(HasFinding());
  EXPECT_EQ(Line("events", "ContactUpdate").level, Level::kInfo);
  EXPECT_EQ(Line("unmapped event", "MoonLanding", 8 * kDay).level, Level::kNote);
  EXPECT_FALSE(HasFinding(8 * kDay));
}

TEST_P(StatusTest, AnUnmappedFieldIsANoteWithAnExample) {
  {
    const auto sink = Open();
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"a","shoeSize":44})"));
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c2","webhookId":"b","shoeSize":45,"hat":null})"));
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"c","email":"a@example.com"})"));
    (void)sink->Accept(Post(R"({"type":"InvoiceUpdate","_id":"i1","webhookId":"d","total":"much"})"));
  }
  const StatusLine line = Line("unmapped field", "contacts.shoeSize");
  EXPECT_EQ(line.level, Level::kNote);
  EXPECT_EQ(line.value, "in 2 of the newest events, 2 of the newest rows");
  EXPECT_TRUE(Has(line.remedy, "crmsink events show 2.")) << line.remedy;
  EXPECT_EQ(Line("unmapped field", "contacts.hat").value, "in 1 of the newest events, 1 of the newest rows");
  EXPECT_EQ(Line("unmapped field", "contacts.email").name, "");
  EXPECT_TRUE(Has(Line("unmapped field", "invoices.total").remedy, "crmsink events show 4."));
  EXPECT_FALSE(HasFinding());
}

TEST_P(StatusTest, AFieldThatOnlyRowsShowHasAnExampleToo) {
  {
    const auto sink = Open();
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"a","email":"x"})"));
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"b","shoeSize":45})"));
    for (int i = 0; i < 1100; ++i) {
      sink->Submit(Post(R"({"type":"NoteUpdate","id":"n","webhookId":"n)" + std::to_string(i) + "\"}"), [](Ack) {});
    }
    (void)sink->Accept(Post(R"({"type":"NoteUpdate","id":"n","webhookId":"n"})"));
  }
  const StatusLine line = Line("unmapped field", "contacts.shoeSize");
  EXPECT_EQ(line.value, "in 0 of the newest events, 1 of the newest rows");
  EXPECT_TRUE(Has(line.remedy, "crmsink events show 2.")) << line.remedy;
}

TEST_P(StatusTest, QuarantineIsAFindingButNotAConflict) {
  {
    const auto sink = Open();
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"a"})"));
    (void)sink->Accept(Post(R"({"type":"ContactUpdate","id":"c1","webhookId":"a","name":"x"})"));
  }
  EXPECT_EQ(Line("quarantine", "an event id came before with another body").level, Level::kNote);
  EXPECT_FALSE(HasFinding());
  (void)Open()->Accept(Post("no json"));
  EXPECT_TRUE(HasFinding());
  EXPECT_FALSE(HasFinding(8 * kDay));
}

TEST_P(StatusTest, ScannersAreNoFindingButAMisspeltPathIs) {
  Fill(0);
  const std::string day = FormatDay(DayOf(now_));
  const auto refuse = [&](const std::string& kind, const std::string& path) {
    Exec("INSERT INTO refusals VALUES ('" + day + "', '" + kind + "', '" + path + "', 'w', 3, '" + FormatSqlTime(now_) +
         "')");
  };
  for (const char* path : {"/wp-login.php", "/.env", "other"}) refuse("404", path);
  refuse("400", "/x");
  refuse("413", "/upload");
  EXPECT_FALSE(HasFinding());
  EXPECT_EQ(Line("refusals", "404").name, "404 other requests");
  EXPECT_EQ(Line("refusals", "404").value, "9 in seven days");
  refuse("429", "/webhooks");
  EXPECT_FALSE(HasFinding());
  refuse("404", "/WebHook/ContactCreate");
  EXPECT_TRUE(HasFinding());
  EXPECT_TRUE(Has(Line("refusals", "404 /WebHook").remedy, "correct the URL"));
  EXPECT_FALSE(HasFinding(8 * kDay));
  refuse("413", "/webhooks/InvoicePaid");
  EXPECT_TRUE(Has(Line("refusals", "413 /webhooks/InvoicePaid").remedy, "--body-limit"));
}

TEST_P(StatusTest, WhatIsHeldIsAFinding) {
  Fill(0);
  Exec("INSERT INTO unverified (digest, reason, source, received_at, path, payload) VALUES (" +
       database_->RandomBytes() + ", 'r', 'webhook', '" + FormatSqlTime(now_) + "', '/webhooks', " +
       database_->BytesOf("x") + ")");
  const StatusLine line = Line("unverified", "deliveries held");
  EXPECT_EQ(line.level, Level::kFinding);
  EXPECT_TRUE(Has(line.remedy, "crmsink unverified retry"));
  EXPECT_FALSE(HasFinding(8 * kDay));
}

TEST_P(StatusTest, ASpoolThatWaitsIsAFinding) {
  TempFolder folder;
  Fill(0);
  const std::string file = folder.File("spool.db");
  const auto line = [&](const std::string& name, Millis later = 0) {
    options_.spool_file = file;
    const auto lines = Status(url_, now_ + later, options_);
    EXPECT_TRUE(lines) << lines.error().message;
    const auto found =
        std::ranges::find_if(*lines, [&](const StatusLine& one) { return one.section == "spool" && one.name == name; });
    return found == lines->end() ? StatusLine{} : *found;
  };
  EXPECT_EQ(line("deliveries").value, "");  // there is no spool
  auto spool = Spool::Open(file, std::uint64_t{1} << 20);
  ASSERT_TRUE(spool) << spool.error().message;
  EXPECT_EQ(line("deliveries").value, "0");
  EXPECT_EQ(line("oldest").value, "");
  Delivery delivery;
  delivery.received_at = now_;
  delivery.body = "{}";
  const Delivery* const deliveries[] = {&delivery};
  ASSERT_TRUE((*spool)->Put(deliveries));
  EXPECT_EQ(line("deliveries").value, "1");
  EXPECT_EQ(line("oldest", 60'000).level, Level::kInfo);
  EXPECT_EQ(line("oldest", 6 * 60'000).level, Level::kFinding);
  EXPECT_TRUE(Has(line("oldest", 6 * 60'000).remedy, "is the database reachable"));
  spool->reset();
  std::filesystem::resize_file(file, 1000);
  EXPECT_EQ(line("file").level, Level::kFinding);
}

TEST_P(StatusTest, SilenceWhereEventsCameEachDayIsAFinding) {
  Fill(0);
  constexpr Millis kHour = 3'600'000;
  for (Day day = 1; day <= 7; ++day) Count("loc1", day, 10);
  const Millis noon = 12 * kHour;  // after now_, which is midnight
  EXPECT_EQ(Line("silence", "", noon - 1).name, "");
  const StatusLine line = Line("silence", "", noon);
  EXPECT_EQ(line.name, "everything");
  EXPECT_EQ(line.level, Level::kFinding);
  EXPECT_EQ(line.value, "no event since " + FormatDay(DayOf(now_) - 1) + " 12:00:00.000");
  EXPECT_TRUE(Has(line.remedy, "crmsink serve"));
  EXPECT_EQ(Line("silence", "", 60 * kDay).name, "everything") << "it does not become well by itself";
}

TEST_P(StatusTest, ADayWithoutEventsOrFewOfThemIsNoSilence) {
  Fill(0);
  for (Day day = 1; day <= 7; ++day) Count("loc1", day, day == 7 ? 9 : 10);
  EXPECT_EQ(Line("silence", "", kDay).name, "") << "69 in a week";
  Count("loc2", 7, 1);
  EXPECT_EQ(Line("silence", "", kDay).name, "everything");
  Exec("DELETE FROM event_counts WHERE day = '" + FormatDay(DayOf(now_) - 4) + "'");
  EXPECT_EQ(Line("silence", "", kDay).name, "");
}

TEST_P(StatusTest, ALocationThatIsSilentWhileOthersAreNotIsAFindingForAWeek) {
  Fill(0);
  for (Day day = 2; day <= 8; ++day) Count("quiet", day, 10);
  for (Day day = 0; day <= 8; ++day) Count("loud", day, 10);
  for (Day day = 1; day <= 8; ++day) Count("", day, 10);
  const Millis noon = kDay / 2;
  const StatusLine line = Line("silence", "", noon);
  EXPECT_EQ(line.name, "location quiet");
  EXPECT_EQ(line.level, Level::kFinding);
  for (Day day = -10; day < 0; ++day) Count("loud", day, 10);
  EXPECT_EQ(Line("silence", "", 5 * kDay).name, "location quiet");
  EXPECT_EQ(Line("silence", "", 6 * kDay).name, "");
}

TEST_P(StatusTest, ManySilentLocationsAreCounted) {
  Fill(0);
  for (int i = 0; i < 25; ++i) {
    for (Day day = 2; day <= 8; ++day) Count("quiet" + std::to_string(100 + i), day, 10);
  }
  Count("loud", 0, 10);
  const StatusLine line = Line("silence", "other locations", kDay / 2);
  EXPECT_EQ(line.value, "5");
  EXPECT_EQ(line.level, Level::kFinding);
}

TEST_P(StatusTest, AClockBehindItsEventsIsAFinding) {
  Fill(1);
  EXPECT_EQ(Line("clock", "").name, "");
  EXPECT_EQ(Line("clock", "", -50'000).name, "");
  const StatusLine line = Line("clock", "", -90'000);
  EXPECT_EQ(line.level, Level::kFinding);
  EXPECT_TRUE(Has(line.remedy, "timedatectl"));
}

TEST_P(StatusTest, ADiskThatIsNearlyFullIsAFinding) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  const TempFolder folder;
  Fill(0);
  options_.spool_file = folder.File("spool.db");
  ASSERT_TRUE(Spool::Open(options_.spool_file, kGiB));
  const auto level = [&](std::uint64_t free, std::uint64_t size) {
    disk_ = {free, size};
    const StatusLine of_spool = Line("disk", "spool"), of_database = Line("disk", "database");
    if (IsSqlite()) {
      EXPECT_EQ(of_database.level, of_spool.level);
    } else {
      EXPECT_EQ(of_database.name, "");
    }
    EXPECT_EQ(of_spool.remedy.empty(), of_spool.level == Level::kInfo);
    return of_spool.level;
  };
  EXPECT_EQ(level(10 * kGiB, 100 * kGiB), Level::kInfo);
  EXPECT_EQ(level(10 * kGiB - 1, 100 * kGiB), Level::kFinding);
  EXPECT_EQ(level(kGiB, 4 * kGiB), Level::kInfo);
  EXPECT_EQ(level(kGiB - 1, 4 * kGiB), Level::kFinding);
  EXPECT_EQ(Line("disk", "spool").value, "1.0 GiB of 4.0 GiB left");
}

TEST_P(StatusTest, SaysHowLongTheDiskLasts) {
  Fill(0);
  for (Day day = 1; day <= 7; ++day) Count("loc1", day, 1000);
  if (!IsSqlite()) {
    EXPECT_EQ(Line("disk", "").name, "") << "the disk is the server's";
    return;
  }
  const auto bytes = static_cast<std::uint64_t>(std::filesystem::file_size(DatabaseUrl::Parse(url_)->file));
  const auto after = [&](std::uint64_t days) {
    disk_.free_bytes = bytes / 7 * days;
    disk_.size_bytes = disk_.free_bytes * 2;
    return Line("disk", "database");
  };
  EXPECT_EQ(after(40'000).level, Level::kInfo);
  EXPECT_TRUE(Has(after(40'500).value, "for 40499 days")) << after(40'500).value;
  // That little is less than a GiB, too: the level is that of the two which is worse.
  EXPECT_TRUE(Has(after(20).value, "for 19 days")) << after(20).value;
}

TEST_P(StatusTest, ALargeWalIsAFinding) {
  Fill(0);
  if (!IsSqlite()) {
    EXPECT_EQ(Line("disk", "WAL").name, "") << "the WAL is the server's";
    return;
  }
  const std::string wal = DatabaseUrl::Parse(url_)->file + "-wal";
  std::ofstream(wal).put('\0');
  std::filesystem::resize_file(wal, std::uint64_t{1} << 30);
  EXPECT_EQ(Line("disk", "WAL").name, "");
  std::filesystem::resize_file(wal, (std::uint64_t{1} << 30) + 1);
  EXPECT_EQ(Line("disk", "WAL").level, Level::kFinding);
  EXPECT_TRUE(Has(Line("disk", "WAL").remedy, "reading transaction"));
}

TEST_P(StatusTest, ADamagedFileIsAFindingAndTheCheckFindsWhatIsHidden) {
  Fill(400);
  options_.check = true;
  if (!IsSqlite()) {
    EXPECT_EQ(Line("database", "check").level, Level::kNote);
    return;
  }
  EXPECT_EQ(Line("database", "check").value, "ok");
  const std::string file = DatabaseUrl::Parse(url_)->file;
  const auto size = std::filesystem::file_size(file);
  std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
  damaged.seekp(static_cast<std::streamoff>(size - size / 4));
  damaged << std::string(16384, '\x55');
  damaged.close();
  EXPECT_EQ(Line("database", "check").level, Level::kFinding);
  EXPECT_TRUE(Has(Line("database", "check").remedy, "delete nothing"));
  std::ofstream(file, std::ios::in | std::ios::out) << std::string(100, 'x');
  options_.check = false;
  EXPECT_EQ(Line("database", "damaged").level, Level::kFinding);
  EXPECT_TRUE(Has(Line("database", "damaged").remedy, "delete nothing"));
}

TEST_P(StatusTest, ACertificateThatExpiresSoonIsAFinding) {
  const TempFolder folder;
  Fill(0);
  options_.certificate = folder.File("certificate.pem");
  EXPECT_EQ(Line("certificate", "").level, Level::kFinding) << "it is not there";
  WriteCertificate(options_.certificate, 1'900'000'000);
  const Millis expiry = 1'900'000'000'000;
  EXPECT_EQ(Line("certificate", "", expiry - now_ - 15 * kDay).level, Level::kInfo);
  EXPECT_EQ(Line("certificate", "", expiry - now_ - 13 * kDay).level, Level::kFinding);
  EXPECT_TRUE(Has(Line("certificate", "", expiry - now_ - 13 * kDay).value, "expires at 2030-03-17 17:46:40.000"));
  EXPECT_TRUE(Has(Line("certificate", "", expiry - now_ + 1).value, "expired at "));
}

CRMSINK_ON_EACH_BACKEND(StatusTest);

class PostgresStatusTest : public testing::Test, protected ReplayFixture {
 protected:
  PostgresStatusTest() : ReplayFixture(DatabaseUrl::Backend::kSqlite) {}
};

TEST_F(PostgresStatusTest, SaysOfACopyWhatItSaysOfTheFile) {
  Fill(200);
  const auto server = TestDatabase::Make(DatabaseUrl::Backend::kPostgres);
  const auto copied = ReplayInto(url_, server->url(), {});
  ASSERT_TRUE(copied) << copied.error().message;
  const auto of_file = Status(url_, now_), of_server = Status(server->url(), now_);
  ASSERT_TRUE(of_file) << of_file.error().message;
  ASSERT_TRUE(of_server) << of_server.error().message;
  const auto shown = [](const std::vector<StatusLine>& lines) {
    std::vector<std::string> texts;
    for (const StatusLine& line : lines) {
      if (line.section != "database" && line.section != "disk")
        texts.push_back(line.section + " " + line.name + " " + line.value + line.remedy);
    }
    return texts;
  };
  EXPECT_EQ(shown(*of_server), shown(*of_file));
  const auto version = std::ranges::find(*of_server, "version", &StatusLine::name);
  ASSERT_NE(version, of_server->end());
  EXPECT_TRUE(version->value.starts_with("PostgreSQL "));
}

TEST(ServerStatusTest, AServerThatIsAwayIsAFindingWithoutItsPassword) {
  const auto lines = Status("postgresql://u:secret@127.0.0.1:1/d", 0);
  ASSERT_TRUE(lines) << lines.error().message;
  ASSERT_EQ(lines->size(), 1u);
  EXPECT_EQ(lines->front().level, Level::kFinding);
  EXPECT_EQ((lines->front().value + lines->front().remedy).find("secret"), std::string::npos);
}

}  // namespace
}  // namespace crmsink
