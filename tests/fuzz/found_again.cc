#include "found_again.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "event/values.h"
#include "projection/plan.h"
#include "projection/project.h"

namespace crmsink {
namespace {

using json::Value;

// Everything that can be found: the cells of a change, and the scalars of those that hold JSON.
class Kept {
 public:
  Kept(const Event& event, const Change& change) : event_(event), change_(change) {
    const Entity& entity = *change.entity;
    for (const Change::ColumnSet& set : change.columns) Open(set.cell, entity.columns[set.column].type);
    for (const Change::ListSet& list : change.lists) {
      for (const Row& row : list.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) Open(row[i], entity.children[list.child].columns[i].type);
      }
    }
    for (const Change::ExtraSet& set : change.extra) {
      if (set.left_over) OpenText('[' + *set.left_over + ']');
    }
  }

  bool Has(const Value& scalar) const {
    if (scalars_.contains(json::Canonical(scalar)) || InLog(scalar) || InColumn(scalar)) return true;
    return scalar.IsString() && HasList(scalar.text());
  }

 private:
  void Open(const Cell& cell, Type type) {
    const auto* text = std::get_if<std::string>(&cell);
    if (text != nullptr) OpenText(type == Type::kJson ? '[' + *text + ']' : *text);
  }

  void OpenText(const std::string& text) {
    const auto document = json::Document::Parse(text);
    if (document) Collect(document->root());
  }

  void Collect(const Value& value) {
    if (value.IsScalar()) scalars_.insert(json::Canonical(value));
    for (const Value& element : value.elements()) Collect(element);
    for (const json::Member& member : value.members()) Collect(member.value);
  }

  bool InLog(const Value& scalar) const {
    const auto is = [&](const auto& text) { return text && *text == scalar.text(); };
    if (is(event_.location_id) || is(event_.agency_id) || is(event_.app_id) || is(event_.app_version_id) ||
        is(event_.trace_id) || event_.event_id == scalar.text()) {
      return true;
    }
    return event_.sent_at.has_value() && TimeOf(scalar) == event_.sent_at;
  }

  static bool Makes(const Cell& cell, const Column& column, const Value& scalar) {
    return !IsNull(cell) && Convert(scalar, column, false).cell == cell;
  }

  bool InColumn(const Value& scalar) const {
    const Entity& entity = *change_.entity;
    for (const Change::ColumnSet& set : change_.columns) {
      if (Makes(set.cell, entity.columns[set.column], scalar)) return true;
    }
    for (const Change::ListSet& list : change_.lists) {
      const auto& columns = entity.children[list.child].columns;
      for (const Row& row : list.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
          if (Makes(row[i], columns[i], scalar)) return true;
        }
      }
    }
    return false;
  }

  // A string that holds the list of a child table which takes one so.
  bool HasList(std::string_view text) const {
    const auto& children = change_.entity->children;
    if (std::none_of(children.begin(), children.end(), [](const Child& c) { return (c.flags & kJsonStringOk) != 0; })) {
      return false;
    }
    const auto list = json::Document::Parse(text);
    return list && list->root().IsArray() && HasAll(list->root());
  }

  bool HasAll(const Value& value) const {
    if (value.IsScalar()) return IsNothing(value) || Has(value);
    const auto elements = value.elements();
    const auto members = value.members();
    return std::all_of(elements.begin(), elements.end(), [this](const Value& v) { return HasAll(v); }) &&
           std::all_of(members.begin(), members.end(), [this](const json::Member& m) { return HasAll(m.value); });
  }

  const Event& event_;
  const Change& change_;
  std::set<std::string> scalars_;
};

// A list or map on the way to a value, and the way on.
struct Step {
  const Value* value;
  std::size_t at;
  bool shares_rows;  // its elements may cover each other
};

class Search {
 public:
  Search(const Delivery& delivery, const Event& event, const Change& change, bool alone)
      : delivery_(delivery), event_(event), kept_(event, change), alone_(alone) {
    if (event.known == nullptr) return;
    const Value& payload = event.payload.root();
    for (const Set& set : event.known->sets) {
      const auto from = event.entity->columns[ColumnIndex(event.entity->columns, set.column)].from;
      for (std::size_t i = 0; i < declaration::Count(from, '|'); ++i) {
        covered_.insert(At(payload, declaration::Piece(from, '|', i)));
      }
    }
    if (!event.known->tombstone_when.empty()) {
      const Value* deleted = At(payload, event.known->tombstone_when);
      if (deleted != nullptr && BooleanOf(*deleted)) covered_.insert(deleted);
    }
    if (event.type_names_event) covered_.insert(payload.Find("type"));
  }

  std::vector<std::string> Run() {
    const PlanNode& root = PlanOf(*event_.entity).root;
    if (!root.keeps_secret) Walk(event_.payload.root(), &root, false);
    return std::move(lost_);
  }

 private:
  // Does a place of that form stand on the way to a secret that it does not lead to?
  static bool HidesSecret(const PlanNode& node, const Value& value) {
    if (!node.holds_secret) return false;
    if (value.IsArray()) return node.element == nullptr;
    return !value.IsObject() || node.element != nullptr;
  }

  void Walk(const Value& value, const PlanNode* node, bool secret) {
    if (covered_.contains(&value)) return;
    if (node != nullptr) secret |= node->keeps_secret || HidesSecret(*node, value);
    if (secret) return;
    if (value.IsScalar()) {
      if (!IsNothing(value) && !kept_.Has(value)) Miss(value);
      return;
    }
    const auto elements = value.elements();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      way_.push_back({&value, i, true});
      const PlanNode* element = node != nullptr ? node->element.get() : nullptr;
      Walk(elements[i], element, element != nullptr && element->holds_secret);
      way_.pop_back();
    }
    const auto members = value.members();
    for (std::size_t i = 0; i < members.size(); ++i) {
      const PlanNode* member = node != nullptr ? node->Find(members[i].key) : nullptr;
      const bool map = node != nullptr && !node->maps.empty();
      if (member == nullptr && map) member = node->each_member.get();
      way_.push_back({&value, i, map});
      Walk(members[i].value, member, map && node->each_member->holds_secret);
      way_.pop_back();
    }
  }

  void Miss(const Value& scalar) {
    const std::string text = json::Canonical(scalar);
    const bool shares = std::any_of(way_.begin(), way_.end(), [](const Step& step) { return step.shares_rows; });
    if (!shares || alone_ || IsLostAlone(scalar, text)) lost_.push_back(text);
  }

  bool IsLostAlone(const Value& scalar, const std::string& text) const {
    Delivery delivery = delivery_;
    delivery.body.clear();
    AppendAlone(0, scalar, delivery.body);
    auto event = ReadEvent(delivery, event_.event_id);
    if (!event || event->entity != event_.entity) return false;
    const Change change = Project(*event, delivery.received_at);
    const auto lost = Search(delivery, *event, change, true).Run();
    return std::find(lost.begin(), lost.end(), text) != lost.end();
  }

  // The value at the way's n-th step, in which each list or map of rows has but one element.
  void AppendAlone(std::size_t n, const Value& scalar, std::string& out) const {
    if (n == way_.size()) return json::AppendCanonical(scalar, out);
    const Step& step = way_[n];
    if (step.value->IsArray()) {
      out += '[';
      AppendAlone(n + 1, scalar, out);
      out += ']';
      return;
    }
    const auto members = step.value->members();
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (step.shares_rows && i != step.at) continue;
      if (out.back() != '{') out += ',';
      json::AppendQuoted(members[i].key, out);
      out += ':';
      if (i == step.at) {
        AppendAlone(n + 1, scalar, out);
      } else {
        json::AppendCanonical(members[i].value, out);
      }
    }
    out += '}';
  }

  const Delivery& delivery_;
  const Event& event_;
  const Kept kept_;
  const bool alone_;
  std::set<const Value*> covered_;
  std::vector<Step> way_;
  std::vector<std::string> lost_;
};

}  // namespace

std::vector<std::string> LostScalars(const Delivery& delivery, const Event& event, const Change& change) {
  return Search(delivery, event, change, false).Run();
}

}  // namespace crmsink
