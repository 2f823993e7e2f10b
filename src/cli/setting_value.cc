// The forms of a setting's value:
//
//   count     digits
//   bytes     digits [ "B" / "KiB" / "MiB" / "GiB" ]
//   duration  digits ( "ms" / "s" / "m" / "h" )
//   switch    "on" / "off" / "true" / "false"
//   address   ( host / "[" IPv6 "]" ) ":" port
//   networks  network *( "," network ) / "none"; a network is an address [ "/" bits ]
//   database  "sqlite:" [ "//" ] file / "postgresql://" what libpq reads
//   name      a letter or "_", then letters, digits and "_", at most 63
//   file      what a path can be
//   files     file *( ":" file )
#include <charconv>
#include <cstddef>
#include <optional>

#include "base/network.h"
#include "cli/nearest.h"
#include "cli/settings.h"
#include "storage/database.h"

namespace crmsink {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t factor;
};

constexpr Unit kByteUnits[] = {{"GiB", std::int64_t{1} << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}, {"", 1}};
constexpr Unit kTimeUnits[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr Unit kNoUnits[] = {{"", 1}};

std::span<const Unit> UnitsOf(Setting::Kind kind) {
  if (kind == Setting::Kind::kBytes) return kByteUnits;
  if (kind == Setting::Kind::kDuration) return kTimeUnits;
  return kNoUnits;
}

std::optional<std::int64_t> ReadNumber(std::string_view text, std::span<const Unit> units) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || text.starts_with('-')) return std::nullopt;
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : units) {
    if (rest != unit.name) continue;
    std::int64_t value = 0;
    if (__builtin_mul_overflow(number, unit.factor, &value)) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

// In the largest unit that leaves nothing over.
std::string WriteNumber(std::int64_t value, Setting::Kind kind) {
  if (kind == Setting::Kind::kCount || value == 0) return std::to_string(value);
  Unit best{"", 1};
  for (const Unit& unit : UnitsOf(kind)) {
    if (value % unit.factor == 0 && unit.factor >= best.factor && !unit.name.empty()) best = unit;
  }
  return std::to_string(value / best.factor).append(best.name);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

bool IsAddress(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  if (!bracketed && host.find_first_of(":[]/ ") != std::string_view::npos) return false;
  const std::optional<std::int64_t> port = ReadNumber(text.substr(colon + 1), kNoUnits);
  return port && *port <= 65535;
}

std::optional<bool> ReadSwitch(std::string_view text) {
  if (text == "on" || text == "true") return true;
  if (text == "off" || text == "false") return false;
  return std::nullopt;
}

Result<void> Refuse(const Setting& setting, std::string_view text, std::string_view hint = "") {
  return Fail(ErrorCode::kInvalid,
              std::string("\"").append(text).append("\" must be ").append(ValueHelp(setting)).append(hint));
}

Result<void> StoreText(const Setting& setting, std::string_view text, std::string& out) {
  bool good = true;
  std::string hint;
  switch (setting.kind) {
    case Setting::Kind::kChoice: {
      const std::vector<std::string_view> choices = Split(setting.choices, '|');
      good = false;
      for (const std::string_view choice : choices) good = good || choice == text;
      hint.append("; the nearest is \"").append(Nearest(text, choices)).append("\"");
      break;
    }
    case Setting::Kind::kAddress:
      good = IsAddress(text);
      break;
    case Setting::Kind::kNetworks:
      if (const auto networks = ParseNetworks(text); !networks) return tl::unexpected(networks.error());
      break;
    case Setting::Kind::kFile:
      break;
    case Setting::Kind::kDatabase:
      if (const auto url = DatabaseUrl::Parse(text); !url) return tl::unexpected(url.error());
      break;
    case Setting::Kind::kName:
      good = DatabaseUrl::IsSchemaName(text);
      break;
    default:
      good = static_cast<std::int64_t>(text.size()) >= setting.min &&
             static_cast<std::int64_t>(text.size()) <= setting.max;
  }
  if (!good) return Refuse(setting, text, hint);
  out = text;
  return {};
}

}  // namespace

Result<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  const std::optional<std::int64_t> value = ReadNumber(text, kTimeUnits);
  if (!value)
    return Fail(ErrorCode::kInvalid, "\"" + std::string(text) + "\" must be a time like 500ms, 30s, 5m or 1h");
  return std::chrono::milliseconds(*value);
}

Result<void> RefusePassword(const std::string& url) {
  const auto parsed = DatabaseUrl::Parse(url);
  if (!parsed || !parsed->has_password) return {};
  return Fail(ErrorCode::kInvalid,
              "a password in a flag shows in the process list: write the URL with it into CRMSINK_DATABASE or the "
              "configuration file, or leave it out of the URL and write it into ~/.pgpass (PGPASSFILE) or PGPASSWORD");
}

std::string ValueHelp(const Setting& setting) {
  switch (setting.kind) {
    case Setting::Kind::kText:
      if (setting.min == 0) return "a text of at most " + std::to_string(setting.max) + " bytes";
      return "a text of " + std::to_string(setting.min) + " to " + std::to_string(setting.max) + " bytes";
    case Setting::Kind::kFile:
      return "a file";
    case Setting::Kind::kFiles:
      return "one or more files";
    case Setting::Kind::kSwitch:
      return "on or off";
    case Setting::Kind::kAddress:
      return "HOST:PORT, like 127.0.0.1:8080 or [::1]:8080";
    case Setting::Kind::kNetworks:
      return "addresses and networks like 10.0.0.0/8, joined by commas, or none";
    case Setting::Kind::kDatabase:
      return "sqlite:FILE or postgresql://USER@HOST/DATABASE";
    case Setting::Kind::kName:
      return "a name: letters, digits and _, no digit first, at most 63";
    case Setting::Kind::kChoice: {
      std::string help;
      const std::vector<std::string_view> choices = Split(setting.choices, '|');
      for (std::size_t i = 0; i < choices.size(); ++i) {
        help.append(i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ").append(choices[i]);
      }
      return help;
    }
    case Setting::Kind::kCount:
    case Setting::Kind::kBytes:
    case Setting::Kind::kDuration:
      break;
  }
  return WriteNumber(setting.min, setting.kind) + " to " + WriteNumber(setting.max, setting.kind);
}

Result<void> StoreValue(const Setting& setting, std::string_view text, Settings& settings) {
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member)) {
    std::vector<std::string>& files = settings.**list;
    files.clear();
    for (const std::string_view part : Split(text, ':')) {
      if (!part.empty()) files.emplace_back(part);
    }
    return {};
  }
  if (const auto* member = std::get_if<bool Settings::*>(&setting.member)) {
    const std::optional<bool> value = ReadSwitch(text);
    if (!value) return Refuse(setting, text);
    settings.** member = *value;
    return {};
  }
  if (const auto* member = std::get_if<std::int64_t Settings::*>(&setting.member)) {
    const std::optional<std::int64_t> value = ReadNumber(text, UnitsOf(setting.kind));
    if (!value || *value < setting.min || *value > setting.max) return Refuse(setting, text);
    settings.** member = *value;
    return {};
  }
  return StoreText(setting, text, settings.*std::get<std::string Settings::*>(setting.member));
}

Result<void> StoreValues(const Setting& setting, const std::vector<std::string>& values, Settings& settings) {
  if (const auto* list = std::get_if<std::vector<std::string> Settings::*>(&setting.member)) {
    for (const std::string& value : values) {
      if (value.empty()) return Fail(ErrorCode::kInvalid, "the name of a file is empty");
    }
    settings.** list = values;
    return {};
  }
  if (values.size() != 1) return Fail(ErrorCode::kInvalid, "takes one value, not " + std::to_string(values.size()));
  return StoreValue(setting, values.front(), settings);
}

}  // namespace crmsink
