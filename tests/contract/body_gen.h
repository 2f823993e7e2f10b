#pragma once

#include <string>

#include "body_places.h"
#include "dice.h"
#include "event/delivery.h"

namespace crmsink::contract {

// When things happen: noon of the day before the deliveries arrive, give or take minutes. Few times, so that they meet.
inline constexpr Millis kNoon = 1'772'409'600'000 - Millis{12} * 60 * 60 * 1000;

// Such a time as JSON, written in one of several ways.
std::string Clock(Dice& dice);

// A body's members without braces: any choice of what the places expect, in right and wrong forms, and some that no
// column knows.
std::string MakeMembers(const Place& places, Dice& dice);

}  // namespace crmsink::contract
