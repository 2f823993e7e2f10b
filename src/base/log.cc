#include "base/log.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
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

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t buffer;
    formatter_->format(message, buffer);
    std::string line(buffer.data(), buffer.size());
    if (line.size() > kMaxLine) line.replace(kMaxLine - 4, line.npos, "...\n");
    if (!TryWrite(line)) ++dropped_;
  }
  void flush_() override {}

 private:
  bool TryWrite(std::string_view line) const {
    pollfd ready{descriptor_, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return false;
    return write(descriptor_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  }

  const int descriptor_;
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
  LogFormat format;
};

Log::Log(LogLevel level, LogFormat format, int descriptor) {
  auto sink = std::make_shared<DescriptorSink>(descriptor);
  impl_.reset(new Impl{sink, spdlog::logger("", sink), format});
  impl_->logger.set_level(Translate(level));
  const char* const pattern = format == LogFormat::kText ? "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v"
                                                         : R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
  impl_->logger.set_formatter(
      std::make_unique<spdlog::pattern_formatter>(pattern, spdlog::pattern_time_type::utc, "\n"));
}

Log::~Log() = default;

void Log::Write(LogLevel level, std::string_view message, Fields fields) {
  const spdlog::level::level_enum translated = Translate(level);
  if (!impl_->logger.should_log(translated)) return;
  const std::string line = impl_->format == LogFormat::kText ? TextLine(message, fields) : JsonMembers(message, fields);
  impl_->logger.log(translated, spdlog::string_view_t(line.data(), line.size()));
}

std::uint64_t Log::dropped() const { return impl_->sink->dropped(); }

}  // namespace crmsink
