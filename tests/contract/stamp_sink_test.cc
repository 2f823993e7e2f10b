#include "contract_suite.h"
#include "sink_store.h"

namespace crmsink::contract {
namespace {

StoreParam ParamOf(const std::string& name, Backend backend) {
  return {name, [backend] { return std::make_unique<SinkStore>(backend); }};
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContractTest, testing::Values(ParamOf("Sqlite", Backend::kSqlite)));
INSTANTIATE_TEST_SUITE_P(Postgres, StoreContractTest, testing::Values(ParamOf("Postgres", Backend::kPostgres)));

}  // namespace
}  // namespace crmsink::contract
