// The program as systemd starts it, with sockets that were opened before and somebody to tell how it is.
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fault/server_process.h"
#include "http/raw_client.h"
#include "support/paths.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

using fault::ServerProcess;
using http::RawClient;
using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr char kPost[] = "POST /webhooks HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}";

// A socket that listens, and that a program started from here gets.
class Socket {
 public:
  explicit Socket(bool listens = true) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (listens) ::listen(descriptor_, 16);
  }
  ~Socket() { ::close(descriptor_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }
  std::string Url() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size);
    return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }

 private:
  int descriptor_;
};

// What systemd listens to: a file, or with @ before it an abstract name.
class Manager {
 public:
  explicit Manager(std::string path)
      : path_(std::move(path)), descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (path_[0] == '@') address.sun_path[0] = '\0';
    const std::size_t size = offsetof(sockaddr_un, sun_path) + path_.size();
    ::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), static_cast<socklen_t>(size));
  }
  ~Manager() { ::close(descriptor_); }
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  const std::string& path() const { return path_; }
  // The next thing that it is told; empty: nothing in that time.
  std::string Next(milliseconds patience = std::chrono::seconds(20)) const {
    pollfd readable{descriptor_, POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(patience.count())) <= 0) return "";
    char message[4096];
    const ssize_t size = ::recv(descriptor_, message, sizeof message, 0);
    return size > 0 ? std::string(message, static_cast<std::size_t>(size)) : "";
  }

 private:
  const std::string path_;
  const int descriptor_;
};

class ServiceManagerTest : public ::testing::Test {
 protected:
  // The server, with variables "NAME=value ..." and these sockets as descriptors from 3 on.
  std::unique_ptr<ServerProcess> Start(const std::string& variables, const std::vector<const Socket*>& sockets = {}) {
    std::string script;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      script += "exec " + std::to_string(3 + i) + "<&" + std::to_string(sockets[i]->descriptor()) + "; ";
    }
    if (!sockets.empty()) script += "export LISTEN_PID=$$ LISTEN_FDS=" + std::to_string(sockets.size()) + "; ";
    script += "export " + variables + "; exec \"$0\" \"$@\"";
    return std::make_unique<ServerProcess>(
        std::vector<std::string>{"-c", script, BinaryPath(), "serve", "--listen", "127.0.0.1:0", "--admin-listen",
                                 "127.0.0.1:0", "--signature-mode", "off", "--database", "sqlite:" + file_},
        log_, "/bin/bash");
  }
  std::string Log() const {
    std::string text;
    const int file = ::open(log_.c_str(), O_RDONLY | O_CLOEXEC);
    char piece[4096];
    for (ssize_t n = ::read(file, piece, sizeof piece); n > 0; n = ::read(file, piece, sizeof piece)) {
      text.append(piece, static_cast<std::size_t>(n));
    }
    ::close(file);
    return text;
  }
  static int Ask(const std::string& url, const std::string& request) {
    RawClient client(url);
    client.Send(request);
    return client.Receive(std::chrono::seconds(20)).status;
  }

  TempFolder folder_;
  const std::string log_ = folder_.File("log"), file_ = folder_.File("crmsink.db");
};

TEST_F(ServiceManagerTest, TakesSocketsByTheirOrder) {
  const Socket first, second;
  const auto server = Start("A=1", {&first, &second});
  EXPECT_EQ(server->AwaitUrl(), first.Url()) << Log();
  EXPECT_EQ(server->admin_url(), second.Url());
  EXPECT_EQ(Ask(first.Url(), kPost), 200);
  EXPECT_EQ(Ask(second.Url(), "GET /readyz HTTP/1.1\r\n\r\n"), 200);
  EXPECT_EQ(server->Stop(), 0);
}

TEST_F(ServiceManagerTest, TakesSocketsByTheirNames) {
  const Socket first, second;
  const auto server = Start("LISTEN_FDNAMES=admin:crmsink.socket", {&first, &second});
  EXPECT_EQ(server->AwaitUrl(), second.Url()) << Log();
  EXPECT_EQ(server->admin_url(), first.Url());
}

TEST_F(ServiceManagerTest, OpensItselfWhatItIsNotGiven) {
  const Socket admin;
  const auto server = Start("LISTEN_FDNAMES=admin", {&admin});
  const std::string url = server->AwaitUrl();
  EXPECT_EQ(server->admin_url(), admin.Url()) << Log();
  EXPECT_EQ(Ask(url, kPost), 200);
}

TEST_F(ServiceManagerTest, RefusesSocketsThatItCannotUse) {
  const Socket one, other, third, deaf(false);
  EXPECT_EQ(Start("A=1", {&one, &other, &third})->AwaitUrl(), "");
  EXPECT_THAT(Log(), HasSubstr("systemd hands over 3 sockets; there is use for two"));
  EXPECT_EQ(Start("LISTEN_FDNAMES=admin:admin", {&one, &other})->AwaitUrl(), "");
  EXPECT_THAT(Log(), HasSubstr("two sockets named admin"));
  EXPECT_EQ(Start("A=1", {&deaf})->AwaitUrl(), "");
  EXPECT_THAT(Log(), HasSubstr("cannot listen on descriptor 3: Invalid argument; it must be a stream socket"));
}

// Variables that a parent left behind, and had from systemd for itself.
TEST_F(ServiceManagerTest, WhatIsForAnotherProcessIsLeftAlone) {
  const Manager manager(folder_.File("notify"));
  const Socket other;
  const auto server =
      Start("LISTEN_PID=1 WATCHDOG_PID=1 WATCHDOG_USEC=200000 NOTIFY_SOCKET=" + manager.path(), {&other});
  EXPECT_NE(server->AwaitUrl(), other.Url()) << Log();
  EXPECT_THAT(manager.Next(), HasSubstr("READY=1"));
  EXPECT_EQ(manager.Next(milliseconds(400)), "");
}

TEST_F(ServiceManagerTest, RefusesADescriptorThatIsNone) {
  EXPECT_EQ(Start("LISTEN_PID=$$ LISTEN_FDS=1; exec 3<&-")->AwaitUrl(), "");
  EXPECT_THAT(Log(), HasSubstr("descriptor 3, which systemd hands over (LISTEN_FDS), cannot be taken: Bad file"));
  EXPECT_EQ(Start("LISTEN_PID=$$ LISTEN_FDS=two")->AwaitUrl(), "");
  EXPECT_THAT(Log(), HasSubstr("systemd hands over two sockets; there is use for two"));
}

// A restart refuses nobody: what comes in between waits at the socket, which systemd keeps.
TEST_F(ServiceManagerTest, WhoComesBetweenTwoRunsWaitsForTheSecond) {
  const Socket socket;
  auto server = Start("A=1", {&socket});
  ASSERT_EQ(server->AwaitUrl(), socket.Url()) << Log();
  EXPECT_EQ(Ask(socket.Url(), kPost), 200);
  EXPECT_EQ(server->Stop(), 0);
  RawClient early(socket.Url());
  EXPECT_TRUE(early.connected());
  early.Send(kPost);
  server = Start("A=1", {&socket});
  ASSERT_EQ(server->AwaitUrl(), socket.Url()) << Log();
  EXPECT_EQ(early.Receive(std::chrono::seconds(20)).status, 200);
}

TEST_F(ServiceManagerTest, TellsWhenItIsReadyReloadsAndStops) {
  const Manager manager(folder_.File("notify"));
  const auto server = Start("NOTIFY_SOCKET=" + manager.path());
  const std::string url = server->AwaitUrl();
  EXPECT_EQ(manager.Next(), "READY=1\nSTATUS=listening on " + url);
  server->Signal(SIGHUP);
  EXPECT_THAT(manager.Next(), ::testing::MatchesRegex("RELOADING=1\nMONOTONIC_USEC=[0-9]+"));
  EXPECT_EQ(manager.Next(), "READY=1\nSTATUS=listening on " + url);
  EXPECT_EQ(manager.Next(milliseconds(100)), "") << "without a watchdog there is nothing more to say";
  EXPECT_EQ(server->Stop(), 0);
  EXPECT_EQ(manager.Next(), "STOPPING=1\nSTATUS=finishing what was taken");
}

// As where a container hands the socket on.
TEST_F(ServiceManagerTest, TellsAnAbstractSocket) {
  const Manager manager("@crmsink-test-" + std::to_string(::getpid()));
  const auto server = Start("NOTIFY_SOCKET=" + manager.path());
  server->AwaitUrl();
  EXPECT_THAT(manager.Next(), HasSubstr("READY=1")) << Log();
}

TEST_F(ServiceManagerTest, FeedsTheWatchdogWhileTheWriterGetsOn) {
  const Manager manager(folder_.File("notify"));
  const auto server = Start("NOTIFY_SOCKET=" + manager.path() + " WATCHDOG_USEC=1200000");
  const std::string url = server->AwaitUrl();
  EXPECT_THAT(manager.Next(), HasSubstr("READY=1"));
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  EXPECT_EQ(manager.Next(), "WATCHDOG=1");
  SQLite::Database other(file_, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto asked = std::async(std::launch::async, [&] { return Ask(url, kPost); });
  for (int i = 0; i < 1000 && Log().find("the watchdog is told nothing") == std::string::npos; ++i) ::usleep(10'000);
  EXPECT_THAT(Log(), HasSubstr("the watchdog is told nothing"));
  other.exec("ROLLBACK");
  asked.wait();
  while (!manager.Next(milliseconds(1)).empty()) {
  }
  EXPECT_EQ(manager.Next(), "WATCHDOG=1") << "it goes on";
}

}  // namespace
}  // namespace crmsink
