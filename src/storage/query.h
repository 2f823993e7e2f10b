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
#include "storage/schema.h"

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

// A connection that only reads, so no statement, however it is written, changes anything: SQLite's file is opened
// read-only and its authorizer refuses everything but reading; PostgreSQL runs it as a cursor in a read-only
// transaction. Belongs to one thread.
//
// Values look alike on both: a time is text, "2026-01-15 10:20:30.456" in UTC; a boolean is 0 or 1; a number that is
// whole and fits is an integer; a json column is canonical text.
class QueryConnection {
 public:
  // kNotFound: there is no database.
  [[nodiscard]] static Result<QueryConnection> Open(const std::string& url);
  // To a server of PostgreSQL, to ask it of itself: our tables need not be there.
  [[nodiscard]] static Result<QueryConnection> OpenServer(const std::string& url);
  // Runs one statement; its parameters are $1, $2 ..., first named in this order. A time-out of zero is none. kInvalid:
  // the SQL is wrong, or wants to write. kUnavailable: it took too long, or the database is away.
  [[nodiscard]] Result<void> Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                                 std::chrono::milliseconds timeout = {});
  // For the few statements that cannot be written alike.
  [[nodiscard]] Dialect dialect() const { return backend_->dialect(); }

  // What a backend has to give.
  class Backend {
   public:
    virtual ~Backend() = default;
    virtual Result<void> Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                             std::chrono::milliseconds timeout) = 0;
    virtual Dialect dialect() const = 0;
  };

 private:
  explicit QueryConnection(std::unique_ptr<Backend> backend) : backend_(std::move(backend)) {}
  std::unique_ptr<Backend> backend_;
};

}  // namespace crmsink
