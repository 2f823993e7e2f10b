#pragma once

#include <memory>
#include <string>

#include "storage/sqlite/connection.h"

namespace crmsink::sqlite {

// Opens the file that a URL names. kNotFound: there is none and the flags do not say that it may be made.
[[nodiscard]] Result<std::unique_ptr<Connection>> Open(const std::string& url, Connection::Options options);

}  // namespace crmsink::sqlite
