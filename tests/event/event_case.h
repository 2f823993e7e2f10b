#pragma once

#include <string>

#include "event/event.h"

namespace crmsink {

// 2026-03-02T00:00:00Z: when deliveries arrive that say nothing else.
inline constexpr Millis kArrival = 1'772'409'600'000;

inline tl::expected<Event, std::string> Read(const std::string& body, const std::string& path = "/webhooks",
                                             Millis received_at = kArrival,
                                             std::optional<std::string> event_id = std::nullopt) {
  Delivery delivery;
  delivery.path = path;
  delivery.body = body;
  delivery.received_at = received_at;
  return ReadEvent(delivery, std::move(event_id));
}

// "type entity op rank"; the reason in brackets where it is no event.
inline std::string Resolved(const std::string& body, const std::string& path = "/webhooks") {
  const auto event = Read(body, path);
  if (!event) return "[" + event.error() + "]";
  static constexpr const char* kOps[] = {"create", "update", "delete", "fact"};
  return event->type + " " + std::string(event->entity != nullptr ? event->entity->name : "-") + " " +
         kOps[static_cast<int>(event->op)] + " " + std::to_string(event->rank);
}

inline std::string Sql(const std::optional<Millis>& time) { return time ? FormatSqlTime(*time) : "none"; }

inline std::string Shown(const std::optional<std::string>& text) { return text ? *text : "none"; }

}  // namespace crmsink
