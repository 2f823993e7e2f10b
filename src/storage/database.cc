#include "storage/database.h"

#include <filesystem>

namespace crmsink {

Result<DatabaseUrl> DatabaseUrl::Parse(std::string_view url) {
  std::string_view file = url;
  if (file.starts_with("sqlite://")) {
    file.remove_prefix(9);
  } else if (file.starts_with("sqlite:")) {
    file.remove_prefix(7);
  } else if (file.starts_with("postgres")) {
    return Fail(ErrorCode::kInvalid, "PostgreSQL is not supported by this version; use sqlite:FILE");
  } else {
    return Fail(ErrorCode::kInvalid,
                "'" + std::string(url) + "' names no database: write sqlite:FILE, for example sqlite:crmsink.db");
  }
  if (file.empty() || file.starts_with(":memory:")) {
    return Fail(ErrorCode::kInvalid, "a database needs a file: write sqlite:FILE, for example sqlite:crmsink.db");
  }
  return DatabaseUrl{std::string(file)};
}

std::string DatabaseUrl::AbsolutePath() const {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? file : path.lexically_normal().string();
}

}  // namespace crmsink
