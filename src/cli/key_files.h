#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/settings.h"

namespace crmsink {

// The PEM texts of the files that the setting signature-key names, each with public keys that can be used. kInvalid
// names the file and where it was asked for.
[[nodiscard]] Result<std::vector<std::string>> ReadKeyFiles(const Settings& settings);

}  // namespace crmsink
