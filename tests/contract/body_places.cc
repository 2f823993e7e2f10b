#include "body_places.h"

#include <string_view>

#include "naive_values.h"
#include "value_choices.h"

namespace crmsink::contract {
namespace {

using naive::Split;

// The place at a path such as items[].product.taxes[] below `from`; a condition (?a=b) does not count.
Place& PlaceAt(Place& from, std::string_view path) {
  path = path.substr(0, path.find('?'));
  if (path.empty() || path == ".") return from;
  const std::size_t end = path.find_first_of(".[{");
  Place* place = end == 0 ? &from : &from.members[std::string(path.substr(0, end))];
  if (end == std::string_view::npos) return *place;
  path.remove_prefix(end);
  if (path.front() == '.') return PlaceAt(*place, path.substr(1));
  auto& below = path.front() == '[' ? place->element : place->each_member;
  if (below == nullptr) below = std::make_unique<Place>();
  path.remove_prefix(2);
  if (path.starts_with('.')) path.remove_prefix(1);
  return PlaceAt(*below, path);
}

void AddColumn(Place& scope, const Column& column, const std::string& key) {
  const auto keys = Split(key, ',');
  for (const std::string& path : Split(column.from, '|')) {
    if (path.starts_with('@')) continue;
    Place& place = PlaceAt(scope, path);
    place.types.push_back(column.type);
    for (const std::string& name : keys) {
      if (name == column.name) place.given = &Keys();
    }
    if ((column.flags & kSensitive) == 0) continue;
    place.given = &Secrets();
    const std::size_t dot = path.rfind('.');
    (dot == std::string::npos ? scope : PlaceAt(scope, path.substr(0, dot))).keeps_secret = true;
  }
}

void AddChild(Place& root, const Child& child) {
  for (const std::string& path : Split(child.from, '|')) {
    Place& list = PlaceAt(root, path.substr(0, path.size() - 2));
    list.scalar_ok = (child.flags & kScalarOk) != 0;
    list.json_string_ok = (child.flags & kJsonStringOk) != 0;
    Place& scope = PlaceAt(root, path);
    for (const Column& column : child.columns) AddColumn(scope, column, std::string(child.key));
  }
}

// Every place on the way to the id.
void AddId(Place& root, const Entity& entity) {
  for (const std::string& path : Split(entity.columns.front().from, '|')) {
    if (path.starts_with('@')) continue;
    PlaceAt(root, path).given = &Ids();
    for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', dot + 1)) {
      PlaceAt(root, path.substr(0, dot)).is_needed = true;
    }
    PlaceAt(root, path).is_needed = entity.columns.front().from == path;
  }
  for (const std::string& part : Split(entity.id_parts, ',')) {
    for (const std::string& path : Split(part, '|')) {
      PlaceAt(root, path).given = &IdParts();
      PlaceAt(root, path).is_needed = path == part;
    }
  }
}

void AddEvent(Place& root, const EventType& event) {
  for (const std::string& path : Split(event.time, '|')) PlaceAt(root, path).is_time = true;
  if (!event.op_by.empty()) PlaceAt(root, event.op_by).given = &Actions();
  if (!event.tombstone_when.empty()) PlaceAt(root, event.tombstone_when).given = &Deletions();
}

void AddConditions(Place& root, std::string_view paths) {
  static const Choices location = {{"\"location\"", "condition holds"}, {"\"company\"", ""}, {"null", ""}};
  for (const std::string& path : Split(paths, '|')) {
    const std::size_t mark = path.find('?');
    if (mark != std::string::npos) PlaceAt(root, Split(path.substr(mark + 1), '=').front()).given = &location;
  }
}

bool SpreadSecrets(Place& place) {
  place.holds_secret = place.keeps_secret;
  for (auto& [name, member] : place.members) place.holds_secret |= SpreadSecrets(member);
  if (place.element != nullptr) place.holds_secret |= SpreadSecrets(*place.element);
  if (place.each_member != nullptr) place.holds_secret |= SpreadSecrets(*place.each_member);
  return place.holds_secret;
}

}  // namespace

Place PlacesOf(const Entity& entity) {
  Place root;
  for (const char* member : {"locationId", "companyId", "appId", "versionId", "traceId"}) {
    root.members[member].types.push_back(Type::kText);
  }
  for (const Column& column : entity.columns) {
    AddColumn(root, column, "");
    AddConditions(root, column.from);
  }
  AddConditions(root, entity.location);
  for (const Child& child : entity.children) AddChild(root, child);
  for (const EventType& event : entity.events) AddEvent(root, event);
  AddId(root, entity);
  for (const char* member : {"type", "webhookId", "timestamp"}) root.members.erase(member);
  SpreadSecrets(root);
  return root;
}

}  // namespace crmsink::contract
