#pragma once

#include "cli/terminal.h"
#include "replay/walk.h"

namespace crmsink {

// Writes how far a long run has come to standard error, a line about every second. The terminal outlives the result.
[[nodiscard]] OnProgress ProgressTo(Terminal& terminal);

}  // namespace crmsink
