#pragma once

#include <span>
#include <string_view>

namespace crmsink::sim {

enum FormFlag : unsigned {
  kNoLocation = 1,   // no locationId beside the members
  kOwnApp = 2,       // appId and versionId are members of the event itself, or not there
  kTypeIsField = 4,  // `type` is a member of the event and no name
};

// How HighLevel sends an event, for each of those that it knows.
struct Form {
  std::string_view event;
  std::string_view entity;
  int rank = 1;                  // at the same time: create 0, general update 1, specific update 2, delete 3
  std::string_view says;         // what stands in `type`; empty: there is none
  std::string_view stamps = "";  // columns that take the time of the event, joined by ','
  unsigned flags = 0;
  std::string_view misspeaks = "";  // the sibling that `type` names now and then, although the path says better
};

std::span<const Form> Forms();

// REQUIRES: there is such an event.
const Form& FormOf(std::string_view event);

}  // namespace crmsink::sim
