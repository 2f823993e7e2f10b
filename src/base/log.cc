#include "base/log.h"

#include <atomic>
#include <cerrno>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include "base/printable.h"

namespace crmsink {
namespace {

// A pipe that poll() calls writable takes this much (PIPE_BUF) without blocking, and in one piece.
constexpr std::size_t kMaxLine = 4096;

class DescriptorSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}
  ~DescriptorSink() override {
    if (file_ >= 0) close(file_);
  }

  // Takes the file over; -1: none any more.
  void UseFile(int file) {
    const std::lock_guard lock(mutex_);
    if (file_ >= 0) close(file_);
    file_ = file;
    is_torn_ = false;
  }

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t buffer;
    formatter_->format(message, buffer);
    std::string line(buffer.data(), buffer.size());
    if (line.size() > kMaxLine) line.replace(kMaxLine - 4, line.npos, "...\n");
    if (is_torn_) line.insert(0, "\n");
    if (!TryWrite(line)) ++dropped_;
  }
  void flush_() override {}

 private:
  // A disk that is full may take a part.
  bool TryWrite(std::string_view line) {
    const int descriptor = file_ >= 0 ? file_ : descriptor_;
    pollfd ready{descriptor, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return false;
    const ssize_t written = write(descriptor, line.data(), line.size());
    if (written <= 0) return false;
    is_torn_ = written < static_cast<ssize_t>(line.size());
    return !is_torn_;
  }

  const int descriptor_;
  int file_ = -1;
  bool is_torn_ = false;  // the last line has no end
  std::atomic<std::uint64_t> dropped_ = 0;
};

spdlog::level::level_enum Translate(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      break;
  }
  return spdlog::level::err;
}

bool IsPlainWord(std::string_view text) {
  for (const char character : text) {
    if (character <= ' ' || character > '~' || character == '"' || character == '=' || character == '\\') return false;
  }
  return !text.empty();
}

std::string TextOf(const Log::Field& field) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) return std::string(*text);
  if (const auto* number = std::get_if<std::int64_t>(&field.value)) return std::to_string(*number);
  return std::to_string(std::get<std::uint64_t>(field.value));
}

std::string TextLine(std::string_view message, Log::Fields fields) {
  std::string escaped;
  AppendPrintableJson(message, escaped);
  std::string line = escaped.substr(1, escaped.size() - 2);
  for (const Log::Field& field : fields) {
    line.append(" ").append(field.name).append("=");
    const std::string value = TextOf(field);
    IsPlainWord(value) ? void(line += value) : AppendPrintableJson(value, line);
  }
  return line;
}

std::string JsonMembers(std::string_view message, Log::Fields fields) {
  std::string members = "\"message\":";
  AppendPrintableJson(message, members);
  for (const Log::Field& field : fields) {
    members += ',';
    AppendPrintableJson(field.name, members);
    members += ':';
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      AppendPrintableJson(*text, members);
    } else {
      members += TextOf(field);
    }
  }
  return members;
}

}  // namespace

struct Log::Impl {
  std::shared_ptr<DescriptorSink> sink;
  spdlog::logger logger;
  Now now;
  std::mutex mutex;  // of what stands below
  LogFormat format;
  LogRepeats repeats;

  void UseFormat(LogFormat chosen) {
    format = chosen;
    const char* const pattern = format == LogFormat::kText ? "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v"
                                                           : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
    logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, "\n"));
  }

  void WriteLine(LogLevel level, std::string_view message, Fields fields) {
    const std::string line = format == LogFormat::kText ? TextLine(message, fields) : JsonMembers(message, fields);
    logger.log(Translate(level), spdlog::string_view_t(line.data(), line.size()));
  }

  void TellRepeats(bool all) {
    for (const auto& left_out : repeats.Take(now(), all)) {
      WriteLine(left_out.level, left_out.message, {{"repeated", left_out.times}});
    }
  }
};

Log::Log(LogLevel level, LogFormat format, int descriptor, Now now) {
  if (!now) now = std::chrono::steady_clock::now;
  auto sink = std::make_shared<DescriptorSink>(descriptor);
  impl_.reset(new Impl{sink, spdlog::logger("", sink), std::move(now), {}, format, {}});
  Use(level, format);
}

Log::~Log() {
  const std::lock_guard lock(impl_->mutex);
  impl_->TellRepeats(true);
}

void Log::Write(LogLevel level, std::string_view message, Fields fields) {
  if (!impl_->logger.should_log(Translate(level))) return;
  const std::lock_guard lock(impl_->mutex);
  impl_->TellRepeats(false);
  if (impl_->repeats.Admit(level, message, impl_->now())) impl_->WriteLine(level, message, fields);
}

Result<void> Log::UseFile(const std::string& path) {
  int file = -1;
  if (!path.empty()) {
    file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0640);
    if (file < 0) {
      return Fail(ErrorCode::kInvalid, "cannot write to " + path + ": " + std::generic_category().message(errno));
    }
  }
  impl_->sink->UseFile(file);
  return {};
}

void Log::Use(LogLevel level, LogFormat format) {
  const std::lock_guard lock(impl_->mutex);
  impl_->logger.set_level(Translate(level));
  impl_->UseFormat(format);
}

std::uint64_t Log::dropped() const { return impl_->sink->dropped(); }

}  // namespace crmsink
