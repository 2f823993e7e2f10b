#include "cli/reload.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/key_files.h"
#include "cli/log_settings.h"

namespace crmsink {
namespace {

constexpr std::string_view kSwapped[] = {"signature-key", "log-level", "log-format", "log-file"};

}  // namespace

Reloader::Reloader(std::function<Result<Settings>()> read, Settings settings, bool err_is_terminal, Sink& sink,
                   Log& log)
    : read_(std::move(read)),
      settings_(std::move(settings)),
      err_is_terminal_(err_is_terminal),
      sink_(sink),
      log_(log) {}

void Reloader::Reload(const std::function<Result<void>()>& also) {
  auto settings = read_();
  const Result<std::size_t> files = settings ? Swap(*settings, also) : tl::unexpected(settings.error());
  if (!files) {
    ++failed_;
    log_.Warning("reading the configuration again failed, the old one stays", {{"reason", files.error().message}});
    return;
  }
  NameWhatWantsARestart(*settings);
  settings_ = *std::move(settings);
  ++done_;
  log_.Info("configuration read again", {{"key_files", std::uint64_t{*files}}});
}

// The number of key files.
Result<std::size_t> Reloader::Swap(const Settings& settings, const std::function<Result<void>()>& also) {
  auto keys = ReadKeyFiles(settings);
  if (!keys) return tl::unexpected(keys.error());
  const std::size_t files = keys->size();
  if (auto done = log_.UseFile(settings.log_file); !done) return tl::unexpected(done.error());
  const auto give_up = [&](const Error& error) -> Result<std::size_t> {
    static_cast<void>(log_.UseFile(settings_.log_file));
    return tl::unexpected(error);
  };
  if (const auto done = also ? also() : Result<void>(); !done) return give_up(done.error());
  if (const auto done = sink_.ReloadKeys(*std::move(keys)); !done) {
    if (done.error().code == ErrorCode::kInvalid) return give_up(done.error());
    log_.Warning("what was held cannot be looked through now", {{"reason", done.error().message}});
  }
  log_.Use(LogLevelOf(settings), LogFormatOf(settings, err_is_terminal_));
  return files;
}

void Reloader::NameWhatWantsARestart(const Settings& settings) const {
  std::string names;
  for (const Setting& setting : AllSettings()) {
    const bool is_same =
        std::visit([&](const auto member) { return settings.*member == settings_.*member; }, setting.member);
    if (is_same || std::ranges::find(kSwapped, setting.name) != std::end(kSwapped)) continue;
    names.append(names.empty() ? "" : ", ").append(setting.name);
  }
  if (!names.empty()) log_.Warning("settings that have changed and want a restart", {{"settings", names}});
}

}  // namespace crmsink
