#pragma once

#include <cstddef>
#include <map>
#include <ostream>
#include <string>
#include <vector>

#include <rapidcheck/Gen.h>

#include "store_under_test.h"

namespace crmsink::contract {

// How often something that can go wrong was tried.
using Features = std::map<std::string, std::size_t>;

// A generated delivery and what is special about its body.
struct Sent {
  Post post;
  std::vector<std::string> features;
};

// Deliveries for a handful of things of every entity: ties, pairs, deletes, restores, values of every form. Each has a
// usable time of its own, and no id comes with two bodies, so that the tables cannot depend on the order of arrival.
using Stream = std::vector<Sent>;

// Shrinks by leaving deliveries out.
rc::Gen<Stream> Streams();

// What the stream has, its bodies' features and what only several events of one thing can show.
Features CountFeatures(const Stream& stream);

// The features that a run of the property must have met.
const std::vector<std::string>& RequiredFeatures();

// For rapidcheck's report of a counterexample.
void showValue(const Sent& sent, std::ostream& out);

}  // namespace crmsink::contract
