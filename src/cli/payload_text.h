#pragma once

#include <string>
#include <string_view>

namespace crmsink {

// The bytes of a delivery for reading by people: JSON a member a line, its numbers and the order of its members as they
// were written; what is no JSON as it stands. Nothing in it moves the cursor. Ends with a new line.
[[nodiscard]] std::string PayloadText(std::string_view bytes);

}  // namespace crmsink
