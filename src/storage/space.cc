#include "storage/space.h"

#include <filesystem>
#include <system_error>

namespace crmsink {

std::optional<DiskSpace> DiskSpaceOf(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(file, error);
  if (error) return std::nullopt;
  const auto space = std::filesystem::space(path.parent_path(), error);
  if (error) return std::nullopt;
  return DiskSpace{space.available, space.capacity};
}

std::optional<std::uint64_t> FileBytes(const std::string& file) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(file, error);
  if (error) return std::nullopt;
  return bytes;
}

}  // namespace crmsink
