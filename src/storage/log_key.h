#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "event/delivery.h"
#include "event/event.h"

namespace crmsink {

// Where an event stands in the index of the log: 8 bytes of SHA-256(entity, 0, entity id), then 8 of SHA-256(event id).
// The whole finds a duplicate, the first half the events of an entity.
using LogKey = std::array<char, 16>;

LogKey LogKeyOf(std::string_view entity, std::string_view entity_id, std::string_view event_id);
LogKey LogKeyOf(const Event& event);

// The first and the last key that events of an entity can have.
struct LogKeyRange {
  LogKey first, last;
};
LogKeyRange LogKeysOf(std::string_view entity, std::string_view entity_id);

inline std::string_view Bytes(const LogKey& key) { return {key.data(), key.size()}; }
// Zeros where there are fewer.
inline LogKey LogKeyFrom(std::string_view bytes) {
  LogKey key{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), key.size()), key.begin());
  return key;
}

// What makes a delivery that is kept beside the log the same as another one: SHA-256 of (path, signature, bytes).
std::string HoldingDigest(const Delivery& delivery);

// What `unverified` may take; what came before the newest by more than this makes room.
inline constexpr std::int64_t kUnverifiedRows = 10'000;
inline constexpr std::int64_t kUnverifiedBytes = std::int64_t{64} << 20;
inline constexpr Millis kUnverifiedKept = 7 * std::int64_t{86'400'000};

}  // namespace crmsink
