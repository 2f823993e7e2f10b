#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/store.h"

namespace crmsink {

// Threads that read one database side by side, each through a store of its own.
// Thread-safety: none; it belongs to one thread, which waits for the others.
class Readers {
 public:
  // One for each core, or as many as the database lets in; fails, as OpenStore does, where that is none.
  [[nodiscard]] static Result<Readers> Open(const std::string& url);

  // Calls work(transaction, i) once for each i below n, each in a read transaction of its own, a consistent view;
  // several at once, in no order. The first failure ends it and is returned. `work` must not throw.
  [[nodiscard]] Result<void> ForEach(std::size_t n, const std::function<Result<void>(Transaction&, std::size_t)>& work);

  std::size_t count() const { return stores_.size(); }

 private:
  Readers() = default;
  std::vector<std::unique_ptr<Store>> stores_;
};

}  // namespace crmsink
