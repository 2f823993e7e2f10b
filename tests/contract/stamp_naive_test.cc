#include "contract_suite.h"

namespace crmsink::contract {

INSTANTIATE_TEST_SUITE_P(Naive, StoreContractTest, testing::Values(StoreParam{"Naive", MakeNaiveStore}));

}  // namespace crmsink::contract
