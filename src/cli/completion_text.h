#pragma once

#include <string>

namespace crmsink {

// A script that teaches bash the commands, subcommands, options and values that --help lists. It needs nothing but
// bash 4.
[[nodiscard]] std::string BashCompletion();

}  // namespace crmsink
