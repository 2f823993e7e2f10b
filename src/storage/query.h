#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace crmsink {

// One value of a result: NULL, integer, number, text; a blob comes as its bytes.
struct Blob {
  std::string bytes;
};
using QueryValue = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

struct QuerySink {
  std::function<void(const std::vector<std::string>& columns)> on_columns;
  // False ends the query early.
  std::function<bool(const std::vector<QueryValue>& row)> on_row;
};

// A connection that only reads. The database is opened read-only and its authorizer refuses everything but reading,
// so no statement, however it is written, changes anything. Belongs to one thread.
class QueryConnection {
 public:
  // kNotFound: there is no database.
  [[nodiscard]] static Result<QueryConnection> Open(const std::string& url);
  ~QueryConnection();
  QueryConnection(QueryConnection&&) noexcept;
  QueryConnection& operator=(QueryConnection&&) noexcept;

  // Runs one statement; a time-out of zero is none. kInvalid: the SQL is wrong, or wants to write. kUnavailable: it
  // took too long, or the database is away.
  [[nodiscard]] Result<void> Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                                 std::chrono::milliseconds timeout = {});

 private:
  struct Impl;
  explicit QueryConnection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace crmsink
