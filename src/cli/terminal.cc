#include "cli/terminal.h"

#include <ostream>

#include <poll.h>

#include "cli/settings.h"

namespace crmsink {

int Complain(Terminal& terminal, ExitCode code, std::string_view message) {
  terminal.err << "crmsink: " << message << std::endl;
  return code;
}

int Complain(Terminal& terminal, const Settings& settings, const Error& error) {
  if (error.code != ErrorCode::kNotFound) return Complain(terminal, kFailed, error.message);
  std::error_code ignored;
  return Complain(
      terminal, kFailed,
      error.message + (settings.config.empty() ? "; no configuration file was read"
                                               : "; the configuration read was " +
                                                     std::filesystem::absolute(settings.config, ignored).string()));
}

bool IsOutputClosed(const Terminal& terminal) {
  if (!terminal.out.good()) return true;
  if (terminal.out_descriptor < 0) return false;
  pollfd output{.fd = terminal.out_descriptor, .events = 0, .revents = 0};
  return ::poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

int Finish(Terminal& terminal) {
  terminal.out.flush();
  return terminal.out.good() ? kDone : Complain(terminal, kFailed, "standard output could not take everything");
}

}  // namespace crmsink
