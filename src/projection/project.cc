#include "projection/project.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "event/values.h"
#include "projection/plan.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;
using json::Value;

constexpr std::size_t kMaxElements = 10'000;

// The rows that an element of a list is turned into, and where in the payload it stands.
struct Frame {
  const Frame* outer = nullptr;
  const Value* value = nullptr;
  std::size_t index = 0;
  std::string_view key = {};
  std::vector<std::size_t> chosen = {};  // per choice of the scope: the option that is there first, or kNone
  std::vector<std::pair<const PlanNode::List*, Row>> rows = {};

  Row* RowOf(std::size_t child) {
    for (auto& [list, row] : rows) {
      if (list->child == child) return &row;
    }
    return nullptr;
  }
};

// Walks a payload along an entity's plan, once. What a walk returns is what no column took of the value: nullptr for
// nothing, else the value or a smaller copy of it.
class Walker {
 public:
  Walker(const Plan& plan, Event& event, Change& change)
      : plan_(plan), event_(event), change_(change), cells_(plan.entity->columns.size()) {}

  void Run() {
    const Value& payload = event_.payload.root();
    Frame frame{.value = &payload};
    Choose(plan_.root, frame);
    change_.extra.reserve(payload.members().size());
    for (const json::Member& member : payload.members()) {
      const Value* left = WalkTopLevel(member, frame);
      if (plan_.root.keeps_secret) left = nullptr;
      change_.extra.push_back({std::string(member.key), left ? std::optional(json::Canonical(*left)) : std::nullopt});
    }
    for (const std::size_t column : plan_.times_if_null) {
      if (!cells_[column]) change_.times_if_null.push_back(column);
    }
    ApplySets();
    cells_[0] = Cell(event_.entity_id);
    change_.columns.reserve(cells_.size());
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      if (cells_[i]) change_.columns.push_back({i, *std::move(cells_[i])});
    }
    for (Change::ListSet& list : change_.lists) SortRows(list);
  }

 private:
  // ---- What is there

  // `type` is a field only where it names no event.
  bool IsField(const Frame& frame, std::string_view path) const {
    return frame.outer != nullptr || path != "type" || !event_.type_names_event;
  }

  const Value* There(const Choice::Option& option, const Frame& frame) const {
    const Value* value = option.path == "." ? frame.value : At(*frame.value, option.path);
    if (value == nullptr || !IsField(frame, option.path)) return nullptr;
    if (option.form == Choice::Form::kNoObject && value->IsObject()) return nullptr;
    if (option.form == Choice::Form::kObject && !value->IsObject()) return nullptr;
    return value;
  }

  void Choose(const PlanNode& scope, Frame& frame) const {
    frame.chosen.assign(scope.choices.size(), kNone);
    for (std::size_t i = 0; i < scope.choices.size(); ++i) {
      const auto& options = scope.choices[i].options;
      for (std::size_t k = 0; k < options.size() && frame.chosen[i] == kNone; ++k) {
        if (There(options[k], frame) != nullptr) frame.chosen[i] = k;
      }
    }
    scopes_.resize(std::max(scopes_.size(), Depth(frame) + 1));
    scopes_[Depth(frame)] = &scope;
  }

  static std::size_t Depth(const Frame& frame) {
    std::size_t depth = 0;
    for (const Frame* outer = frame.outer; outer != nullptr; outer = outer->outer) ++depth;
    return depth;
  }

  static bool IsChosen(std::size_t choice, std::size_t option, const Frame& frame) {
    return choice == kNone || frame.chosen[choice] == option;
  }

  const Choice::Option* Chosen(std::size_t choice, const Frame& frame) const {
    const std::size_t option = frame.chosen[choice];
    return option == kNone ? nullptr : &scopes_[Depth(frame)]->choices[choice].options[option];
  }

  // ---- Values into columns

  const Column& ColumnOf(const PlanNode::Slot& slot) const {
    return slot.table == kNone ? plan_.entity->columns[slot.column]
                               : plan_.entity->children[slot.table].columns[slot.column];
  }

  static bool CountsAsFirst(const Column& column, const Value& value) {
    return (column.flags & kFirstOfList) != 0 && value.IsArray();
  }

  Conversion ConvertFor(const PlanNode::Slot& slot, const Value& value) const {
    const Column& column = ColumnOf(slot);
    const bool bounded =
        slot.table == kNone ? plan_.bounded[slot.column] : plan_.child_bounded[slot.table][slot.column];
    if (CountsAsFirst(column, value)) {
      return value.elements().empty() ? Conversion() : Convert(value.elements()[0], column, bounded);
    }
    return Convert(value, column, bounded);
  }

  // True when the column keeps what the value says.
  bool Take(const PlanNode::Slot& slot, const Value& value, Frame& frame) {
    if (!IsChosen(slot.choice, slot.option, frame)) return IsSameAsChosen(slot, value, frame);
    Conversion conversion = ConvertFor(slot, value);
    if (slot.table == kNone) {
      cells_[slot.column] = std::move(conversion.cell);
    } else if (Row* row = frame.RowOf(slot.table)) {
      (*row)[slot.column] = std::move(conversion.cell);
    } else {
      return false;
    }
    // The rest of a list is kept by the child table that it also feeds.
    return conversion.fits && !CountsAsFirst(ColumnOf(slot), value);
  }

  bool IsSameAsChosen(const PlanNode::Slot& slot, const Value& value, const Frame& frame) const {
    const Choice::Option* chosen = Chosen(slot.choice, frame);
    if (chosen == nullptr) return false;
    const Value* other = There(*chosen, frame);
    if (other == nullptr || CountsAsFirst(ColumnOf(slot), value)) return false;
    const Conversion mine = ConvertFor(slot, value);
    const Conversion used = ConvertFor(slot, *other);
    return mine.fits && used.fits && mine.cell == used.cell;
  }

  void ApplySets() {
    if (event_.known == nullptr) return;
    for (const Set& set : event_.known->sets) {
      const std::size_t index = ColumnIndex(plan_.entity->columns, set.column);
      cells_[index] = set.value == "@occurred_at"
                          ? Cell(event_.occurred_at)
                          : Convert(Value::String(set.value), plan_.entity->columns[index], false).cell;
    }
  }

  // ---- The walk

  const Value* WalkTopLevel(const json::Member& member, Frame& frame) {
    if (member.key == "type" && event_.type_names_event) return nullptr;
    const PlanNode* node = plan_.root.Find(member.key);
    const Value* left = node != nullptr ? Walk(*node, member.value, frame) : &member.value;
    return left != nullptr && EnvelopeTakes(member) ? nullptr : left;
  }

  bool EnvelopeTakes(const json::Member& member) const {
    static constexpr std::string_view kTexts[] = {"companyId", "appId", "versionId", "webhookId", "traceId"};
    const Value& value = member.value;
    if (member.key == "locationId") {
      return IsNothing(value) || (event_.location_id && TextOf(value) == event_.location_id);
    }
    if (std::find(std::begin(kTexts), std::end(kTexts), member.key) != std::end(kTexts)) return value.IsScalar();
    if (member.key == "timestamp") return IsNothing(value) || TimeOf(value).has_value();
    if (event_.known == nullptr || member.key.empty()) return false;
    if (member.key == event_.known->tombstone_when) return IsNothing(value) || BooleanOf(value).has_value();
    return member.key == event_.known->op_by && value.IsScalar();
  }

  const Value* Walk(const PlanNode& node, const Value& value, Frame& frame) {
    if (IsNothing(value)) return TakeNothing(node, frame) ? nullptr : &value;
    bool taken = false;
    for (const PlanNode::Slot& slot : node.slots) taken |= Take(slot, value, frame);
    const Value* left = &value;
    if (value.IsObject() && (!node.members.empty() || !node.maps.empty())) {
      left = WalkObject(node, value, frame);
    } else if (node.element != nullptr || !node.maps.empty()) {
      left = WalkList(node, value, frame);
    }
    if (left == &value && node.holds_secret) return nullptr;
    return taken ? nullptr : left;
  }

  // null and "": clears every column and list at and below the node. False: none of them listens.
  bool TakeNothing(const PlanNode& node, Frame& frame) {
    bool taken = false;
    for (const PlanNode::Slot& slot : node.slots) taken |= Take(slot, Value(), frame);
    for (const PlanNode::List& list : node.presences) taken |= MarkPresent(list, frame);
    for (const auto* lists : {&node.lists, &node.maps}) {
      for (const PlanNode::List& list : *lists) {
        taken |= IsChosen(list.choice, list.option, frame) || IsSameAsChosen(list, Value(), frame);
      }
    }
    for (const auto& [key, member] : node.members) taken |= TakeNothing(*member, frame);
    return taken;
  }

  const Value* WalkObject(const PlanNode& node, const Value& value, Frame& frame) {
    std::vector<json::Member> left;
    const auto maps = Active(node.maps, frame);
    for (const PlanNode::List* map : maps) MarkPresent(*map, frame);
    if (!maps.empty() && value.members().size() > kMaxElements) return &value;
    std::size_t index = 0;
    for (const json::Member& member : value.members()) {
      const Value* rest = &member.value;
      if (const PlanNode* below = node.Find(member.key)) rest = Walk(*below, member.value, frame);
      if (!maps.empty()) {
        const Value* row_rest = WalkElement(*node.each_member, maps, member.value, index, member.key, frame);
        rest = rest == nullptr || row_rest == nullptr ? nullptr : row_rest;
      }
      ++index;
      if (rest != nullptr) left.push_back({member.key, *rest});
    }
    if (left.empty() || node.keeps_secret) return nullptr;
    return KeepValue(Value::Object(event_.payload.Keep(std::span<const json::Member>(left))));
  }

  // A list where one is declared, or what may stand for one; anything else is a wrong form and clears the rows.
  const Value* WalkList(const PlanNode& node, const Value& value, Frame& frame) {
    const auto lists = Active(node.lists, frame);
    for (const PlanNode::List& list : node.presences) MarkPresent(list, frame);
    if (lists.empty() && !node.lists.empty()) return IsSameAsChosen(node.lists[0], value, frame) ? nullptr : &value;
    if (node.element == nullptr) return &value;  // a list where a map is declared
    if (value.IsArray()) return WalkElements(node, lists, value.elements(), &value, frame);
    for (const PlanNode::List* list : lists) {
      const unsigned flags = plan_.entity->children[list->child].flags;
      if ((flags & kScalarOk) != 0 && value.IsScalar()) {
        const Value* left = WalkElement(*node.element, lists, value, 0, {}, frame);
        return left == nullptr ? nullptr : &value;
      }
      if ((flags & kJsonStringOk) != 0 && value.IsString()) {
        const auto parsed = event_.payload.ParseInto(value.text());
        if (parsed && parsed->IsArray()) return WalkElements(node, lists, parsed->elements(), &value, frame);
      }
    }
    return &value;
  }

  const Value* WalkElements(const PlanNode& node, const std::vector<const PlanNode::List*>& lists,
                            std::span<const Value> elements, const Value* whole, Frame& frame) {
    if (elements.size() > kMaxElements) return whole;
    std::vector<Value> left;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      const Value* rest = WalkElement(*node.element, lists, elements[i], i, {}, frame);
      if (rest == nullptr) continue;
      left.resize(i + 1);
      left[i] = *rest;
    }
    return left.empty() ? nullptr : KeepValue(Value::Array(event_.payload.Keep(std::span<const Value>(left))));
  }

  const Value* WalkElement(const PlanNode& node, const std::vector<const PlanNode::List*>& lists, const Value& element,
                           std::size_t index, std::string_view key, Frame& outer) {
    Frame frame{.outer = &outer, .value = &element, .index = index, .key = key};
    Choose(node, frame);
    for (const PlanNode::List* list : lists) frame.rows.emplace_back(list, StartRow(*list, frame));
    const Value* left = Walk(node, element, frame);
    for (auto& [list, row] : frame.rows) {
      if (IsNothing(element)) row = StartRow(*list, frame);  // it has no member that could stand in for @key
      const auto& keys = plan_.child_keys[list->child];
      const bool has_key = std::none_of(keys.begin(), keys.end(), [&r = row](std::size_t k) { return IsNull(r[k]); });
      if (!has_key || (plan_.needs_object[list->child] && !element.IsObject())) {
        left = node.holds_secret ? nullptr : &element;  // no row
      } else {
        ListOf(*list).rows.push_back(std::move(row));
      }
    }
    return left;
  }

  // ---- Child rows

  std::vector<const PlanNode::List*> Active(const std::vector<PlanNode::List>& lists, const Frame& frame) const {
    std::vector<const PlanNode::List*> active;
    for (const PlanNode::List& list : lists) {
      if (IsChosen(list.choice, list.option, frame) && (alone_ == nullptr || alone_ == &list)) active.push_back(&list);
    }
    return active;
  }

  bool MarkPresent(const PlanNode::List& list, const Frame& frame) {
    if (!IsChosen(list.choice, list.option, frame)) return false;
    ListOf(list);
    return true;
  }

  Change::ListSet& ListOf(const PlanNode::List& list) {
    for (Change::ListSet& set : change_.lists) {
      if (set.child == list.child && set.group == list.group) return set;
    }
    return change_.lists.emplace_back(Change::ListSet{list.child, std::string(list.group), {}});
  }

  // The place in the n-th list from the outside, from 1.
  static std::size_t IndexAt(const Frame& frame, std::size_t n) {
    const Frame* at = &frame;
    for (std::size_t depth = Depth(frame); depth > n; --depth) at = at->outer;
    return at->index;
  }

  Row StartRow(const PlanNode::List& list, const Frame& frame) const {
    const Child& child = plan_.entity->children[list.child];
    Row row(child.columns.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string_view from = child.columns[i].from;
      if (from == "@parent.id") row[i] = event_.entity_id;
      if (from == "@source") row[i] = std::string(list.group);
      if (from.starts_with("@index")) {
        std::size_t n = Depth(frame);
        if (from.size() > 7) std::from_chars(from.data() + 7, from.data() + from.size(), n);
        row[i] = static_cast<std::int64_t>(IndexAt(frame, n));
      }
      if (Piece(from, '|', Count(from, '|') - 1) == "@key" && frame.key.data() != nullptr) {
        row[i] = Convert(Value::String(frame.key), child.columns[i], plan_.child_bounded[list.child][i]).cell;
      }
    }
    return row;
  }

  // Would this value, which another path has beaten, give the rows that the chosen one gives?
  bool IsSameAsChosen(const PlanNode::List& list, const Value& value, const Frame& frame) {
    const Choice::Option* chosen = list.choice == kNone ? nullptr : Chosen(list.choice, frame);
    if (chosen == nullptr) return false;
    const Value* other = There(*chosen, frame);
    if (other == nullptr) return false;
    const auto mine = RowsAlone(list, value, frame);
    return mine && mine == RowsAlone(list, *other, frame);
  }

  std::optional<std::vector<Row>> RowsAlone(const PlanNode::List& list, const Value& value, const Frame& frame) {
    const Choice::Option* own = &scopes_[Depth(frame)]->choices[list.choice].options[list.option];
    Change scratch;
    Walker walker(plan_, event_, scratch);
    walker.alone_ = &list;
    walker.scopes_ = scopes_;
    Frame copy = frame;
    copy.rows.clear();
    copy.chosen[list.choice] = list.option;
    if (IsNothing(value)) return std::vector<Row>();
    if (walker.WalkList(*own->node, value, copy) != nullptr) return std::nullopt;
    Change::ListSet& set = walker.ListOf(list);
    walker.SortRows(set);
    return set.rows;
  }

  // By key; of rows with the same key the last one stands.
  void SortRows(Change::ListSet& list) const {
    const auto& keys = plan_.child_keys[list.child];
    const auto less = [&](const Row& a, const Row& b) {
      for (const std::size_t k : keys) {
        if (a[k] != b[k]) return a[k] < b[k];
      }
      return false;
    };
    if (std::adjacent_find(list.rows.begin(), list.rows.end(),
                           [&](const Row& a, const Row& b) { return !less(a, b); }) == list.rows.end()) {
      return;
    }
    std::reverse(list.rows.begin(), list.rows.end());
    std::stable_sort(list.rows.begin(), list.rows.end(), less);
    const auto same = [&](const Row& a, const Row& b) { return !less(a, b) && !less(b, a); };
    list.rows.erase(std::unique(list.rows.begin(), list.rows.end(), same), list.rows.end());
  }

  const Value* KeepValue(Value value) { return event_.payload.Keep(std::span<const Value>(&value, 1)).data(); }

  const Plan& plan_;
  Event& event_;
  Change& change_;
  std::vector<std::optional<Cell>> cells_;
  mutable std::vector<const PlanNode*> scopes_;  // of the frames that are open, outermost first
  const PlanNode::List* alone_ = nullptr;        // set: only this list makes rows
};

}  // namespace

EventOrder OrderOf(const Event& event) { return {event.occurred_at, event.rank, event.sent_at, event.event_id}; }

Change Project(Event& event, Millis received_at) {
  Change change;
  change.entity = event.entity;
  change.entity_id = event.entity_id;
  change.order = OrderOf(event);
  change.op = event.op;
  change.brings_back = event.brings_back;
  change.received_at = received_at;
  Walker(PlanOf(*event.entity), event, change).Run();
  return change;
}

}  // namespace crmsink
