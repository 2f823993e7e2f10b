#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "store_under_test.h"

namespace crmsink::contract {

// A store that the contract is stamped for.
struct StoreParam {
  std::string name;
  StoreFactory make;
};

inline void PrintTo(const StoreParam& param, std::ostream* out) { *out << param.name; }

// 2026-03-02T00:00:00Z: when deliveries arrive that say nothing else. Times within bodies are of the day before.
inline constexpr Millis kArrival = 1'772'409'600'000;
inline constexpr Millis kSecond = 1000;
inline constexpr Millis kMinute = 60 * kSecond;

// A body of type `type` with a webhookId, a timestamp on 2026-03-01 at `clock` (hh:mm:ss with or without fraction), and
// `rest`: further members as JSON text, without braces. An empty argument leaves its member out.
std::string Body(std::string_view type, std::string_view webhook_id, std::string_view clock, std::string_view rest);

// The cases that every store must pass; stamp them with INSTANTIATE_TEST_SUITE_P. They speak to the store by these
// verbs.
class StoreContractTest : public testing::TestWithParam<StoreParam> {
 protected:
  void SetUp() override { Restart(); }

  // An empty store.
  void Restart() {
    dump_.reset();
    if (store_ == nullptr) {
      store_ = GetParam().make();
    } else {
      store_->Restart();
    }
  }

  Ack DeliverPost(const Post& post);
  AckStatus Deliver(const std::string& body, const std::string& path = "/webhooks", Millis received_at = kArrival) {
    return DeliverPost({path, body, received_at}).status;
  }

  // `check` after each permutation of the bodies was delivered, one by one, to an empty store.
  void InEveryOrder(std::vector<std::string> bodies, const std::function<void()>& check);

  // The rows of a table, one a line, each as a JSON list of these columns (joined by ',').
  std::string Select(std::string_view table, std::string_view columns);

  // The same of the log.
  std::string SelectLog(std::string_view columns);

  StoreUnderTest& store() { return *store_; }

 private:
  std::unique_ptr<StoreUnderTest> store_;
  std::optional<std::string> dump_;  // since the last delivery
};

}  // namespace crmsink::contract
