#pragma once

#include "entities/entity.h"
#include "naive_json.h"
#include "naive_ledger.h"

namespace crmsink::naive {

// Takes what must not reach `extra` because a sensitive member stands in it, or may: the object of the member, and on
// the way to it whatever has another form than declared.
void TakeSecrets(const Entity& entity, const Json& payload, Ledger& ledger);

}  // namespace crmsink::naive
