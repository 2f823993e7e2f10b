#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "fake_backend.h"
#include "http/server.h"
#include "raw_client.h"

namespace crmsink::http {

// A server on ports of its own with a fake behind it.
class HttpTest : public ::testing::Test {
 protected:
  static Server::Options DefaultOptions() {
    Server::Options options;
    options.listen = "127.0.0.1:0";
    options.admin_listen = "127.0.0.1:0";
    options.io_threads = 2;
    return options;
  }

  void Serve(const Server::Options& options = DefaultOptions()) {
    auto started = Server::Start(options, std::make_unique<FakeBackend>(record_));
    ASSERT_TRUE(started) << started.error().message;
    server_ = std::move(*started);
  }

  RawClient Connect() const { return RawClient(server_->url()); }

  // A POST to a hook with a body of so many bytes; `fields` end in CRLF each.
  static std::string Post(const std::string& signature = "good", const std::string& body = "{}",
                          const std::string& fields = "", const std::string& path = "/webhooks/ContactCreate") {
    return "POST " + path + " HTTP/1.1\r\nHost: crm.example.com\r\nX-GHL-Signature: " + signature +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
  }

  static std::string Get(const std::string& path, const std::string& method = "GET") {
    return method + " " + path + " HTTP/1.1\r\nHost: crm.example.com\r\n\r\n";
  }

  // What one request gets on a connection of its own.
  RawAnswer Ask(const std::string& bytes) const { return AskAt(server_->url(), bytes); }
  static RawAnswer AskAt(const std::string& url, const std::string& bytes) {
    RawClient client(url);
    client.Send(bytes);
    return client.Receive();
  }

  // An honest POST is answered within a second.
  void ExpectServes() {
    RawClient client = Connect();
    client.Send(Post());
    EXPECT_EQ(client.Receive(std::chrono::seconds(1)).status, 200);
  }

  FakeBackend::Record record_;
  std::unique_ptr<Server> server_;
};

}  // namespace crmsink::http
