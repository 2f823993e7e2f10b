#pragma once

#include <memory>
#include <string>

#include "storage/postgres/aside.h"
#include "storage/postgres/log.h"
#include "storage/postgres/session.h"
#include "storage/postgres/tables.h"
#include "storage/store.h"

namespace crmsink::postgres {

struct Beginning {
  std::string characteristics;  // "ISOLATION LEVEL READ COMMITTED"
  std::string schema;
  bool by_key = false;  // all rows are found by their keys
};

// What every transaction begins with, and what it needs, for itself alone: a pooler may give the next one another
// server connection. Without patience there is no time-out.
void QueueBegin(Session& session, const Beginning& beginning);

// The store on one session.
class PostgresStore final : public Store {
 public:
  PostgresStore(std::unique_ptr<Session> session, const std::string& schema, std::string isolation);

  Result<std::unique_ptr<Transaction>> Begin(Mode mode) override;

 private:
  std::unique_ptr<Session> session_;
  const std::string schema_;
  const std::string isolation_;
  Log log_;
  Aside aside_;
  Tables tables_;
};

}  // namespace crmsink::postgres
