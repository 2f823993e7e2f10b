#include "http/server.h"

#include <utility>
#include <vector>

#include "http/admin.h"
#include "http/edge.h"
#include "http/webhook_route.h"

namespace crmsink::http {

struct Server::Impl {
  Impl(const Options& options, std::unique_ptr<Backend> given)
      : backend(std::move(given)),
        public_routes({.healthz = options.healthz, .noop = options.noop}, *backend),
        admin_routes(
            *backend, public_routes, [this] { return TrafficNow(); }, options.program) {}

  Traffic TrafficNow() const {
    const Edge* running = edge.load(std::memory_order_acquire);
    if (running == nullptr) return {};
    return {running->open_connections(), running->parked(), running->parked_bytes()};
  }

  std::unique_ptr<Backend> backend;
  WebhookRoutes public_routes;
  AdminRoutes admin_routes;
  bool has_admin = false;
  std::unique_ptr<Edge> owned_edge;
  std::atomic<const Edge*> edge{nullptr};  // requests may come before owned_edge is set
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { Stop(); }

Result<std::unique_ptr<Server>> Server::Start(const Options& options, std::unique_ptr<Backend> backend) {
  auto impl = std::make_unique<Impl>(options, std::move(backend));
  std::vector<Edge::Listener> listeners = {{options.listen, &impl->public_routes}};
  impl->has_admin = !options.admin_listen.empty();
  if (impl->has_admin) listeners.push_back({options.admin_listen, &impl->admin_routes});
  auto edge = Edge::Start(options.limits, options.io_threads, listeners);
  if (!edge) return tl::unexpected(edge.error());
  impl->owned_edge = std::move(*edge);
  impl->edge.store(impl->owned_edge.get(), std::memory_order_release);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::url() const { return impl_->owned_edge->url(0); }

std::string Server::admin_url() const { return impl_->has_admin ? impl_->owned_edge->url(1) : std::string(); }

void Server::Stop() { impl_->owned_edge->Stop(); }

}  // namespace crmsink::http
