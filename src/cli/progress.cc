#include "cli/progress.h"

#include <ostream>

namespace crmsink {

OnProgress ProgressTo(Terminal& terminal) {
  return [&err = terminal.err](const Progress& progress) {
    err << progress.step << ": " << progress.done;
    if (progress.total > 0) err << " of " << progress.total;
    err << ", " << progress.per_second << " per second";
    err << std::endl;
  };
}

}  // namespace crmsink
