#include "http/webhook_route.h"

#include <httplib.h>

#include <string>
#include <utility>

#include "http/answers.h"

namespace crmsink::http {
namespace {

enum Route : int { kHook, kHookOtherMethod, kHealth, kHealthOtherMethod, kNoop, kNowhere };

std::string_view NameOf(AckStatus status) {
  switch (status) {
    case AckStatus::kDuplicate:
      return "duplicate";
    case AckStatus::kQuarantined:
      return "quarantined";
    case AckStatus::kSpooled:
      return "spooled";
    default:
      return "stored";
  }
}

void RenderKept(const Ack& ack, httplib::Response& response) {
  std::string body = R"({"status":")";
  body.append(NameOf(ack.status)).append(R"(","event_id":)");
  if (ack.event_id.empty()) {
    body.append("null");
  } else {
    AppendJsonString(ack.event_id, body);
  }
  body.push_back('}');
  response.body = std::move(body);
  response.set_header("Content-Type", "application/json");
}

void RenderAck(const Ack& ack, httplib::Response& response) {
  switch (ack.status) {
    case AckStatus::kStored:
    case AckStatus::kDuplicate:
    case AckStatus::kQuarantined:
    case AckStatus::kSpooled:
      return RenderKept(ack, response);
    case AckStatus::kUnsigned:
      return RenderError(401, "the request has no signature that could be one", response);
    case AckStatus::kHeld:
      return RenderError(401, "the signature fits no key that is known here", response);
    case AckStatus::kBusy:
      break;
  }
  RenderError(429, kTryAgain, response);
  response.set_header("Retry-After", kRetryAfter);
}

void RenderHookOtherMethod(const std::string& method, httplib::Response& response) {
  response.set_header("Allow", "POST");
  if (method != "GET" && method != "HEAD") return RenderError(405, "a webhook is sent with POST", response);
  response.status = 405;
  response.set_content("crmsink is running. This URL takes webhooks: it wants POST, not GET.\n", "text/plain");
}

}  // namespace

bool IsHookPath(std::string_view path) {
  constexpr std::string_view kHooks = "/webhooks";
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(kHooks)) return true;
  const std::size_t slash = path.rfind('/');
  return slash != std::string_view::npos && slash + 1 < path.size() && path.substr(0, slash).ends_with(kHooks);
}

int WebhookRoutes::Classify(const Request& request) {
  if (IsHookPath(request.path)) return request.method == "POST" ? kHook : kHookOtherMethod;
  if (options_.healthz && request.path == "/healthz") return IsRead(request) ? kHealth : kHealthOtherMethod;
  if (options_.noop && request.path == "/noop" && request.method == "POST") return kNoop;
  return kNowhere;
}

bool WebhookRoutes::IsWork(const Exchange& exchange) { return exchange.route == kHook; }

void WebhookRoutes::Begin(Exchange& exchange, std::function<void(Ack)> done) {
  Request& request = exchange.request;
  Arrival arrival;
  arrival.path = std::move(request.path);
  arrival.body = std::move(request.body);
  arrival.ghl_signatures = std::move(request.ghl_signatures);
  arrival.wh_signatures = std::move(request.wh_signatures);
  backend_.Submit(std::move(arrival), std::move(done));
}

void WebhookRoutes::Render(const Exchange& exchange, httplib::Response& response) {
  switch (exchange.route) {
    case kHook:
      return RenderAck(exchange.ack.value_or(Ack{}), response);
    case kHookOtherMethod:
      return RenderHookOtherMethod(exchange.request.method, response);
    case kHealth:
      return RenderStatus(200, "ok", response);
    case kHealthOtherMethod:
      return RenderReadOnly(response);
    case kNoop:
      return RenderStatus(200, "noop", response);
    default:
      backend_.CountRefusal("404", exchange.request.path);
      return RenderError(404, "nothing is here: webhooks go to /webhooks or /webhooks/{Event}", response);
  }
}

void WebhookRoutes::CountRefusal(int status, std::string_view path) {
  backend_.CountRefusal(std::to_string(status), path);
}

}  // namespace crmsink::http
