#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "raw_client.h"

namespace crmsink::http {

// A client that speaks TLS and trusts everybody; it blocks. With the session of another one it tries to resume that.
class TlsClient {
 public:
  explicit TlsClient(const std::string& url, int lowest = TLS1_2_VERSION, int highest = TLS1_3_VERSION,
                     SSL_SESSION* session = nullptr)
      : raw_(url), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
    SSL_CTX_set_security_level(context_.get(), 0);  // else OpenSSL would not even offer the old versions
    SSL_CTX_set_min_proto_version(context_.get(), lowest);
    SSL_CTX_set_max_proto_version(context_.get(), highest);
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT);
    connection_.reset(SSL_new(context_.get()));
    const timeval patience{10, 0};
    ::setsockopt(raw_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    SSL_set_fd(connection_.get(), raw_.descriptor());
    if (session != nullptr) SSL_set_session(connection_.get(), session);
    ERR_clear_error();
    shaken_ = SSL_connect(connection_.get()) == 1;
  }

  bool shaken() const { return shaken_; }
  SSL* get() { return connection_.get(); }
  RawClient& raw() { return raw_; }
  std::string version() const { return SSL_get_version(connection_.get()); }

  bool Send(std::string_view bytes) {
    return SSL_write(connection_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
  }
  std::size_t pending() const { return input_.size(); }
  // The next answer, without its fields but Connection; status 0: none came.
  RawAnswer Receive() {
    while (input_.find("\r\n\r\n") == std::string::npos) {
      if (!ReadSome()) return {};
    }
    RawAnswer answer;
    answer.status = std::atoi(input_.c_str() + 9);
    const std::string name = "Content-Length: ";
    const std::size_t head = input_.find("\r\n\r\n") + 4, at = input_.find(name);
    const std::size_t length = at < head ? static_cast<std::size_t>(std::atoll(input_.c_str() + at + name.size())) : 0;
    while (input_.size() < head + length) {
      if (!ReadSome()) return {};
    }
    if (input_.find("Connection: close") < head) answer.fields["connection"] = "close";
    answer.body = input_.substr(head, length);
    input_.erase(0, head + length);
    return answer;
  }
  // True if the server ends the conversation as TLS wants it, without another byte.
  bool AwaitGoodbye() {
    char byte = 0;
    const int result = SSL_read(connection_.get(), &byte, 1);
    return result <= 0 && SSL_get_error(connection_.get(), result) == SSL_ERROR_ZERO_RETURN;
  }
  // The name in the server's certificate.
  std::string ServerName() const {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(connection_.get()),
                                                                  X509_free);
    char name[256] = {};
    if (certificate == nullptr) return "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
    return name;
  }

 private:
  bool ReadSome() {
    char piece[4096];
    const int n = SSL_read(connection_.get(), piece, sizeof piece);
    if (n > 0) input_.append(piece, static_cast<std::size_t>(n));
    return n > 0;
  }

  struct Free {
    void operator()(SSL* connection) const { SSL_free(connection); }
  };

  RawClient raw_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
  std::unique_ptr<SSL, Free> connection_;
  bool shaken_ = false;
  std::string input_;
};

}  // namespace crmsink::http
