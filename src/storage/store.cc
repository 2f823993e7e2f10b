#include "storage/store.h"

namespace crmsink {

Row OwnCells(const Entity& entity, const State& state) {
  auto extra = ExtraText(state);
  Cell extra_cell = extra ? Cell(*std::move(extra)) : Cell();
  if (entity.kind == Kind::kFact) return {std::move(extra_cell)};
  return {state.deleted_at ? Cell(*state.deleted_at) : Cell(),
          std::move(extra_cell),
          state.last_event_at,
          state.last_event_id,
          state.first_received_at,
          state.last_received_at};
}

bool IsDerivedAs(const LoggedEvent& logged, const Event& event) {
  const bool is_mapped = event.entity != nullptr;
  return logged.entity == (is_mapped ? event.entity->name : std::string_view()) &&
         logged.entity_id == (is_mapped ? std::string_view(event.entity_id) : std::string_view()) &&
         logged.derived == LoggedEvent::Derived{.key = LogKeyOf(event),
                                                .type = event.type,
                                                .location_id = event.location_id,
                                                .agency_id = event.agency_id,
                                                .app_id = event.app_id,
                                                .app_version_id = event.app_version_id,
                                                .trace_id = event.trace_id,
                                                .occurred_at = event.occurred_at,
                                                .sent_at = event.sent_at};
}

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
