#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "require.h"

#include "cli/settings.h"

// The settings. An input is a config file; behind a NUL stand lines NAME=VALUE: variables of the environment.

namespace crmsink {
namespace {

// A file in memory, written over for each input.
class ConfigFile {
 public:
  ConfigFile() : descriptor_(memfd_create("config", 0)) {
    Require(descriptor_ >= 0, "memfd_create");
    path_ = "/proc/self/fd/" + std::to_string(descriptor_);
  }
  const std::string& path() const { return path_; }

  void Write(std::string_view text) const {
    Require(ftruncate(descriptor_, 0) == 0, "ftruncate");
    Require(pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()), "pwrite");
  }

 private:
  int descriptor_;
  std::string path_;
};

std::string Shown(const Settings& settings, const Setting& setting) {
  if (const auto* text = std::get_if<std::string Settings::*>(&setting.member)) return settings.*(*text);
  if (const auto* number = std::get_if<std::int64_t Settings::*>(&setting.member)) {
    return std::to_string(settings.*(*number));
  }
  if (const auto* truth = std::get_if<bool Settings::*>(&setting.member)) return settings.*(*truth) ? "true" : "false";
  std::string list;
  for (const std::string& value : settings.*(std::get<std::vector<std::string> Settings::*>(setting.member))) {
    list += value + ':';
  }
  return list;
}

void CheckBounds(const Settings& settings) {
  for (const Setting& setting : AllSettings()) {
    const auto* number = std::get_if<std::int64_t Settings::*>(&setting.member);
    if (number == nullptr || setting.max == 0) continue;
    const std::int64_t value = settings.*(*number);
    Require(value >= setting.min && value <= setting.max,
            "a number is within its bounds: " + std::string(setting.name));
  }
}

std::string Shown(const Result<Settings>& settings) {
  if (!settings) return settings.error().message;
  std::string text;
  for (const Setting& setting : AllSettings()) text += Shown(*settings, setting) + '\n';
  return text;
}

}  // namespace
}  // namespace crmsink

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crmsink;
  static const ConfigFile file;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t nul = input.find('\0');
  file.Write(input.substr(0, nul));

  SettingSources sources{.config_flag = file.path()};
  std::string_view lines = nul == std::string_view::npos ? std::string_view() : input.substr(nul + 1);
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with("CRMSINK_CONFIG=")) continue;
    sources.environment[std::string(line.substr(0, equals))] = line.substr(equals + 1);
  }

  const Result<Settings> settings = LoadSettings(sources);
  Require(Shown(settings) == Shown(LoadSettings(sources)), "the same file gives the same settings");
  if (settings) {
    CheckBounds(*settings);
  } else {
    Require(settings.error().code == ErrorCode::kInvalid, "a bad setting is a mistake of the one who wrote it");
    Require(!settings.error().message.empty(), "a bad setting has a reason");
  }
  return 0;
}
