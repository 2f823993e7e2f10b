#include "contract_suite.h"
#include "sqlite_store.h"

namespace crmsink::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContractTest, testing::Values(StoreParam{"Sqlite", MakeSqliteStore}));

}  // namespace crmsink::contract
