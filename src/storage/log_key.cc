#include "storage/log_key.h"

#include <cstring>

#include "base/sha256.h"

namespace crmsink {

LogKey LogKeyOf(std::string_view entity, std::string_view entity_id, std::string_view event_id) {
  LogKey key;
  std::memcpy(key.data(), Sha256({entity, std::string_view("\0", 1), entity_id}).data(), 8);
  std::memcpy(key.data() + 8, Sha256({event_id}).data(), 8);
  return key;
}

LogKey LogKeyOf(const Event& event) {
  return LogKeyOf(event.entity != nullptr ? event.entity->name : "", event.entity_id, event.event_id);
}

LogKeyRange LogKeysOf(std::string_view entity, std::string_view entity_id) {
  const LogKey any = LogKeyOf(entity, entity_id, "");
  LogKeyRange range{any, any};
  std::memset(range.first.data() + 8, 0x00, 8);
  std::memset(range.last.data() + 8, 0xff, 8);
  return range;
}

std::string HoldingDigest(const Delivery& delivery) {
  const auto digest =
      Sha256({delivery.path, std::string_view("\0", 1), delivery.signature, std::string_view("\0", 1), delivery.body});
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace crmsink
