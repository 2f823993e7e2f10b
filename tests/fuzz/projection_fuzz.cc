#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "found_again.h"
#include "require.h"

#include "base/json.h"
#include "entities/catalog.h"
#include "event/event.h"
#include "event/values.h"
#include "projection/fold.h"
#include "projection/plan.h"
#include "projection/project.h"

// The projection. An input is one byte, the number of a declared event, and the body of a delivery to its path.

namespace crmsink {
namespace {

constexpr Millis kArrival = 1'772'409'600'000;

std::vector<std::string_view> EventNames() {
  std::vector<std::string_view> names;
  for (const Entity* entity : Entities()) {
    for (const EventType& event : entity->events) names.push_back(event.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void CheckCell(const Cell& cell, const Column& column, bool bounded) {
  if (IsNull(cell)) return;
  const std::string name(column.name);
  Require((column.flags & kSensitive) == 0, "a secret stays in the log: " + name);
  const std::size_t wanted = column.type == Type::kText || column.type == Type::kJson ? 3
                             : column.type == Type::kNumber                           ? 2
                                                                                      : 1;
  Require(cell.index() == wanted, "a cell is of its column's type: " + name);
  if (column.type == Type::kBoolean) Require(std::get<std::int64_t>(cell) >> 1 == 0, "a boolean is 0 or 1: " + name);
  if (column.type == Type::kTimestamp) Require(InCalendar(std::get<std::int64_t>(cell)), "a time has a date: " + name);
  const auto* text = std::get_if<std::string>(&cell);
  if (text == nullptr) return;
  Require(!bounded || text->size() <= kMaxKeyBytes, "a key or indexed text is bounded: " + name);
  std::string list = "[";
  if (column.type == Type::kJson) {
    list += *text;
  } else {
    json::AppendQuoted(*text, list);
  }
  list += ']';
  Require(json::Document::Parse(list) && text->find('\0') == std::string::npos,
          "a text is clean UTF-8, a json column JSON: " + name);
}

void CheckList(const Plan& plan, const Change::ListSet& list) {
  const Child& child = plan.entity->children[list.child];
  std::set<Row> keys;
  for (const Row& row : list.rows) {
    Require(row.size() == child.columns.size(), "a row has each column of its table: " + std::string(child.table));
    for (std::size_t i = 0; i < row.size(); ++i) CheckCell(row[i], child.columns[i], plan.child_bounded[list.child][i]);
    Row key;
    for (const std::size_t column : plan.child_keys[list.child]) key.push_back(row[column]);
    Require(std::none_of(key.begin(), key.end(), IsNull), "a row has a whole key: " + std::string(child.table));
    Require(keys.empty() || *keys.rbegin() < key, "rows are sorted by their keys: " + std::string(child.table));
    keys.insert(std::move(key));
  }
}

void CheckChange(const Change& change) {
  const Plan& plan = PlanOf(*change.entity);
  std::set<std::size_t> columns;
  for (const Change::ColumnSet& set : change.columns) {
    Require(columns.insert(set.column).second, "a column is set once");
    CheckCell(set.cell, change.entity->columns[set.column], plan.bounded[set.column]);
  }
  Require(columns.contains(0), "a change has the id of its row");
  std::set<std::pair<std::size_t, std::string>> groups;
  for (const Change::ListSet& list : change.lists) {
    Require(groups.emplace(list.child, list.group).second, "a list is set once");
    CheckList(plan, list);
  }
  for (const Change::ExtraSet& set : change.extra) {
    if (!set.left_over) continue;
    const std::string list = "[" + *set.left_over + "]";
    const auto left = json::Document::Parse(list);
    Require(left && json::Canonical(left->root()) == list, "extra is canonical JSON");
  }
}

bool IsSame(const Change& a, const Change& b) {
  const auto same = [](const auto& x, const auto& y, auto equal) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), equal);
  };
  return a.entity == b.entity && a.entity_id == b.entity_id && a.order == b.order && a.op == b.op &&
         a.brings_back == b.brings_back && a.times_if_null == b.times_if_null &&
         same(a.columns, b.columns,
              [](const auto& x, const auto& y) { return x.column == y.column && x.cell == y.cell; }) &&
         same(a.lists, b.lists,
              [](const auto& x, const auto& y) {
                return x.child == y.child && x.group == y.group && x.rows == y.rows;
              }) &&
         same(a.extra, b.extra,
              [](const auto& x, const auto& y) { return x.member == y.member && x.left_over == y.left_over; });
}

// Applied to nothing, and folded, a change makes one state.
void CheckFold(const Change& change) {
  State applied = Empty(*change.entity);
  Apply(applied, change);
  std::vector<Change> changes{change};
  Require(Fold(*change.entity, changes) == applied, "a fold is its changes applied");
  if (const auto extra = ExtraText(applied)) {
    Require(ExtraOf(*extra) == applied.extra, "extra is read back as it was written");
  }
}

}  // namespace
}  // namespace crmsink

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crmsink;
  static const std::vector<std::string_view> names = EventNames();
  Require(names.size() <= 256, "a byte names every event");
  if (size == 0) return 0;
  Delivery delivery;
  delivery.received_at = kArrival;
  delivery.path = "/webhooks/" + std::string(names[data[0] % names.size()]);
  delivery.body.assign(reinterpret_cast<const char*>(data) + 1, size - 1);

  auto event = ReadEvent(delivery);
  if (!event || event->entity == nullptr) return 0;
  const Change change = Project(*event, kArrival);
  CheckChange(change);
  auto again = ReadEvent(delivery);
  Require(again && IsSame(change, Project(*again, kArrival)), "equal bytes are equal changes");
  CheckFold(change);
  for (const std::string& lost : LostScalars(delivery, *event, change)) Require(false, "lost: " + lost);
  return 0;
}
