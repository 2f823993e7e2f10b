#include "http/server.h"

#include <utility>
#include <vector>

#include "http/admin.h"
#include "http/edge.h"
#include "http/liveness.h"
#include "http/tls_context.h"
#include "http/webhook_route.h"

namespace crmsink::http {

struct Server::Impl {
  Impl(const Options& options, std::unique_ptr<Backend> given)
      : backend(std::move(given)),
        public_routes({.healthz = options.healthz, .noop = options.noop}, *backend),
        admin_routes(
            *backend, public_routes, [this] { return Figures(); }, options.program) {}

  EdgeFigures Figures() const {
    const Edge* running = edge.load(std::memory_order_acquire);
    if (running == nullptr) return {};
    EdgeFigures figures{.open_connections = running->open_connections(),
                        .parked = running->parked(),
                        .parked_bytes = running->parked_bytes(),
                        .senders = running->senders(),
                        .tls_handshakes_failed = running->handshakes_failed()};
    if (tls == nullptr) return figures;
    figures.tls_reloads = tls->reloads();
    figures.tls_reload_failures = tls->reload_failures();
    figures.certificate_expires_at = tls->expires_at();
    return figures;
  }

  std::unique_ptr<Backend> backend;
  WebhookRoutes public_routes;
  AdminRoutes admin_routes;
  bool has_admin = false;
  std::unique_ptr<TlsContext> tls;  // null: none
  Liveness liveness;
  std::unique_ptr<Edge> owned_edge;
  std::atomic<const Edge*> edge{nullptr};  // requests may come before owned_edge is set
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() { Stop(); }

Result<std::unique_ptr<Server>> Server::Start(const Options& options, std::unique_ptr<Backend> backend) {
  auto impl = std::make_unique<Impl>(options, std::move(backend));
  if (!options.tls_certificate.empty() || !options.tls_key.empty()) {
    auto tls = TlsContext::Load({options.tls_certificate, options.tls_key}, options.on_tls_reload);
    if (!tls) return tl::unexpected(tls.error());
    impl->tls = *std::move(tls);
  }
  std::vector<Listener> listeners = {{.address = options.listen,
                                      .routes = &impl->public_routes,
                                      .tls = impl->tls.get(),
                                      .descriptor = options.listen_descriptor}};
  impl->has_admin = !options.admin_listen.empty() || options.admin_descriptor >= 0;
  if (impl->has_admin) {
    listeners.push_back(
        {.address = options.admin_listen, .routes = &impl->admin_routes, .descriptor = options.admin_descriptor});
  }
  auto edge = Edge::Start(options.limits, options.io_threads, listeners);
  if (!edge) return tl::unexpected(edge.error());
  impl->owned_edge = std::move(*edge);
  impl->edge.store(impl->owned_edge.get(), std::memory_order_release);
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

std::string Server::url() const { return impl_->owned_edge->url(0); }

std::string Server::admin_url() const { return impl_->has_admin ? impl_->owned_edge->url(1) : std::string(); }

EdgeFigures Server::edge_figures() const { return impl_->Figures(); }

std::optional<Millis> Server::tls_expires_at() const { return impl_->Figures().certificate_expires_at; }

Result<void> Server::ReloadTls() { return impl_->tls == nullptr ? Result<void>() : impl_->tls->Reload(); }

void Server::CheckTls() {
  if (impl_->tls != nullptr) impl_->tls->CheckFiles();
}

bool Server::IsAlive() {
  Edge& edge = *impl_->owned_edge;
  return impl_->liveness.Check(edge.Beats(), edge.parked(), impl_->backend->counters());
}

void Server::Stop() { impl_->owned_edge->Stop(); }

}  // namespace crmsink::http
