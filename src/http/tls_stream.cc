#include "http/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>

namespace crmsink::http {
namespace {

// What OpenSSL may read from the socket in one step. Without it a client that sends fast what brings no data (records
// of the protocol's own) would keep the loop for itself.
constexpr std::size_t kMostInAStep = std::size_t{64} << 10;

// A BIO's own state: OpenSSL's socket BIO writes without MSG_NOSIGNAL.
struct Wire {
  int descriptor = -1;
  std::size_t allowance = 0;
  bool ended = false;
};

Wire& WireOf(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int WriteWire(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(WireOf(bio).descriptor, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

int ReadWire(BIO* bio, char* data, int size) {
  Wire& wire = WireOf(bio);
  BIO_clear_retry_flags(bio);
  const std::size_t most = std::min(static_cast<std::size_t>(size), wire.allowance);
  if (most == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const ssize_t got = ::recv(wire.descriptor, data, most, 0);
  if (got > 0) wire.allowance -= static_cast<std::size_t>(got);
  if (got == 0) wire.ended = true;
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long ControlWire(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return WireOf(bio).ended ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int DestroyWire(BIO* bio) {
  delete static_cast<Wire*>(BIO_get_data(bio));
  BIO_set_data(bio, nullptr);
  return 1;
}

const BIO_METHOD* WireMethod() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of a loop");
    if (made == nullptr) return made;
    BIO_meth_set_write(made, WriteWire);
    BIO_meth_set_read(made, ReadWire);
    BIO_meth_set_ctrl(made, ControlWire);
    BIO_meth_set_destroy(made, DestroyWire);
    return made;
  }();
  return method;
}

// Null where there is no memory.
BIO* NewWire(int descriptor) {
  const BIO_METHOD* const method = WireMethod();
  BIO* const bio = method == nullptr ? nullptr : BIO_new(method);
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, new Wire{.descriptor = descriptor});
  BIO_set_init(bio, 1);
  return bio;
}

void BeginStep(ssl_st* connection) {
  ERR_clear_error();
  WireOf(SSL_get_rbio(connection)).allowance = kMostInAStep;
}

std::error_code NoMemory() { return std::make_error_code(std::errc::not_enough_memory); }

}  // namespace

void TlsStream::Free::operator()(ssl_st* connection) const { SSL_free(connection); }

TlsStream::Step TlsStream::Outcome(int result) {
  const int system_error = errno;
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return {.want = Want::kReadable};
    case SSL_ERROR_WANT_WRITE:
      return {.want = Want::kWritable};
    case SSL_ERROR_ZERO_RETURN:
      return {.error = asio::error::eof};
    case SSL_ERROR_SYSCALL:
      said_goodbye_ = true;  // after such an error OpenSSL wants no further call
      return {.error = WireOf(SSL_get_rbio(connection_.get())).ended || system_error == 0
                           ? std::error_code(asio::error::eof)
                           : std::error_code(system_error, std::system_category())};
    default:
      said_goodbye_ = true;
      return {.error = std::make_error_code(std::errc::protocol_error)};
  }
}

TlsStream::Step TlsStream::Handshake() {
  if (connection_ == nullptr) {
    std::error_code error;
    socket_.native_non_blocking(true, error);
    if (error) return {.error = error};
    connection_.reset(SSL_new(context_.get()));
    BIO* const wire = connection_ == nullptr ? nullptr : NewWire(socket_.native_handle());
    if (wire == nullptr) {
      connection_.reset();
      return {.error = NoMemory()};
    }
    SSL_set_bio(connection_.get(), wire, wire);
  }
  BeginStep(connection_.get());
  const int result = SSL_accept(connection_.get());
  if (result <= 0) return Outcome(result);
  shaken_ = true;
  return {};
}

TlsStream::Step TlsStream::Read(asio::mutable_buffer buffer) {
  if (!shaken_) return {.error = asio::error::not_connected};
  BeginStep(connection_.get());
  const auto size = static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX));
  const int result = SSL_read(connection_.get(), buffer.data(), size);
  if (result <= 0) return Outcome(result);
  return {.size = static_cast<std::size_t>(result)};
}

TlsStream::Step TlsStream::Write(asio::const_buffer buffer) {
  if (!shaken_) return {.error = asio::error::not_connected};
  BeginStep(connection_.get());
  const auto size = static_cast<int>(std::min<std::size_t>(buffer.size(), INT_MAX));
  const int result = SSL_write(connection_.get(), buffer.data(), size);
  if (result <= 0) return Outcome(result);
  return {.size = static_cast<std::size_t>(result)};
}

void TlsStream::SayGoodbye() {
  if (!shaken_ || std::exchange(said_goodbye_, true)) return;
  BeginStep(connection_.get());
  SSL_shutdown(connection_.get());
}

}  // namespace crmsink::http
