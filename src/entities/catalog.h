#pragma once

#include <span>
#include <string_view>

#include "entities/entity.h"

namespace crmsink {

// Every entity that the program knows, in alphabetical order of their tables. Valid for the program's life.
std::span<const Entity* const> Entities();

// By name (Contact) or by table (contacts); nullptr when there is none.
const Entity* FindEntity(std::string_view name_or_table);

}  // namespace crmsink
