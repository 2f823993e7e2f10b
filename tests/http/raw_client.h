#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace crmsink::http {

// An answer as it came; status 0: the connection ended, or nothing whole came in time.
struct RawAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

// A client that sends what it is told, right or wrong.
class RawClient {
 public:
  // `url` is http://127.0.0.1:PORT; `from` is an address of this machine, empty: the usual one.
  explicit RawClient(const std::string& url, const std::string& from = "")
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (!from.empty()) {
      ::inet_pton(AF_INET, from.c_str(), &address.sin_addr);
      ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~RawClient() { Close(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_), input_(std::move(other.input_)) {}
  RawClient& operator=(RawClient&&) = delete;

  bool connected() const { return connected_; }
  int descriptor() const { return socket_; }

  // Sends until the end, or until the server hangs up; false then. What it says meanwhile is read later.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // Sends what the connection takes at once.
  void TrySend(std::string_view bytes) { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT); }
  // Bytes that have come and are no whole answer.
  std::size_t pending() const { return input_.size(); }

  RawAnswer Receive(std::chrono::milliseconds patience = std::chrono::seconds(5), bool has_body = true) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (input_.find("\r\n\r\n") == std::string::npos) {
      if (!ReadSome(deadline)) return {};
    }
    const std::size_t head = input_.find("\r\n\r\n") + 2;
    RawAnswer answer;
    answer.status = std::atoi(input_.c_str() + 9);
    for (std::size_t at = input_.find("\r\n") + 2; at < head;) {
      const std::size_t end = input_.find("\r\n", at), colon = input_.find(": ", at);
      std::string name = input_.substr(at, colon - at);
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
      answer.fields[name] = input_.substr(colon + 2, end - colon - 2);
      at = end + 2;
    }
    input_.erase(0, head + 2);
    const auto length = has_body ? static_cast<std::size_t>(std::atoll(answer.fields["content-length"].c_str())) : 0;
    while (input_.size() < length) {
      if (!ReadSome(deadline)) return {};
    }
    answer.body = input_.substr(0, length);
    input_.erase(0, length);
    return answer;
  }

  // True if the server hangs up within the time without another byte.
  bool AwaitEnd(std::chrono::milliseconds patience = std::chrono::seconds(5)) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (input_.empty() && ReadSome(deadline)) {
    }
    return input_.empty() && ended_;
  }

  void ShutdownSend() { ::shutdown(socket_, SHUT_WR); }
  void Close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  // Closes with a reset.
  void Reset() {
    const linger none{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    Close();
  }

 private:
  bool ReadSome(std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd readable{socket_, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&readable, 1, static_cast<int>(left.count())) <= 0) return false;
    char piece[4096];
    const ssize_t n = ::recv(socket_, piece, sizeof piece, 0);
    ended_ = n <= 0;
    if (n > 0) input_.append(piece, static_cast<std::size_t>(n));
    return n > 0;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string input_;
};

}  // namespace crmsink::http
