#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/log_repeats.h"
#include "base/result.h"

namespace crmsink {

enum class LogFormat : std::uint8_t { kText, kJson };

// What happened, for the people who run the program: one line an entry, times in UTC.
//
//   text  2026-01-15T10:20:30.456Z info  first delivery of a type type=ContactCreate path=/webhooks
//   json  {"time":"2026-01-15T10:20:30.456Z","level":"info","message":"...","type":"ContactCreate"}
//
// Values come from anywhere, so each is escaped: an entry never is more than one line and holds no control character.
// Payloads, header values and secrets do not belong here; ids, types and digests do.
//
// A message that is written again and again is left out for the rest of the minute (log_repeats.h), whatever its fields
// say; with the next line after that, or at the end, one line says how often: the message, and "repeated".
//
// Thread-safety: all methods may be called from any thread. None waits for the reader of the log: a line that the
// descriptor does not take at once, or the disk does not take, is dropped and counted; the rest of a line beyond 4,096
// bytes is cut off.
class Log {
 public:
  struct Field {
    std::string_view name;
    std::variant<std::string_view, std::int64_t, std::uint64_t> value;
  };
  using Fields = std::initializer_list<Field>;

  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // Writes to `descriptor`, which stays the caller's and outlives this. Entries below `level` are left out. An empty
  // `now`: the system's steady clock.
  explicit Log(LogLevel level = LogLevel::kInfo, LogFormat format = LogFormat::kText, int descriptor = 2, Now now = {});
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void Debug(std::string_view message, Fields fields = {}) { Write(LogLevel::kDebug, message, fields); }
  void Info(std::string_view message, Fields fields = {}) { Write(LogLevel::kInfo, message, fields); }
  void Warning(std::string_view message, Fields fields = {}) { Write(LogLevel::kWarning, message, fields); }
  void Error(std::string_view message, Fields fields = {}) { Write(LogLevel::kError, message, fields); }
  void Write(LogLevel level, std::string_view message, Fields fields);

  // From now on writes to the end of this file, which is made where it is not there, and opened anew where it is the
  // same: whoever renamed it gets no further line. Empty: to the descriptor again. kInvalid: it cannot be opened, and
  // nothing has changed.
  [[nodiscard]] Result<void> UseFile(const std::string& path);

  // From now on.
  void Use(LogLevel level, LogFormat format);

  // Lines dropped so far.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink
