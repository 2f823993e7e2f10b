#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "fake_disk.h"
#include "ingest/intake.h"
#include "ingest/submission.h"
#include "support/temp_folder.h"

namespace crmsink {

// An intake with a spool before a database that a test sends away and back.
class IntakeCase : public testing::Test {
 protected:
  static constexpr Millis kNow = 1'772'409'600'000;

  IntakeCase() { disk_.KnowDuplicates(); }

  // What was told, in its order.
  class Lines {
   public:
    void Add(std::string line) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::move(line));
    }
    std::vector<std::string> all() const {
      const std::lock_guard lock(mutex_);
      return lines_;
    }

   private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
  };

  Intake::Options Options() {
    Intake::Options options;
    options.open = [this] { return disk_.TryOpen(); };
    options.keeps_failed = false;
    options.writer = "w";
    options.queue = {.deliveries = 10'000, .bytes = std::size_t{64} << 20};
    options.clock = [] { return kNow; };
    options.first_pause = std::chrono::milliseconds(2);
    options.longest_pause = std::chrono::milliseconds(20);
    options.on_failure = [this](const Error& error) { told_.Add("busy: " + error.message); };
    options.on_away = [this](const Error& error) { told_.Add("away: " + error.message); };
    options.on_back = [this](std::uint64_t) { told_.Add("back"); };
    options.on_drained = [this](std::uint64_t deliveries) { told_.Add("drained " + std::to_string(deliveries)); };
    options.on_stuck = [this](const Error& error) { told_.Add("stuck: " + error.message); };
    return options;
  }

  void Start() { Start(Options()); }
  void Start(Intake::Options options) {
    intake_.reset();
    if (options.spool == nullptr) options.spool = OpenSpool();
    auto store = disk_.TryOpen();
    intake_.emplace(std::move(options), std::move(store));
  }

  std::unique_ptr<Spool> OpenSpool(std::uint64_t bytes = std::uint64_t{1} << 30) {
    auto spool = Spool::Open(spool_file_, bytes);
    EXPECT_TRUE(spool) << spool.error().message;
    return *std::move(spool);
  }

  static Delivery DeliveryOf(const std::string& id, Millis received_at = kNow) {
    return {.path = "/webhooks",
            .body = R"({"type":"LATER","webhookId":")" + id + "\"}",
            .received_at = received_at,
            .signature_scheme = "ed25519",
            .signature_key = "k",
            .signature = "s"};
  }

  // Puts so many into the spool, named "s0" and so on.
  void FillSpool(int deliveries) {
    auto spool = OpenSpool();
    std::vector<Delivery> all;
    for (int i = 0; i < deliveries; ++i) all.push_back(DeliveryOf("s" + std::to_string(i), kNow - 60'000 + i));
    std::vector<const Delivery*> group;
    for (const Delivery& delivery : all) group.push_back(&delivery);
    ASSERT_TRUE(spool->Put(group));
  }

  std::future<Ack> Submit(Delivery delivery) {
    auto submission = std::make_unique<Submission>();
    submission->delivery = std::move(delivery);
    ReadSubmission(*submission);
    return Submit(std::move(submission));
  }
  std::future<Ack> Submit(std::unique_ptr<Submission> submission) {
    auto outcome = std::make_shared<std::promise<Ack>>();
    auto future = outcome->get_future();
    const bool taken =
        intake_->Submit(std::move(submission), [outcome](Ack ack) { outcome->set_value(std::move(ack)); });
    if (!taken) outcome->set_value({});
    return future;
  }
  AckStatus Accept(const std::string& id) { return Submit(DeliveryOf(id)).get().status; }

  // Waits until it holds; false after ten seconds.
  template <class Condition>
  static bool Await(Condition condition) {
    for (int i = 0; i < 10'000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return condition();
  }
  bool AwaitEmptySpool() {
    return Await([this] { return intake_->counters().spool.deliveries == 0 && !intake_->away(); });
  }

  std::int64_t TimesStored(const std::string& id) const { return std::ranges::count(disk_.Log(), id); }

  FakeDisk disk_;
  TempFolder folder_;
  std::string spool_file_ = folder_.File("spool.db");
  Lines told_;
  std::optional<Intake> intake_;
};

}  // namespace crmsink
