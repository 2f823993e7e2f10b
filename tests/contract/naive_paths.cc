#include "naive_paths.h"

#include <string>
#include <vector>

#include "naive_values.h"

namespace crmsink::naive {
namespace {

struct Route {
  std::vector<std::string> parents;  // a, b of a.b.c
  std::string member;                // c
  std::string condition_member;      // d and text of a.b.c?d=text; empty: none
  std::string condition_text;
};

Route ReadPath(std::string_view path) {
  Route route;
  const auto condition = Split(path, '?');
  if (condition.size() == 2) {
    const auto sides = Split(condition[1], '=');
    route.condition_member = sides.at(0);
    route.condition_text = sides.at(1);
  }
  route.parents = Split(condition.at(0), '.');
  route.member = route.parents.back();
  route.parents.pop_back();
  return route;
}

}  // namespace

Found Look(const Json& object, std::string_view path) {
  const Route route = ReadPath(path);
  const Json* at = &object;
  for (const std::string& parent : route.parents) {
    at = at->Find(parent);
    if (at == nullptr) return {};
    if (at->IsEmpty()) return {.there = true, .value = nullptr, .emptied = at};
    if (!at->IsObject()) return {};
  }
  const Json* value = at->Find(route.member);
  if (value == nullptr) return {};
  if (!route.condition_member.empty()) {
    const Json* sibling = at->Find(route.condition_member);
    if (sibling == nullptr || !sibling->IsString() || sibling->text != route.condition_text) return {};
  }
  return {.there = true, .value = value, .emptied = nullptr};
}

std::vector<const Json*> Way(const Json& object, std::string_view path) {
  std::vector<const Json*> way{&object};
  for (const std::string& parent : ReadPath(path).parents) {
    const Json* next = way.back()->Find(parent);
    if (next == nullptr || !next->IsObject()) break;
    way.push_back(next);
  }
  return way;
}

}  // namespace crmsink::naive
