#include "cli/log_settings.h"

namespace crmsink {

LogLevel LogLevelOf(const Settings& settings) {
  if (settings.log_level == "debug") return LogLevel::kDebug;
  if (settings.log_level == "warning") return LogLevel::kWarning;
  if (settings.log_level == "error") return LogLevel::kError;
  return LogLevel::kInfo;
}

LogFormat LogFormatOf(const Settings& settings, bool err_is_terminal) {
  if (settings.log_format == "text") return LogFormat::kText;
  if (settings.log_format == "json") return LogFormat::kJson;
  return err_is_terminal && settings.log_file.empty() ? LogFormat::kText : LogFormat::kJson;
}

}  // namespace crmsink
