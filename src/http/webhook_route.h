#pragma once

#include <functional>
#include <string_view>

#include "http/backend.h"
#include "http/exchange.h"

namespace crmsink::http {

// True if the path is the program's own: it ends in /webhooks or /webhooks/{Event}, with or without a final slash; a
// proxy may have put something before it.
bool IsHookPath(std::string_view path);

// What the world can reach: the webhooks, and /healthz. Here is the status policy: 2xx says that the event is kept, 429
// asks for it again, 401 is for what is not authentic; there is no 5xx.
class WebhookRoutes final : public Routes {
 public:
  struct Options {
    bool healthz = true;
    // For benchmarks only: POST /noop is answered 200 at once, as the measure of what the edge itself costs.
    bool noop = false;
  };

  // The backend outlives the routes.
  WebhookRoutes(const Options& options, Backend& backend) : options_(options), backend_(backend) {}

  int Classify(const Request& request) override;
  bool IsWork(const Exchange& exchange) override;
  void Begin(Exchange& exchange, std::function<void(Ack)> done) override;
  void Render(const Exchange& exchange, httplib::Response& response) override;
  void CountRefusal(int status, std::string_view path) override;

 private:
  const Options options_;
  Backend& backend_;
};

}  // namespace crmsink::http
