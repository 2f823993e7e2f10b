#include "replay/readers.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "storage/database.h"

namespace crmsink {

Result<Readers> Readers::Open(const std::string& url) {
  Readers readers;
  const std::size_t wanted = std::max(1U, std::thread::hardware_concurrency());
  while (readers.stores_.size() < wanted) {
    auto store = OpenStore(url, {.patience = kPatienceOfWalks});
    if (store) {
      readers.stores_.push_back(std::move(*store));
    } else if (readers.stores_.empty()) {
      return tl::unexpected(store.error());
    } else {
      break;
    }
  }
  return readers;
}

Result<void> Readers::ForEach(std::size_t n, const std::function<Result<void>(Transaction&, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> failure;
  const auto one = [&](Store& store, std::size_t i) -> Result<void> {
    auto transaction = store.Begin(Store::Mode::kRead);
    if (!transaction) return tl::unexpected(transaction.error());
    return work(**transaction, i);
  };
  const auto run = [&](Store& store) {
    for (std::size_t i = next++; i < n; i = next++) {
      if (auto done = one(store, i); !done) {
        const std::lock_guard lock(mutex);
        if (!failure) failure = done.error();
        next = n;
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(stores_.size(), n); ++i) threads.emplace_back(run, std::ref(*stores_[i]));
  run(*stores_.front());
  for (std::thread& thread : threads) thread.join();
  if (failure) return tl::unexpected(*std::move(failure));
  return {};
}

}  // namespace crmsink
