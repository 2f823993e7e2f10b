#include "event/event_table.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "entities/catalog.h"

namespace crmsink {
namespace {

using declaration::Count;
using declaration::Piece;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string Lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), Lower);
  return out;
}

std::unordered_map<std::string, KnownEvent> IndexNames() {
  std::unordered_map<std::string, KnownEvent> index;
  for (const Entity* entity : Entities()) {
    for (const EventType& type : entity->events) {
      index.emplace(Lowered(type.name), KnownEvent{entity, &type});
      for (std::size_t i = 0; i < Count(type.aliases, '|'); ++i) {
        index.emplace(Lowered(Piece(type.aliases, '|', i)), KnownEvent{entity, &type});
      }
    }
  }
  return index;
}

bool HasShape(const Entity& entity, const json::Value& payload) {
  if (entity.shape.empty()) return false;
  for (std::size_t i = 0; i < Count(entity.shape, '|'); ++i) {
    if (payload.Find(Piece(entity.shape, '|', i)) == nullptr) return false;
  }
  return true;
}

}  // namespace

KnownEvent FindEvent(std::string_view name) {
  static const auto index = IndexNames();
  const auto found = index.find(Lowered(name));
  return found == index.end() ? KnownEvent() : found->second;
}

KnownEvent FindEventByBodyType(std::string_view body_type, const json::Value& payload) {
  KnownEvent found;
  for (const Entity* entity : Entities()) {
    for (const EventType& type : entity->events) {
      if (!Lists(type.body_types, body_type) || !HasShape(*entity, payload)) continue;
      if (found.type != nullptr) return {};
      found = {entity, &type};
    }
  }
  return found;
}

const Entity* FindEntityByShape(const json::Value& payload) {
  const Entity* found = nullptr;
  for (const Entity* entity : Entities()) {
    if (!HasShape(*entity, payload)) continue;
    if (entity->kind == Kind::kFact) return entity;
    if (found == nullptr) found = entity;
  }
  return found;
}

bool Lists(std::string_view list, std::string_view name) {
  for (std::size_t i = 0; i < Count(list, '|'); ++i) {
    const auto piece = Piece(list, '|', i);
    if (std::equal(piece.begin(), piece.end(), name.begin(), name.end(),
                   [](char a, char b) { return Lower(a) == Lower(b); })) {
      return true;
    }
  }
  return false;
}

}  // namespace crmsink
