#include "base/log.h"

#include <array>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/json.h"
#include "support/temp_folder.h"

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
  Log log(LogLevel::kDebug, LogFormat::kText, End());
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 10'000; ++i) log.Debug("a line that nobody reads, of some length so that the pipe is full soon");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_GT(log.dropped(), 0U);
  const std::string lines = Read();
  EXPECT_THAT(lines, EndsWith("soon\n"));
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')) + log.dropped(), 10'000U);
  log.Info("and again");
  EXPECT_THAT(Read(), EndsWith("and again\n"));
}

TEST_F(LogTest, KeepsThreadsLinesApart) {
  Log log(LogLevel::kDebug, LogFormat::kText, End());
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&log] {
        for (int n = 0; n < 50; ++n) log.Debug("whole", {{"n", std::int64_t{n}}});
      });
    }
  }
  const std::string lines = Read();
  const std::regex form(R"(\S+Z debug   whole n=\d+)");
  std::istringstream split(lines);
  for (std::string line; std::getline(split, line);) EXPECT_TRUE(std::regex_match(line, form)) << line;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 400);
}

class LogRepeatsTest : public LogTest {
 protected:
  Log::Now Clock() {
    return [this] { return now_; };
  }
  static std::int64_t LinesWith(const std::string& lines, const std::string& text) {
    std::istringstream split(lines);
    std::int64_t found = 0;
    for (std::string line; std::getline(split, line);) found += line.find(text) != std::string::npos ? 1 : 0;
    return found;
  }

  std::chrono::steady_clock::time_point now_ = std::chrono::steady_clock::now();
};

TEST_F(LogRepeatsTest, AFloodOfOneMessageIsToldOnceAMinute) {
  Log log(LogLevel::kInfo, LogFormat::kText, End(), Clock());
  for (std::uint64_t i = 0; i < 1000; ++i) log.Error("it failed", {{"attempt", i}});
  log.Warning("something else");
  EXPECT_EQ(LinesWith(Read(), "it failed"), 10);
  now_ += std::chrono::seconds(61);
  log.Info("later");
  const std::string lines = Read();
  EXPECT_THAT(lines, HasSubstr("error   it failed repeated=990\n"));
  EXPECT_THAT(lines, EndsWith("later\n"));
  log.Error("it failed", {{"attempt", std::uint64_t{1000}}});
  EXPECT_THAT(Read(), EndsWith("it failed attempt=1000\n"));
}

TEST_F(LogRepeatsTest, ManyThatTakeTurnsAreNoWayAroundIt) {
  Log log(LogLevel::kInfo, LogFormat::kText, End(), Clock());
  for (int i = 0; i < 500; ++i) {
    log.Error("one");
    log.Error("other");
  }
  const std::string lines = Read();
  EXPECT_EQ(LinesWith(lines, ""), 20);
}

TEST_F(LogRepeatsTest, WhatWasLeftOutIsToldAtTheEnd) {
  {
    Log log(LogLevel::kInfo, LogFormat::kJson, End(), Clock());
    for (int i = 0; i < 150; ++i) log.Info("again");
  }
  const std::string lines = Read();
  EXPECT_EQ(LinesWith(lines, "again"), 101);
  EXPECT_THAT(lines, EndsWith("\"level\":\"info\",\"message\":\"again\",\"repeated\":50}\n"));
}

TEST_F(LogRepeatsTest, DebugLinesAreAllWritten) {
  Log log(LogLevel::kDebug, LogFormat::kText, End(), Clock());
  for (int i = 0; i < 300; ++i) log.Debug("detail");
  EXPECT_EQ(LinesWith(Read(), "detail"), 300);
}

class LogFileTest : public LogTest {
 protected:
  static std::string TextOf(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  TempFolder folder_;
  std::string file_ = folder_.File("log");
};

TEST_F(LogFileTest, ARenamedFileGetsNoLineAfterItIsOpenedAnew) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  log.Info("one");
  ASSERT_TRUE(log.UseFile(file_));
  log.Info("two");
  std::filesystem::rename(file_, file_ + ".1");
  log.Info("three");
  ASSERT_TRUE(log.UseFile(file_));
  log.Info("four");
  ASSERT_TRUE(log.UseFile(""));
  log.Info("five");
  const std::string lines = Read();
  EXPECT_THAT(lines, HasSubstr("one\n"));
  EXPECT_THAT(lines, HasSubstr("five\n"));
  EXPECT_THAT(lines, ::testing::Not(HasSubstr("two")));
  EXPECT_THAT(TextOf(file_ + ".1"), EndsWith("three\n"));
  const std::string fourth = TextOf(file_);
  EXPECT_EQ(std::count(fourth.begin(), fourth.end(), '\n'), 1);
  EXPECT_THAT(fourth, EndsWith("four\n"));
}

TEST_F(LogFileTest, OneThatCannotBeOpenedLeavesTheOldOne) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  ASSERT_TRUE(log.UseFile(file_));
  const auto done = log.UseFile(folder_.File("no/such/folder"));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
  EXPECT_THAT(done.error().message, HasSubstr("no/such/folder: No such file"));
  log.Info("still here");
  EXPECT_THAT(TextOf(file_), EndsWith("still here\n"));
}

TEST_F(LogFileTest, AFullDiskDropsAndCountsLines) {
  Log log(LogLevel::kDebug, LogFormat::kText, End());
  ASSERT_TRUE(log.UseFile("/dev/full"));
  for (int i = 0; i < 50; ++i) log.Debug("lost");
  EXPECT_EQ(log.dropped(), 50U);
  ASSERT_TRUE(log.UseFile(file_));
  log.Info("found");
  EXPECT_EQ(log.dropped(), 50U);
  EXPECT_THAT(TextOf(file_), EndsWith("found\n"));
}

TEST_F(LogFileTest, ALineThatTheDiskTookAPartOfEndsBeforeTheNext) {
  std::signal(SIGXFSZ, SIG_IGN);
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  ASSERT_TRUE(log.UseFile(file_));
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlim_t usual = std::exchange(limit.rlim_cur, 60);
  setrlimit(RLIMIT_FSIZE, &limit);
  log.Info("a line that is longer than the sixty bytes that this file may have");
  log.Info("none of this");
  limit.rlim_cur = usual;
  setrlimit(RLIMIT_FSIZE, &limit);
  log.Info("room again");
  EXPECT_EQ(log.dropped(), 2U);
  const std::string lines = TextOf(file_);
  EXPECT_EQ(lines[60], '\n') << lines;
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_THAT(lines, EndsWith("Z info    room again\n"));
}

TEST_F(LogFileTest, LevelAndFormatCanBeChanged) {
  Log log(LogLevel::kInfo, LogFormat::kText, End());
  log.Debug("one");
  log.Use(LogLevel::kDebug, LogFormat::kJson);
  log.Debug("two");
  const std::string lines = Read();
  EXPECT_THAT(lines, ::testing::StartsWith("{\"time\":"));
  EXPECT_THAT(lines, EndsWith("\"level\":\"debug\",\"message\":\"two\"}\n"));
}

}  // namespace
}  // namespace crmsink
