#include <cstdlib>
#include <filesystem>

#include <unistd.h>

#include "cli/doctor/checks.h"
#include "http/post_once.h"
#include "http/server.h"
#include "signature/signer.h"
#include "sink.h"
#include "storage/query.h"

namespace crmsink::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kPatience{10};
const std::string kDelivery =
    R"({"type":"ContactCreate","locationId":"doctor","id":"doctor","firstName":"Doctor","webhookId":"doctor"})";

class Folder {
 public:
  Folder() : name_((fs::temp_directory_path(error_) / "crmsink-doctor-XXXXXX").string()) {
    if (::mkdtemp(name_.data()) == nullptr) name_.clear();
  }
  ~Folder() {
    if (!name_.empty()) fs::remove_all(name_, error_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& name() const { return name_; }

 private:
  std::error_code error_;
  std::string name_;
};

// What was wrong, or nothing.
Result<void> Expect(const std::string& url, const std::string& signature, int status, const std::string& word) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (!signature.empty()) headers.emplace_back("X-GHL-Signature", signature);
  const auto answer = http::PostOnce(url, "/webhooks", headers, kDelivery, kPatience);
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status == status && answer->body.find(word) != std::string::npos) return {};
  return Fail(ErrorCode::kInternal, "expected " + std::to_string(status) + " " + word + ", got " +
                                        std::to_string(answer->status) + " " + answer->body);
}

Result<void> ExpectRow(const std::string& database) {
  auto connection = QueryConnection::Open(database);
  if (!connection) return tl::unexpected(connection.error());
  std::int64_t rows = 0;
  const auto count = [&](const std::vector<QueryValue>& row) {
    rows = std::get<std::int64_t>(row.front());
    return true;
  };
  const auto done = connection->Run("SELECT count(*) FROM contacts WHERE first_name = 'Doctor'", {},
                                    {.on_columns = {}, .on_row = count});
  if (!done) return done;
  if (rows != 1) return Fail(ErrorCode::kInternal, std::to_string(rows) + " rows in place of one");
  return {};
}

Result<void> GoRound(const std::string& folder) {
  const Signer signer = Signer::Make();
  const std::string database = "sqlite:" + folder + "/doctor.db";
  auto sink = Sink::Open({.database = database, .extra_keys = {signer.PublicPem()}, .builtin_keys = false});
  if (!sink) return tl::unexpected(sink.error());
  http::Server::Options options;
  options.listen = "127.0.0.1:0";
  options.admin_listen.clear();
  options.io_threads = 1;
  const auto server = http::Server::Start(options, **sink);
  if (!server) return tl::unexpected(server.error());
  const std::string url = (*server)->url(), signature = signer.Sign(kDelivery);
  return Expect(url, "", 401, "")
      .and_then([&] { return Expect(url, Signer::Make().Sign(kDelivery), 401, ""); })
      .and_then([&] { return Expect(url, signature, 200, "stored"); })
      .and_then([&] { return Expect(url, signature, 200, "duplicate"); })
      .and_then([&] { return ExpectRow(database); });
}

}  // namespace

void CheckRoundTrip(Checks& checks) {
  const Folder folder;
  if (folder.name().empty()) {
    return Problem(checks, "round trip", "no folder for temporary files can be made", "TMPDIR");
  }
  if (const auto done = GoRound(folder.name()); !done) {
    return Problem(checks, "round trip", done.error().message,
                   "this machine does not let the program talk to itself: look at its firewall and libraries");
  }
  Ok(checks, "round trip", "a signed delivery became a row, the same again a duplicate, unsigned ones were refused");
}

}  // namespace crmsink::doctor
