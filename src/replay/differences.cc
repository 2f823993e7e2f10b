#include "replay/differences.h"

#include <string_view>
#include <utility>

#include "entities/catalog.h"
#include "storage/table_update.h"

namespace crmsink {
namespace {

// What the tables would hold of a folded state.
State AsStored(const Entity& entity, State state) {
  if (entity.kind == Kind::kFact) {
    state.last_event_at = state.first_received_at = state.last_received_at = 0;
    state.last_event_id.clear();
  }
  if (state.deleted_at) state.children.assign(state.children.size(), std::vector<Row>());
  return state;
}

}  // namespace

Result<std::vector<State>> LoadWhole(Transaction& transaction, const Entity& entity, std::span<const EntityKey> keys) {
  std::vector<std::string_view> ids;
  for (const EntityKey& key : keys) ids.push_back(key.id);
  return transaction.Load(entity, ids, std::vector(keys.size(), ChildMask(entity.children.size(), true)));
}

Result<std::vector<Correction>> DifferencesOf(Transaction& transaction, std::span<const EntityKey> keys) {
  const Entity& entity = *FindEntity(keys.front().entity);
  const auto stored = LoadWhole(transaction, entity, keys);
  if (!stored) return tl::unexpected(stored.error());
  auto folded = FoldFromLog(transaction, entity, keys);
  if (!folded) return tl::unexpected(folded.error());
  std::vector<EntityKey> wrong;
  std::vector<Correction> differences;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*folded)[i].exists || AsStored(entity, (*folded)[i]) == (*stored)[i]) continue;
    wrong.push_back(keys[i]);
    differences.push_back({keys[i], 0, std::move((*folded)[i])});
  }
  const auto counts = transaction.CountOf(wrong);
  if (!counts) return tl::unexpected(counts.error());
  for (std::size_t i = 0; i < wrong.size(); ++i) differences[i].events = (*counts)[i];
  return differences;
}

Result<std::size_t> WriteStates(Transaction& transaction, std::span<const Correction> differences) {
  const Entity& entity = *FindEntity(differences.front().key.entity);
  std::vector<EntityKey> keys;
  for (const Correction& difference : differences) keys.push_back(difference.key);
  const auto stored = LoadWhole(transaction, entity, keys);
  if (!stored) return tl::unexpected(stored.error());
  const auto counts = transaction.CountOf(keys);
  if (!counts) return tl::unexpected(counts.error());
  const State nothing = Empty(entity);
  std::vector<State> states;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    states.push_back(differences[i].state);
    if ((*counts)[i] == differences[i].events) continue;
    auto folded = FoldFromLog(transaction, entity, std::span(keys).subspan(i, 1));
    if (!folded) return tl::unexpected(folded.error());
    states.back() = std::move(folded->front());
  }
  std::vector<RowChange> changes;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (AsStored(entity, states[i]) == (*stored)[i]) continue;
    // All of it anew: what is wrong may be child rows that have no row above them.
    if (auto done = transaction.Remove(entity, keys[i].id); !done) return tl::unexpected(done.error());
    changes.push_back({&nothing, &states[i]});
  }
  if (auto done = transaction.Write(entity, changes); !done) return tl::unexpected(done.error());
  return changes.size();
}

}  // namespace crmsink
