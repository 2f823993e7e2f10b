#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace crmsink {

// What the program can be told, typed. Filled by LoadSettings only; each member belongs to one line of AllSettings().
struct Settings {
  std::string database;  // of PostgreSQL: with the schema
  std::string schema;
  std::string writer;
  std::int64_t writers = 0;

  std::string listen;
  std::string admin_listen;
  std::int64_t body_limit = 0;       // bytes
  std::int64_t request_timeout = 0;  // milliseconds
  std::int64_t io_threads = 0;       // 0: one per core
  std::int64_t connections = 0;
  std::int64_t connections_per_address = 0;  // 0: any number
  std::int64_t failures_per_minute = 0;      // 0: any number
  std::string trusted_proxies;               // for ParseNetworks
  bool healthz = false;

  std::string tls_certificate;  // empty: no TLS
  std::string tls_key;

  std::string signature_mode;  // required, off
  std::vector<std::string> signature_keys;
  bool signature_legacy_rsa = false;
  bool builtin_keys = false;

  std::int64_t queue_deliveries = 0;
  std::int64_t queue_bytes = 0;

  bool spool_enabled = false;
  std::string spool_file;
  std::int64_t spool_bytes = 0;

  std::string log_level;   // debug, info, warning, error
  std::string log_format;  // auto, text, json
  std::string log_file;    // empty: standard error

  std::string config;                          // the file that was read; empty: none
  std::vector<std::string> warnings;           // for people; nothing that keeps the program from running
  std::map<std::string, std::string> origins;  // setting to where its value is from: "crmsink.toml:7", "--listen"
};

// One setting, declared once: flag, environment variable, place in the file, help, documents and checks come from here.
struct Setting {
  enum class Kind : std::uint8_t {
    kText,
    kFile,
    kFiles,
    kChoice,
    kSwitch,
    kCount,
    kBytes,
    kDuration,
    kAddress,
    kNetworks,
    kDatabase,
    kName
  };
  using Member = std::variant<std::string Settings::*, std::vector<std::string> Settings::*, std::int64_t Settings::*,
                              bool Settings::*>;

  std::string_view name;  // signature-key: flag --signature-key, environment CRMSINK_SIGNATURE_KEY
  std::string_view section;
  std::string_view key;  // in the file: [section] key
  Kind kind = Kind::kText;
  std::string_view default_value;  // as one would write it
  Member member;
  std::string_view help;          // one sentence
  std::string_view choices = "";  // joined by '|'
  std::int64_t min = 0;           // of a count, of bytes, of milliseconds
  std::int64_t max = 0;
  bool hidden = false;  // for tests: left out of --help and of the documents
};

// In the order of the documents.
[[nodiscard]] std::span<const Setting> AllSettings();
[[nodiscard]] const Setting* FindSetting(std::string_view name);

[[nodiscard]] std::string EnvironmentName(const Setting& setting);  // CRMSINK_SIGNATURE_KEY
[[nodiscard]] std::string DottedKey(const Setting& setting);        // signature.keys
[[nodiscard]] std::string ValueHelp(const Setting& setting);        // "required or off", "1KiB to 256MiB"

// kInvalid: the URL of a database that stands in a flag has a password in it, which every user of the machine could
// read; the message says where it may stand instead.
[[nodiscard]] Result<void> RefusePassword(const std::string& url);

// Reads one value as it stands in a flag or in the environment (a list: parts joined by ':') and stores it. kInvalid:
// the message says what is wrong with it, not where it is from.
[[nodiscard]] Result<void> StoreValue(const Setting& setting, std::string_view text, Settings& settings);
// The same for a repeated flag or a list in the file; only a setting of files takes other than one value.
[[nodiscard]] Result<void> StoreValues(const Setting& setting, const std::vector<std::string>& values,
                                       Settings& settings);

// digits and a unit: 500ms, 30s, 5m, 1h. kInvalid says so.
[[nodiscard]] Result<std::chrono::milliseconds> ParseDuration(std::string_view text);

struct SettingSources {
  std::string config_flag = {};                                // --config; empty: not given
  std::map<std::string, std::vector<std::string>> flags = {};  // by name of the setting
  std::map<std::string, std::string> environment = {};
  // Looked for where neither --config nor CRMSINK_CONFIG names a file; the first that is there is read.
  std::vector<std::filesystem::path> search = {"crmsink.toml", "/etc/crmsink/crmsink.toml"};
};

// Every setting from the first of flag, environment, file, default that has it; an empty variable counts as none. Each
// layer must be right in itself, also where another one wins. kInvalid: an unknown key, a bad value, a file that cannot
// be read; the message names the flag, the variable, or file and line, and the nearest known key.
[[nodiscard]] Result<Settings> LoadSettings(const SettingSources& sources);

}  // namespace crmsink
