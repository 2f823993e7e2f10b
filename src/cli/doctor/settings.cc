#include <sys/stat.h>

#include "base/certificate.h"
#include "base/time.h"
#include "cli/doctor/checks.h"
#include "cli/key_files.h"
#include "http/backend.h"
#include "http/server.h"
#include "signature/verifier.h"
#include "storage/database.h"

namespace crmsink::doctor {
namespace {

// Takes the place of a sink while an address is tried.
class Busy final : public http::Backend {
 public:
  void Submit(Arrival, std::function<void(Ack)> done) override { done({.status = AckStatus::kBusy, .event_id = {}}); }
  void CountRefusal(std::string_view, std::string_view) override {}
  bool Ready() const override { return false; }
  Sink::Counters counters() const override { return {}; }
};

void CheckFile(const Settings& settings, Checks& checks) {
  if (settings.config.empty()) {
    return Ok(checks, "configuration", "no file was read: flags, environment and defaults alone");
  }
  struct stat state {};
  const auto url = DatabaseUrl::Parse(settings.database);
  const bool has_password = url && url->has_password;
  if (has_password && ::stat(settings.config.c_str(), &state) == 0 && (state.st_mode & 0007) != 0) {
    return Problem(checks, "configuration", settings.config + " may be read by everybody, and a password is set",
                   "chmod 640 " + settings.config + ", or put the password into ~/.pgpass");
  }
  Ok(checks, "configuration", settings.config);
}

void CheckKeys(const Settings& settings, Checks& checks) {
  if (settings.signature_mode == "off") {
    return Problem(checks, "signatures", "are not checked: whoever reaches the address writes into the tables",
                   "signature-mode required; off is for tests and closed networks");
  }
  Result<std::vector<std::string>> keys = ReadKeyFiles(settings);
  if (!keys) {
    return Problem(checks, "signatures", keys.error().message,
                   "signature-key must name PEM files with public keys that this user may read");
  }
  const std::size_t files = keys->size();
  const auto verifier = Verifier::Create({.builtin_keys = settings.builtin_keys, .extra_pem = *std::move(keys)});
  if (!verifier) return Problem(checks, "signatures", verifier.error().message, "signature-key");
  const std::string own = settings.builtin_keys ? "HighLevel's own keys" : "no key of HighLevel's";
  if (settings.signature_legacy_rsa) {
    return Warn(checks, "signatures", own + ", " + std::to_string(files) + " files; legacy RSA counts",
                "signature-legacy-rsa off, once every delivery has X-GHL-Signature");
  }
  Ok(checks, "signatures", own + (files == 0 ? "" : " and " + std::to_string(files) + " files"));
}

void CheckTls(const Settings& settings, Checks& checks) {
  if (settings.tls_certificate.empty() && settings.tls_key.empty()) {
    return Ok(checks, "tls", "off: a proxy in front has to bring it");
  }
  http::Server::Options options;
  options.listen = "127.0.0.1:0";
  options.admin_listen.clear();
  options.io_threads = 1;
  options.tls_certificate = settings.tls_certificate;
  options.tls_key = settings.tls_key;
  const auto server = http::Server::Start(options, std::make_unique<Busy>());
  if (!server) {
    return Problem(checks, "tls", server.error().message,
                   "tls-certificate and tls-key must be files that belong together and that this user may read");
  }
  const Millis ends = (*server)->tls_expires_at().value_or(0);
  const Millis now = SystemNow();
  const std::string found = settings.tls_certificate + " ends on " + FormatDay(DayOf(ends));
  if (ends < now) return Problem(checks, "tls", found, "renew it; a new one is taken without a restart");
  if (ends < now + kCertificateNotice)
    return Warn(checks, "tls", found, "renew it; a new one is taken without a restart");
  Ok(checks, "tls", found);
}

void CheckAddress(const std::string& name, const std::string& address, bool is_serving, Checks& checks) {
  http::Server::Options options;
  options.listen = address;
  options.admin_listen.clear();
  options.io_threads = 1;
  const auto server = http::Server::Start(options, std::make_unique<Busy>());
  if (server) return Ok(checks, name, address + " is free");
  if (is_serving) {
    return Warn(checks, name, server.error().message, "nothing, if it is the server that runs on this database");
  }
  Problem(
      checks, name, server.error().message,
      "--" + name + ", or end what listens there (`ss -ltnp` names it); a port below 1024 needs a right of its own");
}

}  // namespace

void CheckSettings(const Settings& settings, Checks& checks) {
  CheckFile(settings, checks);
  CheckKeys(settings, checks);
  CheckTls(settings, checks);
}

void CheckAddresses(const Settings& settings, Checks& checks) {
  const auto url = DatabaseUrl::Parse(settings.database);
  const bool is_file = url && url->backend == DatabaseUrl::Backend::kSqlite;
  const bool is_serving = ServerLock::IsTaken(is_file ? url->file : settings.spool_file);
  CheckAddress("listen", settings.listen, is_serving, checks);
  if (!settings.admin_listen.empty()) CheckAddress("admin-listen", settings.admin_listen, is_serving, checks);
}

}  // namespace crmsink::doctor
