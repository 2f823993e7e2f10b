#include "cli/commands.h"
#include "cli/held.h"

namespace crmsink {
namespace {

constexpr HeldTable kTable{Holding::kQuarantine, "quarantine",
                           "The quarantine keeps authentic deliveries that could not become an event: no JSON, no id, "
                           "or an id that came before with another body."};

}  // namespace

int RunQuarantineList(const Arguments& arguments, Terminal& terminal) { return ListHeld(kTable, arguments, terminal); }
int RunQuarantineShow(const Arguments& arguments, Terminal& terminal) { return ShowHeld(kTable, arguments, terminal); }
int RunQuarantineRetry(const Arguments& arguments, Terminal& terminal) {
  return RetryHeld(kTable, arguments, terminal);
}

}  // namespace crmsink
