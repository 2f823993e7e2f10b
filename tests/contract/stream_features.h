#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "stream_gen.h"

namespace crmsink::contract {

// How often something that can go wrong was tried.
using Features = std::map<std::string, std::size_t>;

// What the stream has: its bodies' features, what only several events of one thing can show, and which events, tables
// and columns it has met.
Features CountFeatures(const Stream& stream);

// The features that a run of the property must have met; every event and every table is among them.
std::vector<std::string> RequiredFeatures();

// The share of the declared columns that have held a value, from 0 to 1.
double ShareOfColumns(const Features& features);

}  // namespace crmsink::contract
