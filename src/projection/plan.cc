#include "projection/plan.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "entities/catalog.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

bool Before(std::string_view a, std::string_view b) { return std::tuple(a.size(), a) < std::tuple(b.size(), b); }

class Builder {
 public:
  explicit Builder(const Entity& entity) : entity_(entity) {}

  Plan Build() {
    plan_.entity = &entity_;
    for (std::size_t i = 0; i < entity_.columns.size(); ++i) {
      const Column& column = entity_.columns[i];
      plan_.bounded.push_back(i == 0 || IsIndexed(column.name));
      if (Lists(column.from, "@occurred_at")) plan_.times_if_null.push_back(i);
      AddColumn(plan_.root, kNone, i, column);
    }
    for (std::size_t i = 0; i < entity_.children.size(); ++i) AddChild(i, entity_.children[i]);
    Sort(plan_.root);
    SpreadSecrets(plan_.root);
    return std::move(plan_);
  }

 private:
  static bool Lists(std::string_view paths, std::string_view wanted) {
    for (std::size_t i = 0; i < Count(paths, '|'); ++i) {
      if (Piece(paths, '|', i) == wanted) return true;
    }
    return false;
  }

  bool IsIndexed(std::string_view name) const {
    for (std::size_t i = 0; i < Count(entity_.indexes, '|'); ++i) {
      const auto index = Piece(entity_.indexes, '|', i);
      for (std::size_t k = 0; k < Count(index, ','); ++k) {
        if (Piece(index, ',', k) == name) return true;
      }
    }
    return false;
  }

  static PlanNode& Member(PlanNode& node, std::string_view key) {
    for (auto& [name, member] : node.members) {
      if (name == key) return *member;
    }
    return *node.members.emplace_back(key, std::make_unique<PlanNode>()).second;
  }

  // The node at a dotted path without lists; a condition does not count.
  static PlanNode& Descend(PlanNode& from, std::string_view path) {
    path = path.substr(0, path.find('?'));
    if (path == ".") return from;
    PlanNode* node = &from;
    for (std::size_t i = 0; i < Count(path, '.'); ++i) node = &Member(*node, Piece(path, '.', i));
    return *node;
  }

  static bool ByOne(std::string_view path) { return path.find('?') == std::string_view::npos; }

  // The paths of `from` that name a place, as options of one column of the scope.
  void AddColumn(PlanNode& scope, std::size_t table, std::size_t index, const Column& column) {
    Choice choice;
    for (std::size_t i = 0; i < Count(column.from, '|'); ++i) {
      const auto path = Piece(column.from, '|', i);
      if (path.empty() || path.front() == '@') continue;
      const bool bare = path == "." && column.type != Type::kJson;
      choice.options.push_back({path, bare ? Choice::Form::kNoObject : Choice::Form::kAny, &Descend(scope, path)});
      if ((column.flags & kSensitive) != 0) MarkSecret(scope, path);
    }
    if (choice.options.empty()) return;
    const bool single = choice.options.size() == 1 && ByOne(choice.options[0].path);
    const std::size_t number = single ? kNone : scope.choices.size();
    for (std::size_t option = 0; option < choice.options.size(); ++option) {
      Descend(scope, choice.options[option].path).slots.push_back({table, index, number, option});
    }
    if (!single) scope.choices.push_back(std::move(choice));
  }

  static void MarkSecret(PlanNode& scope, std::string_view path) {
    const auto dot = path.rfind('.');
    (dot == std::string_view::npos ? scope : Descend(scope, path.substr(0, dot))).keeps_secret = true;
  }

  struct ListPlace {
    PlanNode* outermost;
    PlanNode* scope;        // in which the last part of the path is relative
    std::string_view path;  // that last part
    PlanNode* node;         // what it leads to
    PlanNode* element;      // below its final [] or {}
    bool is_map;
    std::string_view whole;
  };

  // Walks a path such as items[].product.taxes[], making what is not there yet.
  ListPlace Locate(std::string_view whole) {
    ListPlace place{nullptr, &plan_.root, {}, nullptr, nullptr, false, whole.substr(0, whole.size() - 2)};
    std::string_view rest = whole;
    PlanNode* scope = &plan_.root;
    while (!rest.empty()) {
      const auto end = rest.find_first_of("[{");
      place.scope = scope;
      place.path = rest.substr(0, end);
      place.is_map = rest[end] == '{';
      place.node = &Descend(*scope, place.path);
      if (place.outermost == nullptr) place.outermost = place.node;
      auto& below = place.is_map ? place.node->each_member : place.node->element;
      if (below == nullptr) below = std::make_unique<PlanNode>();
      scope = below.get();
      rest.remove_prefix(end + 2);
      if (rest.starts_with('.')) rest.remove_prefix(1);
    }
    place.element = scope;
    return place;
  }

  static std::string_view GroupOf(const Child& child, std::string_view path) {
    for (std::size_t i = 0; i < Count(child.source_map, ','); ++i) {
      const auto pair = Piece(child.source_map, ',', i);
      if (Piece(pair, ':', 0) == path) return Piece(pair, ':', 1);
    }
    return {};
  }

  void AddChild(std::size_t index, const Child& child) {
    AddChildKeys(index, child);
    std::map<std::pair<PlanNode*, std::string_view>, std::vector<ListPlace>> groups;
    for (std::size_t i = 0; i < Count(child.from, '|'); ++i) {
      const ListPlace place = Locate(Piece(child.from, '|', i));
      groups[{place.scope, GroupOf(child, place.whole)}].push_back(place);
      for (std::size_t k = 0; k < child.columns.size(); ++k) AddColumn(*place.element, index, k, child.columns[k]);
    }
    for (const auto& [key, places] : groups) AddGroup(index, key.second, places);
  }

  void AddGroup(std::size_t child, std::string_view group, const std::vector<ListPlace>& places) {
    PlanNode& scope = *places[0].scope;
    const std::size_t number = places.size() == 1 ? kNone : scope.choices.size();
    Choice choice;
    for (std::size_t option = 0; option < places.size(); ++option) {
      const ListPlace& place = places[option];
      const PlanNode::List list{child, number, option, group};
      (place.is_map ? place.node->maps : place.node->lists).push_back(list);
      const bool is_outermost = place.outermost == place.node;
      place.outermost->presences.push_back(is_outermost ? list : PlanNode::List{child, kNone, 0, group});
      const bool both_forms = std::any_of(places.begin(), places.end(), [&](const ListPlace& other) {
        return other.node == place.node && other.is_map != place.is_map;
      });
      const auto form = !both_forms    ? Choice::Form::kAny
                        : place.is_map ? Choice::Form::kObject
                                       : Choice::Form::kNoObject;
      choice.options.push_back({place.path, form, place.node});
    }
    if (number != kNone) scope.choices.push_back(std::move(choice));
  }

  void AddChildKeys(std::size_t index, const Child& child) {
    auto& bounded = plan_.child_bounded.emplace_back(child.columns.size(), false);
    auto& key = plan_.child_keys.emplace_back();
    for (std::size_t i = 0; i < Count(child.key, ','); ++i) {
      key.push_back(ColumnIndex(child.columns, Piece(child.key, ',', i)));
      bounded[key.back()] = true;
    }
    plan_.source_columns.push_back(kNone);
    const bool by_place = std::all_of(key.begin(), key.end(), [&](std::size_t k) {
      const auto from = child.columns[k].from;
      return from == "@parent.id" || from == "@source" || from.starts_with("@index");
    });
    const bool takes_itself = std::any_of(child.columns.begin(), child.columns.end(),
                                          [](const Column& column) { return Lists(column.from, "."); });
    plan_.needs_object.push_back(!by_place && !takes_itself);
    for (std::size_t i = 0; i < child.columns.size(); ++i) {
      if (child.columns[i].from == "@source") plan_.source_columns[index] = i;
    }
  }

  static bool SpreadSecrets(PlanNode& node) {
    node.holds_secret = node.keeps_secret;
    for (auto& [key, member] : node.members) node.holds_secret |= SpreadSecrets(*member);
    if (node.element != nullptr) node.holds_secret |= SpreadSecrets(*node.element);
    if (node.each_member != nullptr) node.holds_secret |= SpreadSecrets(*node.each_member);
    return node.holds_secret;
  }

  static void Sort(PlanNode& node) {
    std::sort(node.members.begin(), node.members.end(),
              [](const auto& a, const auto& b) { return Before(a.first, b.first); });
    for (auto& [key, member] : node.members) Sort(*member);
    if (node.element != nullptr) Sort(*node.element);
    if (node.each_member != nullptr) Sort(*node.each_member);
  }

  const Entity& entity_;
  Plan plan_;
};

}  // namespace

const PlanNode* PlanNode::Find(std::string_view key) const {
  const auto found = std::lower_bound(members.begin(), members.end(), key,
                                      [](const auto& member, std::string_view k) { return Before(member.first, k); });
  return found != members.end() && found->first == key ? found->second.get() : nullptr;
}

std::size_t ColumnIndex(std::span<const Column> columns, std::string_view name) {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == name; });
  assert(found != columns.end());
  return static_cast<std::size_t>(found - columns.begin());
}

const Plan& PlanOf(const Entity& entity) {
  using Plans = std::map<const Entity*, std::unique_ptr<const Plan>>;
  static const Plans declared = [] {
    Plans plans;
    for (const Entity* e : Entities()) plans.emplace(e, std::make_unique<const Plan>(Builder(*e).Build()));
    return plans;
  }();
  if (const auto found = declared.find(&entity); found != declared.end()) return *found->second;
  // An entity outside of the catalogue, as tests declare them.
  static std::mutex mutex;
  static Plans others;
  const std::lock_guard lock(mutex);
  auto& plan = others[&entity];
  if (plan == nullptr) plan = std::make_unique<const Plan>(Builder(entity).Build());
  return *plan;
}

}  // namespace crmsink
