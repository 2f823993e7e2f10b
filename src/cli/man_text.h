#pragma once

#include <string>

namespace crmsink {

// The manual pages in man's language, made from what --help knows: crmsink(1) with every command, and crmsink.toml(5)
// with every setting.
[[nodiscard]] std::string ProgramManual();
[[nodiscard]] std::string SettingsManual();

}  // namespace crmsink
