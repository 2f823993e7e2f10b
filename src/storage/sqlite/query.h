#pragma once

#include <memory>

#include "storage/query.h"
#include "storage/sqlite/connection.h"

namespace crmsink::sqlite {

// A query connection on a file: opened read-only, under an authorizer that refuses everything but reading.
class Query final : public QueryConnection::Backend {
 public:
  explicit Query(std::unique_ptr<Connection> connection);

  Result<void> Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                   std::chrono::milliseconds timeout) override;
  Dialect dialect() const override { return Dialect::kSqlite; }

 private:
  std::unique_ptr<Connection> connection_;
};

}  // namespace crmsink::sqlite
