#include "storage/store.h"

namespace crmsink {

tl::unexpected<Error> FailTaken(std::int64_t seq) {
  return Fail(ErrorCode::kData, "the place of event " + std::to_string(seq) + " is taken by another one");
}

Result<std::vector<State>> Transaction::Load(const Entity& entity, std::span<const std::string_view> ids,
                                             std::span<const ChildMask> children) {
  const LoadRequest one[] = {{&entity, ids, children}};
  auto loaded = LoadAll(one);
  if (!loaded) return tl::unexpected(loaded.error());
  return std::move(loaded->front());
}

}  // namespace crmsink
