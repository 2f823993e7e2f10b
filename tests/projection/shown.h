#pragma once

#include <string>
#include <string_view>

#include "projection/change.h"
#include "projection/fold.h"

namespace crmsink {

// 2026-03-02T00:00:00Z: when deliveries arrive that say nothing else.
inline constexpr Millis kArrival = 1'772'409'600'000;

// What a body does to its entity. The body has `type`, `webhookId` (w1), `timestamp` (2026-03-01T12:00:00Z) and the
// entity's id (e1), then `members`, which go over them. Throws where it is no event.
Change ChangeOf(std::string_view type, std::string_view members);

// The same of a whole body.
Change ChangeOfBody(const std::string& body, const std::string& path = "/webhooks", Millis received_at = kArrival);

// A change as text, without ids: its columns, its lists and what it leaves over, in the order of the declaration:
//   name="Ann" dnd=1 | contact_tags (0,"vip") (1,"new") | extra x=[1]
// A part that is empty is left out; an emptied list shows as its name alone, a group of it as message_recipients/to.
std::string Shown(const Change& change);

// A state in the same form, beginning with "none", "living" or "deleted TIME"; NULL columns and empty lists are left
// out.
std::string Shown(const Entity& entity, const State& state);

std::string Shown(const Cell& cell, Type type = Type::kText);

}  // namespace crmsink
