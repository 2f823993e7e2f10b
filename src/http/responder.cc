#include "http/responder.h"

#include <httplib.h>

#include <array>
#include <charconv>
#include <utility>

#include "http/answers.h"

namespace crmsink::http {
namespace {

// The two ends of a conversation that takes place in memory: what is read was written before, what is written is kept.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view input, std::string& output) : input_(input), output_(output) {}

  bool is_readable() const override { return !input_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, std::size_t size) override {
    const std::size_t n = input_.copy(data, size);
    input_.remove_prefix(n);
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* data, std::size_t size) override {
    output_.append(data, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return -1; }

 private:
  std::string_view input_;
  std::string& output_;
};

// httplib knows these by name and refuses others with 400; the answer to an unknown one is ours (405), and for it any
// name serves that has no meaning of its own.
constexpr std::array<std::string_view, 8> kMethods = {"POST",   "GET",     "HEAD",  "PUT",
                                                      "DELETE", "OPTIONS", "TRACE", "PATCH"};

std::string_view MethodForHttplib(const std::string& method) {
  for (const std::string_view known : kMethods) {
    if (method == known) return known;
  }
  return "OPTIONS";
}

}  // namespace

class Responder::InMemoryServer final : public httplib::Server {
 public:
  explicit InMemoryServer(std::chrono::seconds keep_alive) {
    set_keep_alive_timeout(keep_alive.count());
    set_keep_alive_max_count(1'000'000);
    set_pre_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      response.status = 200;
      routes_->Render(*exchange_, response);
      return HandlerResponse::Handled;
    });
    set_post_routing_handler([this](const httplib::Request&, httplib::Response& response) {
      if (exchange_->request.http_1_0 && !close_) response.set_header("Connection", "keep-alive");
    });
    set_exception_handler([](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
      response = httplib::Response();
      RenderError(429, kTryAgain, response);
      response.set_header("Retry-After", kRetryAfter);
    });
  }

  void Run(Routes& routes, const Exchange& exchange, bool close, std::string& out) {
    routes_ = &routes;
    exchange_ = &exchange;
    close_ = close;
    line_.assign(MethodForHttplib(exchange.request.method)).append(" / HTTP/1.1\r\n\r\n");
    MemoryStream stream(line_, out);
    Process(*this, stream);
  }

 private:
  // process_request takes the addresses from 0.14 on.
  template <class Self>
  static void Process(Self& self, MemoryStream& stream) {
    bool closed = false;
    const std::function<void(httplib::Request&)> setup;
    if constexpr (requires { self.process_request(stream, self.close_, closed, setup); }) {
      self.process_request(stream, self.close_, closed, setup);
    } else {
      const std::string none;
      self.process_request(stream, none, 0, none, 0, self.close_, closed, setup);
    }
  }

  Routes* routes_ = nullptr;
  const Exchange* exchange_ = nullptr;
  bool close_ = false;
  std::string line_;
};

Responder::Responder(std::chrono::seconds keep_alive) : server_(std::make_unique<InMemoryServer>(keep_alive)) {}

Responder::~Responder() = default;

int Responder::Respond(Routes& routes, const Exchange& exchange, bool close, std::string& out) {
  out.clear();
  server_->Run(routes, exchange, close, out);
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  int status = 0;
  if (out.starts_with(kVersion)) std::from_chars(out.data() + kVersion.size(), out.data() + out.size(), status);
  return status;
}

namespace {

struct Refusal {
  int status;
  std::string answer;
};

Refusal Compose(int status, std::string_view reason, std::string_view more, std::string_view sentence) {
  const std::string body = std::string(R"({"error":")").append(sentence).append("\"}");
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " ";
  answer.append(reason).append("\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ");
  answer.append(std::to_string(body.size())).append("\r\n").append(more).append("\r\n").append(body);
  return {status, std::move(answer)};
}

}  // namespace

std::string_view RefusalAnswer(int status) {
  static const std::array<Refusal, 8> refusals = {
      Compose(429, "Too Many Requests", std::string("Retry-After: ") + kRetryAfter + "\r\n", kTryAgain),
      Compose(400, "Bad Request", "", "this is not a valid HTTP request"),
      Compose(408, "Request Timeout", "", "the request did not arrive in time"),
      Compose(411, "Length Required", "", "the request needs a Content-Length"),
      Compose(413, "Payload Too Large", "", "the body is too long"),
      Compose(414, "URI Too Long", "", "the path is too long"),
      Compose(415, "Unsupported Media Type", "", "an encoded body is not accepted"),
      Compose(431, "Request Header Fields Too Large", "", "there are too many header fields, or they are too long"),
  };
  for (const Refusal& refusal : refusals) {
    if (refusal.status == status) return refusal.answer;
  }
  return refusals.front().answer;
}

}  // namespace crmsink::http
