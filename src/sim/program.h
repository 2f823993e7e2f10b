#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace crmsink::sim {

// The program `crmsim`. Arguments without its name. Deliveries go to `out` unless the arguments say otherwise, what
// people read to `err`. Returns the exit status: 0 done, 1 a delivery was not kept or a file could not be written,
// 2 the arguments are wrong.
int Run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err);

}  // namespace crmsink::sim
