#pragma once

#include <memory>

#include "storage/sqlite/checkpointer.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/log.h"
#include "storage/sqlite/tables.h"
#include "storage/store.h"

namespace crmsink::sqlite {

// The store on one SQLite connection.
class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<Connection> connection, std::unique_ptr<Checkpointer> checkpointer);

  Result<std::unique_ptr<Transaction>> Begin(Mode mode) override;

 private:
  std::unique_ptr<Connection> connection_;
  std::unique_ptr<Checkpointer> checkpointer_;
  Log log_;
  Tables tables_;
};

}  // namespace crmsink::sqlite
