#include "naive_secrets.h"

#include <cstddef>
#include <string>
#include <vector>

#include "naive_lists.h"
#include "naive_values.h"

namespace crmsink::naive {
namespace {

constexpr const char* kEach = "[]";

// a[].b.c as a, [], b, c.
std::vector<std::string> Steps(const std::string& path) {
  std::vector<std::string> steps;
  for (std::string step : Split(path, '.')) {
    const bool is_list = step.ends_with(kEach);
    if (is_list) step.resize(step.size() - 2);
    steps.push_back(step);
    if (is_list) steps.emplace_back(kEach);
  }
  return steps;
}

// `value` stands before steps[at]; the last step is the secret itself.
void TakeOnTheWay(const Json& value, const std::vector<std::string>& steps, std::size_t at, Ledger& ledger) {
  if (at + 1 == steps.size()) {
    ledger.Take(value);
  } else if (steps[at] == kEach && value.IsList() && value.list.size() <= kMaxElements) {
    for (const Json& element : value.list) TakeOnTheWay(element, steps, at + 1, ledger);
  } else if (steps[at] != kEach && value.IsObject()) {
    if (const Json* member = value.Find(steps[at])) TakeOnTheWay(*member, steps, at + 1, ledger);
  } else {
    ledger.Take(value);
  }
}

}  // namespace

void TakeSecrets(const Entity& entity, const Json& payload, Ledger& ledger) {
  for (const Child& child : entity.children) {
    for (const Column& column : child.columns) {
      if ((column.flags & kSensitive) == 0) continue;
      for (const std::string& list : Split(child.from, '|')) {
        TakeOnTheWay(payload, Steps(list + "." + std::string(column.from)), 0, ledger);
      }
    }
  }
  for (const Column& column : entity.columns) {
    if ((column.flags & kSensitive) != 0) TakeOnTheWay(payload, Steps(std::string(column.from)), 0, ledger);
  }
}

}  // namespace crmsink::naive
