#include "replay/status.h"

#include <algorithm>
#include <filesystem>

#include "replay_case.h"
#include "storage/spool/spool.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using Level = StatusLine::Level;

constexpr Millis kDay = 86'400'000;

class StatusTest : public ReplayCase {
 protected:
  // The line of that section whose name begins so; an empty one where there is none.
  StatusLine Line(const std::string& section, const std::string& name, Millis later = 0) {
    const auto lines = Status(url_, now_ + later);
    EXPECT_TRUE(lines) << lines.error().message;
    const auto found = std::ranges::find_if(
        *lines, [&](const StatusLine& line) { return line.section == section && line.name.starts_with(name); });
    return found == lines->end() ? StatusLine{} : *found;
  }
  bool HasFinding(Millis later = 0) {
    const auto lines = Status(url_, now_ + later);
    return std::ranges::any_of(*lines, [](const StatusLine& line) { return line.level == Level::kFinding; });
  }
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
    const auto lines = Status(url_, now_ + later, file);
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
      if (line.section != "database") texts.push_back(line.section + " " + line.name + " " + line.value + line.remedy);
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
