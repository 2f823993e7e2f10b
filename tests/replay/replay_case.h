#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "replay/dump.h"
#include "replay/replay.h"
#include "replay/replay_into.h"
#include "replay/verify.h"
#include "sink.h"
#include "support/test_database.h"

namespace crmsink {

// A database with a few of everything: living rows, tombstones, facts, child rows, extra, unmapped events, quarantine.
class ReplayFixture {
 protected:
  explicit ReplayFixture(DatabaseUrl::Backend backend)
      : database_(TestDatabase::Make(backend)), url_(database_->url()) {}

  std::unique_ptr<Sink> Open() {
    auto sink = Sink::Open({.database = url_, .signature_required = false, .clock = [this] { return now_++; }});
    EXPECT_TRUE(sink) << sink.error().message;
    return *std::move(sink);
  }

  // The n-th of an endless row of deliveries, most of them of the same few entities, times going up and down.
  static Arrival ArrivalOf(int n) {
    const std::string i = std::to_string(n), id = std::to_string(n % 7), hour = std::to_string(10 + n * 7 % 13);
    const std::string head = R"("webhookId":"w)" + i + R"(","timestamp":"2026-03-01T)" + hour + R"(:00:00Z")";
    switch (n % 8) {
      case 0:
        return Post(R"({"type":"ContactDelete","id":"c)" + id + "\"," + head + "}");
      case 1:
        return Post(R"({"type":"InvoiceUpdate","_id":"i)" + id + "\"," + head +
                    R"(,"total":1.5,"invoiceItems":[{"name":"a","taxes":[{"rate":19},{"rate":)" + i +
                    R"(}]},{"z":1}]})");
      case 2:
        return Post(R"({"type":"LCEmailStats",)" + head + R"(,"webhookPayload":{"event":"opened","tags":["t"]}})");
      case 3:
        return Post(R"({"type":"InboundMessage","messageId":"m)" + id + "\"," + head + R"(,"to":["a","b"],"cc":")" + i +
                    "\"}");
      case 4:
        return Post(R"({"type":"Later)" + id + "\"," + head + "}");
      case 5:
        return Post(R"({"type":"ContactUpdate","id":)" + i);  // no JSON
      default:
        return Post(R"({"type":"ContactUpdate","id":"c)" + id + "\"," + head + R"(,"name":"n)" + i +
                    R"(","dnd":true,"dateOfBirth":"2000-01-05","tags":["x","t)" + i + R"("],"extra)" + id + "\":" + i +
                    "}");
    }
  }

  static Arrival Post(std::string body) { return {"/webhooks", std::move(body), {}, {}}; }

  void Fill(int n) {
    const auto sink = Open();
    for (int i = 0; i < n; ++i) (void)sink->Accept(ArrivalOf(i));
  }

  static std::vector<std::string> DumpOf(const std::string& url, bool with_log = false) {
    std::vector<std::string> lines;
    const auto done = Dump(url, with_log, [&](std::string_view line) { lines.emplace_back(line); });
    EXPECT_TRUE(done) << done.error().message;
    return lines;
  }

  // "table id what" of each difference.
  std::vector<std::string> Differences(const Verifier* verifier = nullptr) {
    std::vector<std::string> found;
    const auto report = Verify(url_, {.verifier = verifier,
                                      .on_difference =
                                          [&](const Difference& d) {
                                            found.push_back(d.table + " " + d.id + " " + d.what);
                                            EXPECT_NE(d.in_database, d.from_log);
                                          },
                                      .on_progress = {}});
    EXPECT_TRUE(report) << report.error().message;
    if (report) {
      EXPECT_EQ(report->differences, found.size());
    }
    return found;
  }

  void Exec(const std::string& sql) { database_->Execute(sql); }
  std::string Select(const std::string& sql) { return database_->Select(sql); }

  const std::unique_ptr<TestDatabase> database_;
  const std::string url_;
  std::atomic<Millis> now_{1'772'409'600'000};  // 2026-03-02T00:00:00Z
};

// On each backend: stamp the suite with CRMSINK_ON_EACH_BACKEND.
class ReplayCase : public testing::TestWithParam<DatabaseUrl::Backend>, protected ReplayFixture {
 protected:
  ReplayCase() : ReplayFixture(GetParam()) {}
};

}  // namespace crmsink
