#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/raw_client.h"
#include "http/server.h"
#include "signature/signing.h"
#include "sink.h"
#include "support/temp_folder.h"

namespace crmsink::hostile {

// Where the bytes of a delivery ended up.
enum class Kept {
  kLog,         // 200 stored: in the log, byte for byte
  kDuplicate,   // 200 duplicate: there once, from before
  kQuarantine,  // 200 quarantined: with a reason
  kUnverified,  // 401: held
  kNowhere,     // any other answer
};

// SQL that gives one value, and its text. NULL is "NULL", no row is "no row".
struct Check {
  std::string sql, expected;
};

// The product from the socket to the file: a server on a port of its own, a sink with a key made for the test, a
// database in a folder of its own. The clock stands at noon of 1 November 2025 until it is moved.
class HostileTest : public ::testing::Test {
 protected:
  static constexpr Millis kNow = 1'761'998'400'000;

  HostileTest();
  ~HostileTest() override;

  // REQUIRES: not served yet. The sink's options, to be changed.
  Sink::Options& options() { return options_; }
  void Serve();

  // A whole request; `fields` end in CRLF each. The signature is the good one of the body unless one is given.
  std::string Request(std::string_view body, const std::string& path = "/webhooks",
                      const std::string& fields = "") const;
  std::string RequestSigned(std::string_view body, const std::string& signatures, const std::string& path = "/webhooks",
                            const std::string& fields = "") const;
  http::RawClient Connect() const { return http::RawClient(server_->url()); }
  // What a request gets on a connection of its own.
  http::RawAnswer Ask(const std::string& request) const;

  // Sends a request with this body in it, and sees to it that answer and place fit.
  void Deliver(const std::string& request, const std::string& body, Kept kept, int status);
  void ExpectPlace(const std::string& body, Kept kept) const;
  void ExpectCells(const std::vector<Check>& checks) const;
  std::string Cell(const std::string& sql) const;

  // An honest delivery is served within a second; then everything in the tables is what the log says.
  void ExpectServes();
  void ExpectVerified() const;

  testing::Ed25519Signer signer_;
  std::atomic<Millis> now_{kNow};
  TempFolder folder_;
  const std::string file_ = folder_.File("crmsink.db");

 private:
  int Count(const std::string& table, const std::string& body, const std::string& more = "") const;

  Sink::Options options_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<http::Server> server_;
  int honest_ = 0;
};

// A row of a table of bad inputs: deliveries, one after the other, signed as they are sent, and what the tables hold
// then.
struct Step {
  std::function<std::string()> body;
  Kept kept = Kept::kLog;
  std::string path = "/webhooks";
};
struct BadInput {
  std::string name;
  std::vector<Step> steps;
  std::vector<Check> checks;
};

inline void PrintTo(const BadInput& input, std::ostream* out) { *out << input.name; }

class BadInputTest : public HostileTest, public ::testing::WithParamInterface<BadInput> {};

// The name of a row as the name of a test.
inline const auto kNameOf = [](const ::testing::TestParamInfo<BadInput>& info) { return info.param.name; };

// ---- Bodies

// A step whose body is this text.
Step Text(std::string body, Kept kept = Kept::kLog, std::string path = "/webhooks");
// A ContactCreate of contact c1 at ten o'clock of 1 October 2025; `members` begin with a comma.
std::string Contact(const std::string& members, const std::string& webhook_id = "w1",
                    const std::string& type = "ContactCreate", const std::string& time = "2025-10-01T10:00:00Z");
// The same of opportunity o1.
std::string Opportunity(const std::string& members, const std::string& webhook_id = "w1");
std::string Repeat(std::string_view text, std::size_t times);

}  // namespace crmsink::hostile
