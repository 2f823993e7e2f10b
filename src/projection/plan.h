#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "entities/entity.h"

namespace crmsink {

// Several paths that feed one column, or one group of a child table: the first that is there wins.
struct Choice {
  enum class Form { kAny, kNoObject, kObject };  // what must stand there for the path to be there
  struct Option {
    std::string_view path;  // relative to the scope; "." is the scope's value itself
    Form form = Form::kAny;
    const struct PlanNode* node = nullptr;
  };
  std::vector<Option> options;
};

inline constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// A place in the payload.
struct PlanNode {
  // A column that takes the value here.
  struct Slot {
    std::size_t table;  // index of the child, or kNone for the entity's own table
    std::size_t column;
    std::size_t choice;  // of the scope; kNone where this path is the column's only one
    std::size_t option;
  };
  // Child rows that start here, one per element or member.
  struct List {
    std::size_t child;
    std::size_t choice, option;  // as in Slot
    std::string_view group;      // value of @source
  };

  std::vector<std::pair<std::string_view, std::unique_ptr<PlanNode>>> members;
  std::unique_ptr<PlanNode> element;      // below []
  std::unique_ptr<PlanNode> each_member;  // below {}
  std::vector<Slot> slots;
  std::vector<List> lists;      // rows per element
  std::vector<List> maps;       // rows per member
  std::vector<List> presences;  // children whose outermost list this is: its being there replaces their rows
  bool keeps_secret = false;    // a member is sensitive: nothing that is left over here may go to `extra`
  bool holds_secret = false;  // there is such a member at or below this place: no wrong form of it may go there either
  std::vector<Choice> choices;  // of a scope only: the payload, an element of a list, a member of a map

  const PlanNode* Find(std::string_view key) const;
};

// An entity's declaration, arranged for reading: the declared paths as a tree, so that a payload is walked once.
// Immutable once it is built, so all threads share it.
struct Plan {
  const Entity* entity = nullptr;
  PlanNode root;
  std::vector<bool> bounded;                         // per column: part of a key or an index
  std::vector<std::vector<bool>> child_bounded;      // per child and column
  std::vector<std::vector<std::size_t>> child_keys;  // per child: its key's columns, in order
  std::vector<std::size_t> source_columns;           // per child: its @source column, or kNone
  std::vector<bool> needs_object;                    // per child: only an object can be a row (see docs/fold.md, 5)
  std::vector<std::size_t> times_if_null;            // columns that have @occurred_at among their paths
};

// The plan of a declared entity, built when it is first asked for.
const Plan& PlanOf(const Entity& entity);

// The position of a column; REQUIRES: it is declared.
std::size_t ColumnIndex(std::span<const Column> columns, std::string_view name);

}  // namespace crmsink
