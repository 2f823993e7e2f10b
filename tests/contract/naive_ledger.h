#pragma once

#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "naive_json.h"

namespace crmsink::naive {

// Which values of a payload somebody took, so that what is left over can go to `extra`. Values are known by address.
class Ledger {
 public:
  // The whole value went into a column.
  void Take(const Json& value) { taken_.insert(&value); }

  // Somebody looks at the members or elements of this object or list one by one.
  void Open(const Json& container) { opened_.insert(&container); }

  // Holds a value that is no part of the payload (a list that came in a string), so that its address stays its own.
  const Json& Keep(Json value) { return *kept_.emplace_back(std::make_shared<const Json>(std::move(value))); }

  // Everything that the other one knows, too.
  void Add(const Ledger& other);

  // What nobody took; nullopt: nothing. What is left of an opened list keeps its place, null between.
  std::optional<Json> Left(const Json& value) const;

 private:
  std::set<const Json*> taken_;
  std::set<const Json*> opened_;
  std::vector<std::shared_ptr<const Json>> kept_;
};

}  // namespace crmsink::naive
