#pragma once

#include <string>

#include "event/event.h"

namespace crmsink {

// 2026-03-02T00:00:00Z: when deliveries arrive that say nothing else.
inline constexpr Millis kArrival = 1'772'409'600'000;

inline tl::expected<Event, std::string> Read(std::string body, std::string path = "/webhooks",
                                             Millis received_at = kArrival) {
  return ReadEvent({.path = std::move(path), .body = std::move(body), .received_at = received_at});
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
