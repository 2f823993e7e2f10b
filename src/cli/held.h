#pragma once

#include "cli/terminal.h"
#include "storage/store.h"

namespace crmsink {

// The subcommands of `quarantine` and of `unverified`, which differ in little more than their table.

// How a table of deliveries that are kept aside is spoken of.
struct HeldTable {
  Holding where;
  std::string_view name;   // quarantine
  std::string_view about;  // one sentence for --help
};

[[nodiscard]] int ListHeld(const HeldTable& table, const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int ShowHeld(const HeldTable& table, const Arguments& arguments, Terminal& terminal);
[[nodiscard]] int RetryHeld(const HeldTable& table, const Arguments& arguments, Terminal& terminal);

}  // namespace crmsink
