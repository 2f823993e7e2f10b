#include "projection/fold.h"

#include <algorithm>
#include <iterator>

#include "base/json.h"
#include "projection/plan.h"

namespace crmsink {
namespace {

// A contact that HighLevel restores sends no create: an update this long after the delete says that it is back.
// A constant and no setting, since the tables are a function of the log alone.
constexpr Millis kRestoreAfter = 5 * 60 * 1000;

bool LessByKey(const Row& a, const Row& b, const std::vector<std::size_t>& keys) {
  for (const std::size_t k : keys) {
    if (a[k] != b[k]) return a[k] < b[k];
  }
  return false;
}

void Replace(std::vector<Row>& rows, const Change::ListSet& list, const Plan& plan) {
  const std::size_t source = plan.source_columns[list.child];
  if (source == kNone) {
    rows = list.rows;
    return;
  }
  std::erase_if(rows, [&](const Row& row) { return row[source] == Cell(list.group); });
  const auto middle = static_cast<std::ptrdiff_t>(rows.size());
  rows.insert(rows.end(), list.rows.begin(), list.rows.end());
  const auto& keys = plan.child_keys[list.child];
  std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end(),
                     [&](const Row& a, const Row& b) { return LessByKey(a, b, keys); });
}

// Is a deleted row alive again after this?
bool Revives(const State& state, const Change& change) {
  if (change.brings_back) return true;
  if (change.op == Op::kCreate) return (change.entity->resurrect & kByCreate) != 0;
  return (change.entity->resurrect & kByLaterUpdate) != 0 &&
         change.order.occurred_at > *state.deleted_at + kRestoreAfter;
}

void ApplyColumns(State& state, const Change& change) {
  for (const Change::ColumnSet& set : change.columns) state.row[set.column] = set.cell;
  for (const std::size_t column : change.times_if_null) {
    if (IsNull(state.row[column])) state.row[column] = change.order.occurred_at;
  }
  for (const Change::ExtraSet& set : change.extra) {
    if (set.left_over) {
      state.extra.insert_or_assign(set.member, *set.left_over);
    } else if (!state.extra.empty()) {
      state.extra.erase(set.member);
    }
  }
}

}  // namespace

State Empty(const Entity& entity) {
  State state;
  state.row.resize(entity.columns.size());
  state.children.assign(entity.children.size(), std::vector<Row>());
  return state;
}

void Apply(State& state, const Change& change) {
  ApplyColumns(state, change);
  const Plan& plan = PlanOf(*change.entity);
  for (const Change::ListSet& list : change.lists) Replace(*state.children[list.child], list, plan);
  if (change.op == Op::kDelete) {
    state.deleted_at = change.order.occurred_at;
  } else if (state.deleted_at && Revives(state, change)) {
    state.deleted_at.reset();
  }
  state.last_event_at = change.order.occurred_at;
  state.last_event_id = change.order.event_id;
  state.first_received_at = state.exists ? std::min(state.first_received_at, change.received_at) : change.received_at;
  state.last_received_at = state.exists ? std::max(state.last_received_at, change.received_at) : change.received_at;
  state.exists = true;
}

State Fold(const Entity& entity, std::vector<Change>& changes) {
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.order < b.order; });
  State state = Empty(entity);
  for (const Change& change : changes) Apply(state, change);
  return state;
}

std::optional<std::string> ExtraText(const State& state) {
  if (state.extra.empty()) return std::nullopt;
  std::string text = "{";
  for (const auto& [member, value] : state.extra) {
    if (text.size() > 1) text += ',';
    json::AppendQuoted(member, text);
    text += ':';
    text += value;
  }
  return text + '}';
}

std::map<std::string, std::string> ExtraOf(std::string_view text) {
  std::map<std::string, std::string> extra;
  if (text.empty()) return extra;
  const auto document = json::Document::Parse(text);
  if (!document) return extra;
  for (const json::Member& member : document->root().members()) {
    extra.emplace(member.key, json::Canonical(member.value));
  }
  return extra;
}

}  // namespace crmsink
