#include "naive_ledger.h"

#include <utility>

namespace crmsink::naive {

void Ledger::Add(const Ledger& other) {
  taken_.insert(other.taken_.begin(), other.taken_.end());
  opened_.insert(other.opened_.begin(), other.opened_.end());
  kept_.insert(kept_.end(), other.kept_.begin(), other.kept_.end());
}

std::optional<Json> Ledger::Left(const Json& value) const {
  if (taken_.contains(&value)) return std::nullopt;
  if (!opened_.contains(&value)) return value;
  Json left;
  left.kind = value.kind;
  for (const auto& [name, member] : value.object) {
    if (auto rest = Left(member)) left.object[name] = *std::move(rest);
  }
  for (std::size_t i = 0; i < value.list.size(); ++i) {
    auto rest = Left(value.list[i]);
    if (!rest) continue;
    left.list.resize(i);
    left.list.push_back(*std::move(rest));
  }
  if (left.object.empty() && left.list.empty()) return std::nullopt;
  return left;
}

}  // namespace crmsink::naive
