#include "base/log.h"

#include <array>
#include <chrono>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/json.h"

namespace crmsink {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class LogTest : public ::testing::Test {
 protected:
  LogTest() {
    EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0);
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~LogTest() override {
    for (const int end : ends_) close(end);
  }

  [[nodiscard]] int End() const { return ends_[1]; }
  std::string Read() {
    std::string text, piece(65536, '\0');
    for (ssize_t size = 0; (size = read(ends_[0], piece.data(), piece.size())) > 0;) {
      text.append(piece, 0, static_cast<std::size_t>(size));
    }
    return text;
  }

  std::array<int, 2> ends_{};
};

TEST_F(LogTest, WritesALineOfText) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  log.Info("first event of its type",
           {{"type", "ContactCreate"}, {"count", std::int64_t{-1}}, {"reason", "two words"}});
  const std::string line = Read();
  const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info    first event of its type )"
                        "type=ContactCreate count=-1 reason=\"two words\"\n");
  EXPECT_TRUE(std::regex_match(line, form)) << line;
}

TEST_F(LogTest, WritesALineOfJson) {
  Log log(LogLevel::kInfo, LogFormat::kJson, End());
  log.Warning("100% \"quoted\"", {{"path", "/a\nb\xff"}, {"count", std::uint64_t{18446744073709551615U}}});
  const std::string line = Read();
  EXPECT_THAT(line, EndsWith("}\n"));
  const auto document = json::Document::Parse(line);
  ASSERT_TRUE(document) << line;
  EXPECT_EQ(document->root().Find("level")->text(), "warning");
  EXPECT_EQ(document->root().Find("message")->text(), "100% \"quoted\"");
  EXPECT_EQ(document->root().Find("path")->text(), "/a\nb\uFFFD");
  EXPECT_EQ(document->root().Find("count")->text(), "18446744073709551615");
  EXPECT_EQ(document->root().Find("time")->text().size(), 24U);
}

TEST_F(LogTest, LeavesOutWhatIsLessImportant) {
  Log log(LogLevel::kWarning, LogFormat::kText, End());
  log.Debug("one");
  log.Info("two");
  log.Warning("three");
  log.Error("four");
  const std::string lines = Read();
  EXPECT_THAT(lines, ::testing::Not(HasSubstr("two")));
  EXPECT_THAT(lines, HasSubstr("warning three\n"));
  EXPECT_THAT(lines, HasSubstr("error   four\n"));
}

TEST_F(LogTest, AValueCannotForgeALine) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  log.Info("message\nforged {} %v",
           {{"path", "x\r\n2026-01-01T00:00:00.000Z error forged"}, {"empty", ""}, {"esc", "\x1b[2J"}});
  const std::string lines = Read();
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 1);
  EXPECT_THAT(lines, HasSubstr(R"(message\nforged {} %v)"));
  EXPECT_THAT(lines, HasSubstr(R"(empty="" esc="\u001b[2J")"));
}

TEST_F(LogTest, CutsALongLine) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  log.Info(std::string(100'000, 'x'));
  const std::string line = Read();
  EXPECT_EQ(line.size(), 4096U);
  EXPECT_THAT(line, EndsWith("x...\n"));
}

TEST_F(LogTest, DropsAndCountsWhatNobodyReads) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) log.Info("a line that nobody reads, of some length so that the pipe is full soon");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_GT(log.dropped(), 0U);
  const std::string lines = Read();
  EXPECT_THAT(lines, EndsWith("soon\n"));
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')) + log.dropped(), 10'000U);
  log.Info("and again");
  EXPECT_THAT(Read(), EndsWith("and again\n"));
}

TEST_F(LogTest, KeepsThreadsLinesApart) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&log] {
        for (int n = 0; n < 50; ++n) log.Info("whole", {{"n", std::int64_t{n}}});
      });
    }
  }
  const std::string lines = Read();
  const std::regex form(R"(\S+Z info    whole n=\d+)");
  std::istringstream split(lines);
  for (std::string line; std::getline(split, line);) EXPECT_TRUE(std::regex_match(line, form)) << line;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 400);
}

}  // namespace
}  // namespace crmsink
