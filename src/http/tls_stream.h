#pragma once

#include <cstddef>
#include <memory>
#include <system_error>
#include <utility>

#include "http/asio.h"

struct ssl_ctx_st;
struct ssl_st;

namespace crmsink::http {

// The server's side of TLS on a socket, as Asio has streams. OpenSSL reads and writes the socket itself, so that an
// idle connection costs a fifth of what asio::ssl::stream takes for it (docs/decisions/0016-tls-on-the-socket.md).
//
// Handlers are called as Asio calls them, never before the function returns that was given them. One operation at a
// time. May be moved before the handshake only. Not thread-safe.
class TlsStream {
 public:
  using executor_type = asio::ip::tcp::socket::executor_type;
  using lowest_layer_type = asio::ip::tcp::socket;

  TlsStream(asio::ip::tcp::socket socket, std::shared_ptr<ssl_ctx_st> context)
      : socket_(std::move(socket)), context_(std::move(context)) {}

  executor_type get_executor() { return socket_.get_executor(); }
  lowest_layer_type& lowest_layer() { return socket_; }
  const lowest_layer_type& lowest_layer() const { return socket_; }

  // Waits for the client's first byte, at no cost in memory. Handler: void(error_code).
  template <class Handler>
  void async_wait(Handler handler) {
    socket_.async_wait(asio::socket_base::wait_read, std::move(handler));
  }

  // Handler: void(error_code).
  template <class Handler>
  void async_handshake(Handler handler) {
    const auto step = [](TlsStream& self) { return self.Handshake(); };
    Run(step, [handler = std::move(handler)](const std::error_code& error, std::size_t) mutable { handler(error); });
  }

  // Handler: void(error_code, size_t). eof: the client has ended the conversation, or hung up.
  template <class Buffer, class Handler>
  void async_read_some(const Buffer& buffer, Handler handler) {
    const asio::mutable_buffer first(buffer);
    Run([first](TlsStream& self) { return self.Read(first); }, std::move(handler));
  }

  // Handler: void(error_code, size_t).
  template <class Buffers, class Handler>
  void async_write_some(const Buffers& buffers, Handler handler) {
    const asio::const_buffer first = *asio::buffer_sequence_begin(buffers);
    Run([first](TlsStream& self) { return self.Write(first); }, std::move(handler));
  }

  // Tells the client that nothing more comes, where the socket takes it at once.
  void SayGoodbye();

 private:
  enum class Want { kNothing, kReadable, kWritable };
  struct Step {
    Want want = Want::kNothing;
    std::error_code error = {};
    std::size_t size = 0;
  };
  struct Free {
    void operator()(ssl_st* connection) const;
  };

  Step Handshake();
  Step Read(asio::mutable_buffer buffer);
  Step Write(asio::const_buffer buffer);
  // What OpenSSL's answer means; `result` is at most 0.
  Step Outcome(int result);

  // Takes steps until one wants nothing.
  template <class Take, class Handler>
  void Run(Take take, Handler handler) {
    const Step step = take(*this);
    if (step.want != Want::kNothing) return Await(step.want, std::move(take), std::move(handler));
    asio::post(get_executor(), [step, handler = std::move(handler)]() mutable { handler(step.error, step.size); });
  }

  template <class Take, class Handler>
  void Await(Want want, Take take, Handler handler) {
    const auto side = want == Want::kReadable ? asio::socket_base::wait_read : asio::socket_base::wait_write;
    socket_.async_wait(
        side, [this, take = std::move(take), handler = std::move(handler)](const std::error_code& error) mutable {
          if (error) return handler(error, std::size_t{0});
          const Step step = take(*this);
          if (step.want != Want::kNothing) return Await(step.want, std::move(take), std::move(handler));
          handler(step.error, step.size);
        });
  }

  asio::ip::tcp::socket socket_;
  std::shared_ptr<ssl_ctx_st> context_;
  std::unique_ptr<ssl_st, Free> connection_;  // made by the handshake
  bool shaken_ = false;
  bool said_goodbye_ = false;
};

}  // namespace crmsink::http
