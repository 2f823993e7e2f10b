#pragma once

#include <memory>
#include <string>

#include "storage/postgres/session.h"
#include "storage/query.h"

namespace crmsink::postgres {

// A query connection on a server. The statement becomes a cursor in a read-only transaction: the grammar lets nothing
// but SELECT, VALUES and WITH stand there, and one statement alone, the transaction lets none of them write, and the
// rows come in slices.
class Query final : public QueryConnection::Backend {
 public:
  Query(std::unique_ptr<Session> session, std::string schema);

  Result<void> Run(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink,
                   std::chrono::milliseconds timeout) override;
  Dialect dialect() const override { return Dialect::kPostgres; }

 private:
  Result<void> RunInTransaction(std::string_view sql, std::span<const QueryValue> parameters, const QuerySink& sink);

  std::unique_ptr<Session> session_;
  const std::string schema_;
};

}  // namespace crmsink::postgres
