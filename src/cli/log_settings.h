#pragma once

#include "base/log.h"
#include "cli/settings.h"

namespace crmsink {

// What log-level and log-format say. `auto` is text where people read it, on a terminal, and JSON elsewhere.
[[nodiscard]] LogLevel LogLevelOf(const Settings& settings);
[[nodiscard]] LogFormat LogFormatOf(const Settings& settings, bool err_is_terminal);

}  // namespace crmsink
