#include <algorithm>
#include <chrono>
#include <ostream>
#include <sstream>

#include <malloc.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/log.h"
#include "base/network.h"
#include "base/service_manager.h"
#include "base/time.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/key_files.h"
#include "cli/log_settings.h"
#include "cli/reload.h"
#include "cli/stop_signals.h"
#include "http/server.h"
#include "sink.h"
#include "storage/database.h"

namespace crmsink {
namespace {

void LogOutages(Sink::Options& options, Log& log) {
  options.on_failure = [&log](const Error& error) {
    log.Error("a commit failed; deliveries are answered 429 until one succeeds", {{"reason", error.message}});
  };
  options.on_away = [&log](const Error& error) {
    log.Error("the database is away; deliveries are kept in the spool", {{"reason", error.message}});
  };
  options.on_back = [&log](std::uint64_t deliveries) {
    log.Info("the database is back; the spool is being drained", {{"left", deliveries}});
  };
  options.on_drained = [&log](std::uint64_t deliveries) { log.Info("the spool is empty", {{"drained", deliveries}}); };
  options.on_stuck = [&log](const Error& error) {
    log.Error("draining the spool does not go on as it should", {{"reason", error.message}});
  };
}

Sink::Options SinkOptions(const Settings& settings, std::vector<std::string> keys, Log& log) {
  Sink::Options options;
  options.database = settings.database;
  options.signature_required = settings.signature_mode == "required";
  options.legacy_rsa = settings.signature_legacy_rsa;
  options.extra_keys = std::move(keys);
  options.builtin_keys = settings.builtin_keys;
  options.queue_deliveries = static_cast<std::size_t>(settings.queue_deliveries);
  options.queue_bytes = static_cast<std::size_t>(settings.queue_bytes);
  options.writer = settings.writer;
  options.writers = static_cast<std::size_t>(settings.writers);
  options.spool_enabled = settings.spool_enabled;
  options.spool_file = settings.spool_file;
  options.spool_bytes = static_cast<std::uint64_t>(settings.spool_bytes);
  options.on_first_event = [&log](std::string_view type, std::string_view path) {
    log.Info("first event of its type", {{"type", type}, {"path", path}});
  };
  LogOutages(options, log);
  options.on_release = [&log](std::uint64_t deliveries) {
    log.Info("deliveries that were held fit a key now", {{"released", deliveries}});
  };
  options.on_migration = [&log](std::string_view name) { log.Info("migration applied", {{"name", name}}); };
  return options;
}

// Says how long the certificate still lives, where that is for somebody to act upon.
void LogExpiry(Millis expires_at, Log& log) {
  const std::string ends = FormatRfc3339(expires_at);
  const Millis left = expires_at - SystemNow();
  if (left < 0) return log.Error("the TLS certificate has expired; put a new one in its place", {{"ended", ends}});
  if (left > kCertificateNotice) return;
  log.Warning("the TLS certificate ends soon; put a new one in its place",
              {{"ends", ends}, {"days left", std::int64_t{left / kMillisPerDay}}});
}

http::Server::Options ServerOptions(const Settings& settings, const InheritedSockets& sockets, Log& log) {
  http::Server::Options options;
  options.listen_descriptor = sockets.webhooks;
  options.admin_descriptor = sockets.admin;
  options.tls_certificate = settings.tls_certificate;
  options.tls_key = settings.tls_key;
  options.on_tls_reload = [&log](const Result<Millis>& expires_at) {
    if (!expires_at) {
      return log.Error("reading the TLS certificate again failed; the one in use stays",
                       {{"reason", expires_at.error().message}});
    }
    log.Info("TLS certificate read again", {{"ends", FormatRfc3339(*expires_at)}});
    LogExpiry(*expires_at, log);
  };
  options.limits.connections = static_cast<std::size_t>(settings.connections);
  options.limits.per_sender.connections = static_cast<std::size_t>(settings.connections_per_address);
  options.limits.per_sender.failures_per_minute = static_cast<std::size_t>(settings.failures_per_minute);
  if (auto proxies = ParseNetworks(settings.trusted_proxies)) {
    options.limits.per_sender.trusted_proxies = *std::move(proxies);
  }
  options.listen = settings.listen;
  options.admin_listen = settings.admin_listen;
  options.io_threads = static_cast<std::size_t>(settings.io_threads);
  options.healthz = settings.healthz;
  options.limits.request.body_bytes = static_cast<std::size_t>(settings.body_limit);
  options.limits.request_deadline = std::chrono::milliseconds(settings.request_timeout);
  options.limits.parked = static_cast<std::size_t>(settings.queue_deliveries);
  options.limits.parked_bytes = static_cast<std::size_t>(settings.queue_bytes);
  options.limits.reading_bytes = std::max(options.limits.reading_bytes, options.limits.request.body_bytes);
  return options;
}

void Announce(const Settings& settings, Log& log) {
  for (const std::string& warning : settings.warnings) log.Warning(warning);
  const auto url = DatabaseUrl::Parse(settings.database);
  const std::string path = url ? url->Shown() : "";
  log.Info("starting", {{"version", CRMSINK_VERSION},
                        {"database", path},
                        {"configuration", settings.config.empty() ? "none" : std::string_view(settings.config)}});
  if (settings.signature_mode == "off") {
    log.Warning(
        "SIGNATURES ARE NOT CHECKED: signature-mode is off, so whoever reaches this address writes into the "
        "tables. Only for tests and closed networks.");
  }
  if (settings.signature_legacy_rsa) {
    log.Warning("legacy RSA signatures are accepted where X-GHL-Signature is missing (signature-legacy-rsa is on)");
  }
}

void LogCounters(const Sink::Counters& counters, Log& log) {
  log.Info("stopped", {{"stored", counters.stored},
                       {"duplicate", counters.duplicate},
                       {"quarantined", counters.quarantined},
                       {"unsigned", counters.unsigned_},
                       {"held", counters.held},
                       {"busy", counters.busy},
                       {"spooled", counters.spooled},
                       {"drained", counters.drained},
                       {"left in the spool", counters.spool_deliveries}});
}

std::optional<int> ReadSettings(const Arguments& arguments, Terminal& terminal, Settings& settings) {
  CommandLine line(
      "serve",
      "Receives webhooks at POST /webhooks and POST /webhooks/{Event}, and keeps them. It makes and "
      "migrates the database by itself, prints one line `listening http://HOST:PORT admin "
      "http://HOST:PORT` to standard output when it accepts requests, and logs to standard error, or to "
      "log-file. What was held as unverified and fits a key now goes into the log before. SIGTERM and SIGINT "
      "end it once what was taken is kept, within ten seconds; a second SIGINT ends it at once. SIGHUP makes it read "
      "its settings again, take signature-key and the settings of its log from them, read the TLS certificate again, "
      "and open log-file anew; where any of that fails, the old ones stay. Where it hangs on a terminal, which is gone "
      "then, SIGHUP ends it, too. From systemd it takes sockets, and tells it when it is ready, and that it is alive.",
      "0 stopped by a signal, 1 failed, 2 wrong use.");
  line.AddAllSettings();
  return line.Read(arguments, terminal, settings);
}

// What would be complained of on the terminal is the failure.
Result<Settings> ReadSettingsAgain(const Arguments& arguments, const Terminal& terminal) {
  std::ostringstream out, err;
  Terminal quiet{terminal.in, out, err, false, terminal.environment, terminal.config_search};
  Settings settings;
  if (!ReadSettings(arguments, quiet, settings)) return settings;
  std::string message = err.str().substr(0, err.str().find('\n'));
  constexpr std::string_view kName = "crmsink: ";
  if (message.starts_with(kName)) message.erase(0, kName.size());
  return Fail(ErrorCode::kInvalid, std::move(message));
}

// Waits for a signal. Meanwhile it looks at the certificate every day, and tells the watchdog, where there is one, that
// the server is alive if it is.
std::string LookAfter(http::Server& server, StopSignals& signals, Log& log) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::hours kDay{24};
  const auto watchdog = WatchdogInterval();
  const bool has_tls = server.tls_expires_at().has_value();
  if (!watchdog && !has_tls) return signals.Wait();
  Clock::time_point next_day = Clock::now() + kDay;
  static_cast<void>(server.IsAlive());
  while (true) {
    auto patience = std::chrono::ceil<std::chrono::milliseconds>(next_day - Clock::now());
    if (watchdog) patience = std::min(patience, std::chrono::duration_cast<std::chrono::milliseconds>(*watchdog));
    if (auto signal = signals.WaitFor(std::max(patience, std::chrono::milliseconds(1)))) return *std::move(signal);
    if (watchdog) {
      server.IsAlive() ? NotifyAlive() : log.Error("an I/O thread or the writer hangs: the watchdog is told nothing");
    }
    if (has_tls && Clock::now() >= next_day) {
      next_day += kDay;
      server.CheckTls();
      LogExpiry(*server.tls_expires_at(), log);
    }
  }
}

int Serve(const Arguments& arguments, const Settings& settings, std::vector<std::string> keys,
          const InheritedSockets& sockets, Terminal& terminal) {
  // Large bodies go back to the system at once. By itself glibc keeps what it has seen freed, and under a flood of them
  // the process grows by half.
  ::mallopt(M_MMAP_THRESHOLD, 1 << 20);
  StopSignals signals;
  const bool err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  const bool has_terminal = terminal.out_is_terminal || ::isatty(STDIN_FILENO) == 1 || err_is_terminal;
  Log log(LogLevelOf(settings), LogFormatOf(settings, err_is_terminal));
  if (const auto done = log.UseFile(settings.log_file); !done) return Complain(terminal, settings, done.error());
  Announce(settings, log);
  const Result<std::unique_ptr<Sink>> sink = Sink::Open(SinkOptions(settings, std::move(keys), log));
  if (!sink) return Complain(terminal, settings, sink.error());
  Reloader reloader([&] { return ReadSettingsAgain(arguments, terminal); }, settings, err_is_terminal, **sink, log);
  http::Server::Options options = ServerOptions(settings, sockets, log);
  options.program = [&log, &reloader] {
    return http::ProgramFigures{
        .log_lines_dropped = log.dropped(), .reloads_done = reloader.done(), .reloads_failed = reloader.failed()};
  };
  const Result<std::unique_ptr<http::Server>> server = http::Server::Start(options, **sink);
  if (!server) return Complain(terminal, settings, server.error());

  terminal.out << "listening " << (*server)->url() << " admin " << (*server)->admin_url() << std::endl;
  const std::string status = "listening on " + (*server)->url();
  NotifyReady(status);
  if (const auto expires_at = (*server)->tls_expires_at()) LogExpiry(*expires_at, log);
  std::string signal = LookAfter(**server, signals, log);
  for (; signal == "SIGHUP" && !has_terminal; signal = LookAfter(**server, signals, log)) {
    NotifyReloading();
    reloader.Reload([&server] { return (*server)->ReloadTls(); });
    NotifyReady(status);
  }
  log.Info("stopping", {{"signal", signal}});
  NotifyStopping("finishing what was taken");
  (*server)->Stop();
  (*sink)->Close();
  LogCounters((*sink)->counters(), log);
  return kDone;
}

}  // namespace

int RunServe(const Arguments& arguments, Terminal& terminal) {
  Settings settings;
  if (const std::optional<int> over = ReadSettings(arguments, terminal, settings)) return *over;
  Result<std::vector<std::string>> keys = ReadKeyFiles(settings);
  if (!keys) return Complain(terminal, kWrongUse, keys.error().message);
  const Result<InheritedSockets> sockets = TakeInheritedSockets();
  if (!sockets) return Complain(terminal, kWrongUse, sockets.error().message);
  return Serve(arguments, settings, std::move(*keys), *sockets, terminal);
}

}  // namespace crmsink
