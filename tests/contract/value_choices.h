#pragma once

#include "dice.h"
#include "entities/entity.h"

namespace crmsink::contract {

// Values of every form for a column of each type, wrong forms, null and "" among them.
const Choices& Texts();
const Choices& Numbers();
const Choices& Integers();
const Choices& Booleans();
const Choices& Times();
const Choices& Dates();
const Choices& Anything();  // for json columns, and for members that no column takes
const Choices& ChoicesOf(Type type);

// Few of each, so that they meet: ids of things, parts of composed ids, keys of lists, names of members of maps.
const Choices& Ids();
const Choices& IdParts();
const Choices& Keys();
const Choices& Names();

// What must never be seen in a table: each says s3cr3t.
const Choices& Secrets();

// For members that say what an event does, and whether its row is deleted.
const Choices& Actions();
const Choices& Deletions();

}  // namespace crmsink::contract
