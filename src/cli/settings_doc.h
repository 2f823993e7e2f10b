#pragma once

#include <string>

namespace crmsink {

// docs/settings.md: every setting that is not hidden.
[[nodiscard]] std::string SettingsMarkdown();

}  // namespace crmsink
