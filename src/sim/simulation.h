#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sim/world.h"

namespace crmsink::sim {

// A CRM in motion. The same options give the same deliveries, byte for byte, on every machine.
struct SimulationOptions {
  std::uint64_t seed = 1;
  int locations = 2;
  int contacts = 200;      // who come during the period, over all locations
  std::size_t events = 0;  // so many, with as many contacts as that takes; 0: `contacts` decides
  Millis start = 0;
  int days = 92;
  bool truth = true;  // false: it stays empty
};

// On the way to the receiver.
struct TrafficOptions {
  std::uint64_t seed = 1;
  bool shuffle = false;  // in any order; else as they arrive, almost in the order of the events
  double duplicate = 0;  // the share that is sent twice
  double hold_back = 0;  // the share that comes hours or days late
};

struct Simulation {
  std::vector<Sent> sent;  // in the order in which things happened
  Truth truth;
};

Simulation Simulate(const SimulationOptions& options);

// The deliveries in the order in which they arrive.
std::vector<Sent> OnTheWay(std::vector<Sent> sent, const TrafficOptions& options);

}  // namespace crmsink::sim
