#include "cli/settings.h"

#include <algorithm>
#include <cctype>

namespace crmsink {
namespace {

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kGiB = 1024 * kMiB;
constexpr std::int64_t kSecond = 1000;

constexpr Setting kSettings[] = {
    {.name = "database",
     .section = "storage",
     .key = "database",
     .kind = Setting::Kind::kDatabase,
     .default_value = "sqlite:crmsink.db",
     .member = &Settings::database,
     .help = "Where everything is kept: a file (a relative path starts at the working directory), or PostgreSQL. A "
             "password must not stand in the flag, where the process list shows it."},
    {.name = "schema",
     .section = "storage",
     .key = "schema",
     .kind = Setting::Kind::kName,
     .default_value = "crmsink",
     .member = &Settings::schema,
     .help = "PostgreSQL's schema that everything is in, where the URL says no schema=NAME itself."},
    {.name = "writer",
     .section = "storage",
     .key = "writer",
     .kind = Setting::Kind::kText,
     .default_value = "main",
     .member = &Settings::writer,
     .help = "Names this instance in event_counts; no two instances on one database may share a name.",
     .min = 1,
     .max = 64},
    {.name = "listen",
     .section = "server",
     .key = "listen",
     .kind = Setting::Kind::kAddress,
     .default_value = "127.0.0.1:8080",
     .member = &Settings::listen,
     .help = "Where webhooks come in; port 0 takes a free one."},
    {.name = "admin-listen",
     .section = "server",
     .key = "admin-listen",
     .kind = Setting::Kind::kAddress,
     .default_value = "127.0.0.1:8081",
     .member = &Settings::admin_listen,
     .help = "Where /healthz, /readyz and /metrics are; keep it away from the internet. Port 0 takes a free one."},
    {.name = "body-limit",
     .section = "server",
     .key = "body-limit",
     .kind = Setting::Kind::kBytes,
     .default_value = "16MiB",
     .member = &Settings::body_limit,
     .help = "The largest body of a delivery; a larger one is answered 413.",
     .min = kKiB,
     .max = 256 * kMiB},
    {.name = "request-timeout",
     .section = "server",
     .key = "request-timeout",
     .kind = Setting::Kind::kDuration,
     .default_value = "30s",
     .member = &Settings::request_timeout,
     .help = "How long a request may take to arrive whole; a slower one is answered 408.",
     .min = kSecond,
     .max = 3600 * kSecond},
    {.name = "io-threads",
     .section = "server",
     .key = "io-threads",
     .kind = Setting::Kind::kCount,
     .default_value = "0",
     .member = &Settings::io_threads,
     .help = "Threads that read, verify and project deliveries; 0 is one per core.",
     .min = 0,
     .max = 256},
    {.name = "healthz",
     .section = "server",
     .key = "healthz",
     .kind = Setting::Kind::kSwitch,
     .default_value = "on",
     .member = &Settings::healthz,
     .help = "Whether GET /healthz is answered where webhooks come in, too."},
    {.name = "signature-mode",
     .section = "signature",
     .key = "mode",
     .kind = Setting::Kind::kChoice,
     .default_value = "required",
     .member = &Settings::signature_mode,
     .help = "off lets everybody write into the tables: for tests and closed networks only.",
     .choices = "required|off"},
    {.name = "signature-key",
     .section = "signature",
     .key = "keys",
     .kind = Setting::Kind::kFiles,
     .default_value = "",
     .member = &Settings::signature_keys,
     .help = "PEM files with public keys (Ed25519 or RSA) that count beside HighLevel's own, which are built in."},
    {.name = "signature-legacy-rsa",
     .section = "signature",
     .key = "legacy-rsa",
     .kind = Setting::Kind::kSwitch,
     .default_value = "off",
     .member = &Settings::signature_legacy_rsa,
     .help = "Whether RSA in X-WH-Signature counts where X-GHL-Signature is missing."},
    {.name = "builtin-keys",
     .section = "signature",
     .key = "builtin-keys",
     .kind = Setting::Kind::kSwitch,
     .default_value = "on",
     .member = &Settings::builtin_keys,
     .help = "Whether HighLevel's own keys count; off is for tests.",
     .hidden = true},
    {.name = "queue-deliveries",
     .section = "queue",
     .key = "deliveries",
     .kind = Setting::Kind::kCount,
     .default_value = "4096",
     .member = &Settings::queue_deliveries,
     .help = "How many deliveries may wait for a commit; one more is answered 429.",
     .min = 1,
     .max = 1'000'000},
    {.name = "queue-bytes",
     .section = "queue",
     .key = "bytes",
     .kind = Setting::Kind::kBytes,
     .default_value = "64MiB",
     .member = &Settings::queue_bytes,
     .help = "How many bytes of bodies may wait for a commit; at least body-limit.",
     .min = kKiB,
     .max = 64 * kGiB},
    {.name = "log-level",
     .section = "log",
     .key = "level",
     .kind = Setting::Kind::kChoice,
     .default_value = "info",
     .member = &Settings::log_level,
     .help = "The least important kind of line that is written to standard error.",
     .choices = "debug|info|warning|error"},
    {.name = "log-format",
     .section = "log",
     .key = "format",
     .kind = Setting::Kind::kChoice,
     .default_value = "text",
     .member = &Settings::log_format,
     .help = "Lines for people, or a JSON object a line.",
     .choices = "text|json"},
};

}  // namespace

std::span<const Setting> AllSettings() { return kSettings; }

const Setting* FindSetting(std::string_view name) {
  const auto found = std::ranges::find(kSettings, name, &Setting::name);
  return found == std::end(kSettings) ? nullptr : found;
}

std::string EnvironmentName(const Setting& setting) {
  std::string name = "CRMSINK_";
  for (const char character : setting.name) {
    name += character == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
  }
  return name;
}

std::string DottedKey(const Setting& setting) { return std::string(setting.section).append(".").append(setting.key); }

}  // namespace crmsink
