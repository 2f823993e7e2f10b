#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/time.h"
#include "http/backend.h"

namespace crmsink::http {

// Stands in for the Sink. The signature in X-GHL-Signature decides: "good" is stored by a thread of its own, as a
// commit would be; "duplicate", "quarantined", "spooled", "busy" and "throw" are what they say; none is unsigned,
// another is held.
class FakeBackend final : public Backend {
 public:
  // What a test sees; outlives the server that owns the backend.
  struct Record {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<Arrival> taken;  // everything but unsigned and held
    std::map<std::string, std::vector<std::string>> refusals;
    bool hold = false;  // outcomes wait until it is false again
    bool ready = true;
    bool away = false;
    bool ended = false;

    std::size_t CountTaken() {
      const std::lock_guard lock(mutex);
      return taken.size();
    }
    Arrival Taken(std::size_t index) {
      const std::lock_guard lock(mutex);
      return taken.at(index);
    }
    std::vector<std::string> Refusals(const std::string& kind) {
      const std::lock_guard lock(mutex);
      return refusals[kind];
    }
    void Hold(bool value) {
      const std::lock_guard lock(mutex);
      hold = value;
      changed.notify_all();
    }
    void SetReady(bool value) {
      const std::lock_guard lock(mutex);
      ready = value;
    }
    void SetAway(bool value) {
      const std::lock_guard lock(mutex);
      away = value;
    }
    // Waits until so many have been taken; false after five seconds.
    bool AwaitTaken(std::size_t count) {
      std::unique_lock lock(mutex);
      return changed.wait_for(lock, std::chrono::seconds(5), [&] { return taken.size() >= count; });
    }
  };

  explicit FakeBackend(Record& record) : record_(record), writer_([this] { Write(); }) {}

  ~FakeBackend() override {
    {
      const std::lock_guard lock(record_.mutex);
      record_.ended = true;
      record_.changed.notify_all();
    }
    writer_.join();
  }

  void Submit(Arrival arrival, std::function<void(Ack)> done) override {
    if (arrival.ghl_signatures.empty()) return done(Ack{AckStatus::kUnsigned, ""});
    const std::string verdict = arrival.ghl_signatures.front();
    if (verdict == "throw") throw std::runtime_error("secret");
    if (verdict == "busy") return done(Ack{AckStatus::kBusy, ""});
    Ack ack{AckStatus::kStored, "event \"1\""};
    if (verdict == "spooled") ack.status = AckStatus::kSpooled;
    if (verdict == "duplicate") ack.status = AckStatus::kDuplicate;
    if (verdict == "quarantined") ack = Ack{AckStatus::kQuarantined, ""};
    if (verdict != "good" && ack.status == AckStatus::kStored) return done(Ack{AckStatus::kHeld, ""});
    const std::lock_guard lock(record_.mutex);
    record_.taken.push_back(std::move(arrival));
    waiting_.emplace_back(std::move(ack), std::move(done));
    record_.changed.notify_all();
  }

  void CountRefusal(std::string_view kind, std::string_view detail) override {
    const std::lock_guard lock(record_.mutex);
    record_.refusals[std::string(kind)].emplace_back(detail);
  }

  bool Ready() const override {
    const std::lock_guard lock(record_.mutex);
    return record_.ready;
  }

  Sink::Counters counters() const override {
    const std::lock_guard lock(record_.mutex);
    Sink::Counters now;
    now.stored = record_.taken.size();
    now.by_type.push_back({"ContactCreate", AckStatus::kStored, now.stored});
    now.folds = 7;
    now.away = record_.away;
    if (now.away) {
      now.spooled = now.spool_deliveries = 3;
      now.by_type.push_back({"other", AckStatus::kSpooled, now.spooled});
      now.spool_bytes = 400;
      now.drained = 5;
      now.spool_oldest_received_at = SystemNow() - 90'000;
    }
    return now;
  }

 private:
  void Write() {
    std::unique_lock lock(record_.mutex);
    for (;;) {
      record_.changed.wait(lock, [&] { return record_.ended || (!record_.hold && !waiting_.empty()); });
      if (record_.ended) return;
      auto group = std::exchange(waiting_, {});
      lock.unlock();
      for (auto& [ack, done] : group) done(std::move(ack));
      group.clear();
      lock.lock();
    }
  }

  Record& record_;
  std::vector<std::pair<Ack, std::function<void(Ack)>>> waiting_;
  std::thread writer_;
};

}  // namespace crmsink::http
