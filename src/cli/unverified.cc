#include "cli/commands.h"
#include "cli/held.h"

namespace crmsink {
namespace {

constexpr HeldTable kTable{Holding::kUnverified, "unverified",
                           "Deliveries whose signature is well-formed but fits no known key are held as unverified: a "
                           "key that was changed, a proxy that changes bodies, or somebody who is not HighLevel."};

}  // namespace

int RunUnverifiedList(const Arguments& arguments, Terminal& terminal) { return ListHeld(kTable, arguments, terminal); }
int RunUnverifiedShow(const Arguments& arguments, Terminal& terminal) { return ShowHeld(kTable, arguments, terminal); }
int RunUnverifiedRetry(const Arguments& arguments, Terminal& terminal) {
  return RetryHeld(kTable, arguments, terminal);
}

}  // namespace crmsink
