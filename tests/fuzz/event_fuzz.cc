#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "require.h"

#include "base/json.h"
#include "event/event.h"
#include "event/values.h"

// The envelope. An input is the path of the request, a line feed, and the body.

namespace crmsink {
namespace {

constexpr Millis kArrival = 1'772'409'600'000;
constexpr Millis kTolerance = 5 * 60 * 1000;

// Everything that the log keeps of an event, or the reason why it is none.
std::string Shown(const tl::expected<Event, std::string>& event) {
  if (!event) return "refused: " + event.error();
  std::string text = event->type + '\n' + (event->entity == nullptr ? "unmapped" : std::string(event->entity->name));
  text += '\n' + event->entity_id + '\n' + std::to_string(event->occurred_at) + '\n' + std::to_string(event->rank);
  text += '\n' + std::to_string(static_cast<int>(event->op)) + (event->brings_back ? " back" : "");
  text +=
      '\n' + (event->sent_at ? std::to_string(*event->sent_at) : "unsent") + (event->is_timeless ? " timeless" : "");
  for (const auto* member :
       {&event->location_id, &event->agency_id, &event->app_id, &event->app_version_id, &event->trace_id}) {
    text += '\n' + member->value_or("-");
  }
  return text;
}

void CheckEvent(const Event& event) {
  Require(!event.event_id.empty() && event.event_id.size() <= kMaxKeyBytes, "an event's id fits its key");
  Require(!event.type.empty() && event.type.size() <= kMaxKeyBytes, "an event's type fits its key");
  Require(event.entity != nullptr || event.known == nullptr, "a known event has an entity");
  Require((event.entity == nullptr) == event.entity_id.empty(), "a mapped event has the id of its entity, others none");
  Require(event.entity_id.size() <= kMaxKeyBytes, "an entity's id fits its key");
  Require(!event.location_id || event.location_id->size() <= kMaxKeyBytes, "a location's id fits its key");
  Require(event.occurred_at <= kArrival + kTolerance, "no event is of the future");
  Require(event.rank >= 0 && event.rank <= 3, "a rank is 0 to 3");
}

// What PostgreSQL refuses in a text: U+0000, and what is no UTF-8.
void CheckText(const std::string& text) {
  std::string list = "[";
  json::AppendQuoted(text, list);
  list += ']';
  Require(text.find('\0') == std::string::npos && json::Document::Parse(list).has_value(), "texts are clean UTF-8");
}

void CheckCanonical(const json::Value& value) {
  const std::string text = json::Canonical(value);
  const auto again = json::Document::Parse(text);
  Require(again && json::Canonical(again->root()) == text, "canonical JSON is canonical");
}

}  // namespace
}  // namespace crmsink

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace crmsink;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  Delivery delivery;
  delivery.received_at = kArrival;
  if (line != std::string_view::npos) delivery.path = input.substr(0, line);
  delivery.body = input.substr(line == std::string_view::npos ? 0 : line + 1);

  const auto event = ReadEvent(delivery);
  Require(Shown(event) == Shown(ReadEvent(delivery)), "equal bytes are equal events");
  if (!event) {
    Require(!event.error().empty(), "what is refused has a reason");
    return 0;
  }
  CheckEvent(*event);
  for (const std::string* text : {&event->event_id, &event->type, &event->entity_id}) CheckText(*text);
  CheckCanonical(event->payload.root());

  const auto decided = ReadEvent(delivery, "decided");
  Require(decided && decided->event_id == "decided", "an id that the log has decided stands");
  return 0;
}
