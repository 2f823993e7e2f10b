#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include <toml++/toml.h>

#include "cli/nearest.h"
#include "cli/settings.h"
#include "storage/database.h"

namespace crmsink {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kConfigVariable = "CRMSINK_CONFIG";

std::string Quoted(std::string_view text) { return std::string("\"").append(text).append("\""); }

std::string Place(const std::string& file, const toml::source_region& region) {
  return file + ":" + std::to_string(region.begin.line);
}

// The distance to a key's full name, or to its last part alone, which finds a key that stands in a wrong section.
std::string NearestKey(std::string_view section, std::string_view key) {
  const std::string full = section.empty() ? std::string(key) : std::string(section).append(".").append(key);
  std::string nearest;
  std::size_t smallest = std::numeric_limits<std::size_t>::max();
  for (const Setting& setting : AllSettings()) {
    if (setting.hidden) continue;
    const std::size_t distance = std::min({EditDistance(full, DottedKey(setting)), EditDistance(key, setting.key) + 1,
                                           EditDistance(key, setting.name) + 1});
    if (distance < smallest) {
      smallest = distance;
      nearest = DottedKey(setting);
    }
  }
  return nearest;
}

std::optional<std::string> ScalarText(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return std::nullopt;
}

Result<void> StoreNode(const Setting& setting, const toml::node& node, Settings& settings) {
  std::vector<std::string> values;
  const bool list = node.is_array() && setting.kind == Setting::Kind::kFiles;
  if (list) {
    for (const toml::node& element : *node.as_array()) {
      if (!element.is_string()) return Fail(ErrorCode::kInvalid, "must be a list of strings");
      values.push_back(element.as_string()->get());
    }
    return StoreValues(setting, values, settings);
  }
  const std::optional<std::string> text = ScalarText(node);
  const bool textual =
      std::holds_alternative<std::string Settings::*>(setting.member) || setting.kind == Setting::Kind::kFiles;
  if (!text || (textual && !node.is_string())) {
    return Fail(ErrorCode::kInvalid, "must be " + ValueHelp(setting) + (textual ? ", in quotes" : ""));
  }
  return StoreValues(setting, {*text}, settings);
}

Result<void> ReadSection(const std::string& file, std::string_view section, const toml::table& table,
                         Settings& settings) {
  for (const auto& [key, node] : table) {
    const auto settings_list = AllSettings();
    const auto found = std::ranges::find_if(settings_list, [&, name = key.str()](const Setting& setting) {
      return setting.section == section && setting.key == name;
    });
    const std::string place = Place(file, key.source());
    if (found == settings_list.end()) {
      return Fail(ErrorCode::kInvalid, place + ": unknown key " +
                                           Quoted(std::string(section).append(".").append(key.str())) +
                                           "; the nearest known one is " + Quoted(NearestKey(section, key.str())));
    }
    if (const Result<void> stored = StoreNode(*found, node, settings); !stored) {
      return Fail(ErrorCode::kInvalid, place + ": " + DottedKey(*found) + ": " + stored.error().message);
    }
    settings.origins[std::string(found->name)] = place;
  }
  return {};
}

std::vector<std::string_view> Sections() {
  std::vector<std::string_view> sections;
  for (const Setting& setting : AllSettings()) {
    if (std::ranges::find(sections, setting.section) == sections.end()) sections.push_back(setting.section);
  }
  return sections;
}

Result<void> ReadTable(const std::string& file, const toml::table& root, Settings& settings) {
  const std::vector<std::string_view> sections = Sections();
  for (const auto& [key, node] : root) {
    const std::string place = Place(file, key.source());
    const toml::table* const table = node.as_table();
    if (table == nullptr) {
      return Fail(ErrorCode::kInvalid, place + ": unknown key " + Quoted(key.str()) + "; the nearest known one is " +
                                           Quoted(NearestKey("", key.str())));
    }
    if (std::ranges::find(sections, key.str()) == sections.end()) {
      return Fail(ErrorCode::kInvalid, place + ": unknown section [" + std::string(key.str()) +
                                           "]; the nearest known one is [" + std::string(Nearest(key.str(), sections)) +
                                           "]");
    }
    if (const Result<void> read = ReadSection(file, key.str(), *table, settings); !read) return read;
  }
  return {};
}

Result<void> ReadFile(const std::string& file, Settings& settings) {
  try {
    return ReadTable(file, toml::parse_file(file), settings);
  } catch (const toml::parse_error& error) {
    const auto line = error.source().begin.line;
    return Fail(ErrorCode::kInvalid,
                file + (line > 0 ? ":" + std::to_string(line) : "") + ": " + std::string(error.description()));
  }
}

Result<std::string> FindConfig(const SettingSources& sources) {
  std::string named = sources.config_flag, origin = "--config";
  if (named.empty()) {
    if (const auto variable = sources.environment.find(std::string(kConfigVariable));
        variable != sources.environment.end()) {
      named = variable->second;
      origin = kConfigVariable;
    }
  }
  std::error_code ignored;
  if (!named.empty()) {
    if (!fs::is_regular_file(named, ignored)) {
      return Fail(ErrorCode::kInvalid, origin + ": there is no file " + fs::absolute(named, ignored).string());
    }
    return named;
  }
  for (const fs::path& path : sources.search) {
    if (fs::is_regular_file(path, ignored)) return path.string();
  }
  return std::string();
}

Result<void> ReadEnvironment(const std::map<std::string, std::string>& environment, Settings& settings) {
  for (const Setting& setting : AllSettings()) {
    const std::string name = EnvironmentName(setting);
    const auto variable = environment.find(name);
    if (variable == environment.end() || variable->second.empty()) continue;
    if (const Result<void> stored = StoreValue(setting, variable->second, settings); !stored) {
      return Fail(ErrorCode::kInvalid, name + ": " + stored.error().message);
    }
    settings.origins[std::string(setting.name)] = name;
  }
  return {};
}

// Others may set variables that begin like ours (a cluster names a service's address so), hence only a warning, and
// only where it looks like a slip of the pen.
void WarnOfSlips(const std::map<std::string, std::string>& environment, Settings& settings) {
  constexpr std::size_t kSlip = 2;
  for (const auto& [name, value] : environment) {
    if (!name.starts_with("CRMSINK_") || name == kConfigVariable) continue;
    for (const Setting& setting : AllSettings()) {
      const std::string known = EnvironmentName(setting);
      const std::size_t distance = EditDistance(name, known);
      if (distance == 0) break;
      if (distance <= kSlip) settings.warnings.push_back(name + " is not read; " + known + " is");
    }
  }
}

Result<void> CheckTogether(const Settings& settings) {
  if (settings.queue_bytes >= settings.body_limit) return {};
  const auto origin = [&settings](const char* name) {
    const auto found = settings.origins.find(name);
    return found == settings.origins.end() ? std::string("the default") : found->second;
  };
  return Fail(ErrorCode::kInvalid, "queue-bytes (" + origin("queue-bytes") + ") is less than body-limit (" +
                                       origin("body-limit") + "): the largest bodies would be answered 429 for ever");
}

}  // namespace

Result<Settings> LoadSettings(const SettingSources& sources) {
  Settings settings;
  for (const Setting& setting : AllSettings()) {
    if (const Result<void> stored = StoreValue(setting, setting.default_value, settings); !stored) {
      return Fail(ErrorCode::kInternal, "the default of " + std::string(setting.name) + ": " + stored.error().message);
    }
  }

  Result<std::string> config = FindConfig(sources);
  if (!config) return tl::unexpected(config.error());
  if (!config->empty()) {
    settings.config = *config;
    if (const Result<void> read = ReadFile(*config, settings); !read) return tl::unexpected(read.error());
  }
  if (const Result<void> read = ReadEnvironment(sources.environment, settings); !read) {
    return tl::unexpected(read.error());
  }
  WarnOfSlips(sources.environment, settings);
  for (const auto& [name, values] : sources.flags) {
    const Setting* const setting = FindSetting(name);
    if (setting == nullptr) return Fail(ErrorCode::kInternal, "no setting is called " + name);
    Result<void> stored = StoreValues(*setting, values, settings);
    if (stored && setting->kind == Setting::Kind::kDatabase) stored = RefusePassword(values.front());
    if (!stored) return Fail(ErrorCode::kInvalid, "--" + name + ": " + stored.error().message);
    settings.origins[name] = "--" + name;
  }
  if (settings.origins.contains("schema")) {
    settings.database = DatabaseUrl::WithSchema(std::move(settings.database), settings.schema);
  }
  if (const Result<void> checked = CheckTogether(settings); !checked) return tl::unexpected(checked.error());
  return settings;
}

}  // namespace crmsink
