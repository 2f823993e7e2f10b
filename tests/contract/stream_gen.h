#pragma once

#include <ostream>
#include <string>
#include <vector>

#include <rapidcheck/Gen.h>

#include "store_under_test.h"

namespace crmsink::contract {

// A generated delivery and what is special about its body.
struct Sent {
  Post post;
  std::vector<std::string> features;
};

// Deliveries for a handful of things of some entities: ties, pairs, deletes, restores, values of every form. Each has a
// usable time of its own, and no id comes with two bodies, so that the tables cannot depend on the order of arrival.
using Stream = std::vector<Sent>;

// Each stream is about a few entities in turn, so that twenty have met all of them. Shrinks by leaving deliveries out.
rc::Gen<Stream> Streams();

// For rapidcheck's report of a counterexample.
void showValue(const Sent& sent, std::ostream& out);

}  // namespace crmsink::contract
