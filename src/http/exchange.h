#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "base/histogram.h"
#include "event/delivery.h"
#include "http/request_parser.h"

namespace httplib {
struct Response;
}

namespace crmsink::http {

// One request and what became of it.
struct Exchange {
  Request request;         // Begin may move its body, path and signatures away
  int route = 0;           // what Routes::Classify said
  std::optional<Ack> ack;  // the outcome, where the request was work
};

// How many answers a listener has given, by status. Thread-safe.
class AnswerCounts {
 public:
  void Add(int status) { counts_[Index(status)].fetch_add(1, std::memory_order_relaxed); }
  std::uint64_t Of(int status) const { return counts_[Index(status)].load(std::memory_order_relaxed); }

 private:
  static std::size_t Index(int status) { return status >= 100 && status < 600 ? static_cast<std::size_t>(status) : 0; }
  std::array<std::atomic<std::uint64_t>, 600> counts_{};
};

// What one listener serves. Every method may be called from several I/O threads at once, and none may block.
class Routes {
 public:
  Routes() = default;
  virtual ~Routes() = default;
  Routes(const Routes&) = delete;
  Routes& operator=(const Routes&) = delete;

  // Decides which route the request takes: a number of the implementation's own.
  virtual int Classify(const Request& request) = 0;

  // True: exchange.ack has to be found out by Begin before Render can answer. False: Render can answer now.
  virtual bool IsWork(const Exchange& exchange) = 0;

  // Hands the work on. `done` must be called exactly once, from any thread, also before Begin returns, and also where
  // the client has gone; if Begin throws it must not have been called, and the answer is kBusy.
  virtual void Begin(Exchange& exchange, std::function<void(Ack)> done) = 0;

  // Writes the answer, once for each exchange. Work that the edge could not take has the ack kBusy.
  virtual void Render(const Exchange& exchange, httplib::Response& response) = 0;

  // A request was refused by the edge itself. `path` is empty where it was not read so far.
  virtual void CountRefusal(int status, std::string_view path) = 0;

  AnswerCounts& answers() { return answers_; }
  const AnswerCounts& answers() const { return answers_; }

  // Of work: from the whole request to its written answer.
  Histogram& work_micros() { return work_micros_; }
  const Histogram& work_micros() const { return work_micros_; }

 private:
  AnswerCounts answers_;
  Histogram work_micros_{kLatencyMicros};
};

}  // namespace crmsink::http
