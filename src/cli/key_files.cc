#include "cli/key_files.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include "signature/keys.h"

namespace crmsink {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;

std::optional<std::string> ReadWhole(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxFile, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (!file.eof() && file.fail())) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

Result<std::vector<std::string>> ReadKeyFiles(const Settings& settings) {
  std::vector<std::string> texts;
  for (const std::string& path : settings.signature_keys) {
    const auto origin = settings.origins.find("signature-key");
    const std::string place = (origin == settings.origins.end() ? "signature-key" : origin->second) + ": ";
    std::optional<std::string> text = ReadWhole(path);
    if (!text) return Fail(ErrorCode::kInvalid, place + path + " is no file that can be read");
    if (const auto keys = ParsePublicKeys(*text); !keys) {
      return Fail(keys.error().code, place + path + " " + keys.error().message);
    }
    texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace crmsink
