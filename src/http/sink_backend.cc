#include <utility>

#include "http/server.h"

namespace crmsink::http {
namespace {

class SinkBackend final : public Backend {
 public:
  explicit SinkBackend(Sink& sink) : sink_(sink) {}

  void Submit(Arrival arrival, std::function<void(Ack)> done) override {
    sink_.Submit(std::move(arrival), std::move(done));
  }
  void CountRefusal(std::string_view kind, std::string_view detail) override { sink_.CountRefusal(kind, detail); }
  bool Ready() const override { return sink_.Ready(); }
  Sink::Counters counters() const override { return sink_.counters(); }
  std::shared_ptr<const Sink::Figures> figures() override { return sink_.figures(); }
  std::vector<std::pair<std::string, Millis>> last_events() const override { return sink_.last_events(); }

 private:
  Sink& sink_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const Options& options, Sink& sink) {
  return Start(options, std::make_unique<SinkBackend>(sink));
}

}  // namespace crmsink::http
