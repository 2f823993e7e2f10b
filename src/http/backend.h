#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "event/delivery.h"
#include "sink.h"

namespace crmsink::http {

// What stands behind the routes: the Sink, or a test's own. The contract of each method is Sink's.
// Thread-safety: all methods from any thread.
class Backend {
 public:
  Backend() = default;
  virtual ~Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  virtual void Submit(Arrival arrival, std::function<void(Ack)> done) = 0;
  virtual void CountRefusal(std::string_view kind, std::string_view detail) = 0;
  virtual bool Ready() const = 0;
  virtual Sink::Counters counters() const = 0;
  virtual std::shared_ptr<const Sink::Figures> figures() { return nullptr; }
  virtual std::vector<std::pair<std::string, Millis>> last_events() const { return {}; }
};

}  // namespace crmsink::http
