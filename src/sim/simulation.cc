#include "sim/simulation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "sim/crm/areas.h"

namespace crmsink::sim {

namespace {

// Fewer than a contact brings in the long run; a short period has less room for what becomes of it.
constexpr std::size_t kEventsPerContact = 25;

Simulation SimulateContacts(const SimulationOptions& options, int contacts, std::size_t most_events) {
  Crm crm({.seed = options.seed,
           .start = options.start,
           .end = options.start + options.days * kDay,
           .app_id = {},
           .most_events = most_events,
           .truth = options.truth});
  StartAgency(crm, options.locations);
  StartJourneys(crm, contacts);
  crm.world.Run();
  return {std::move(crm.world.sent()), std::move(crm.world.truth())};
}

}  // namespace

Simulation Simulate(const SimulationOptions& options) {
  if (options.events == 0) {
    return SimulateContacts(options, options.contacts, std::numeric_limits<std::size_t>::max());
  }
  for (std::size_t contacts = options.events / kEventsPerContact + 1;; contacts += contacts / 4 + 1) {
    Simulation simulation = SimulateContacts(options, static_cast<int>(contacts), options.events);
    if (simulation.sent.size() == options.events) return simulation;
  }
}

std::vector<Sent> OnTheWay(std::vector<Sent> sent, const TrafficOptions& options) {
  constexpr std::int64_t kMillion = 1'000'000;
  Random random(options.seed + 0x5eed);
  const auto duplicate = std::llround(options.duplicate * kMillion);
  const auto hold_back = std::llround(options.hold_back * kMillion);
  const std::size_t count = sent.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (random.Below(kMillion) < hold_back) sent[i].arrives_at += kHour + random.Skewed(30 * kHour);
    if (random.Below(kMillion) >= duplicate) continue;
    Sent again = sent[i];
    again.arrives_at += random.Skewed(10 * kMinute);
    sent.push_back(std::move(again));
  }
  std::ranges::stable_sort(sent, {}, &Sent::arrives_at);
  if (options.shuffle) random.Shuffle(sent);
  return sent;
}

}  // namespace crmsink::sim
