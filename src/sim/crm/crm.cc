#include "sim/crm/crm.h"

namespace crmsink::sim {

Thing& Crm::NewThing(const Location* location) {
  Thing& thing = things.emplace_back();
  thing.location = location;
  return thing;
}

}  // namespace crmsink::sim
