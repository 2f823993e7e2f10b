#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "fault/load.h"
#include "http/raw_client.h"

namespace crmsink::soak {

// The first half of a body's SHA-256.
using Digest = std::array<std::uint8_t, 16>;
Digest DigestOf(std::string_view body);

// What a sender means with a request, and so which answers are right.
enum class Intent {
  kEvent,     // an authentic event: 200 or 429
  kNoEvent,   // authentic, and no event: 200 or 429
  kUnsigned,  // 401
};

// What was answered, and what is promised by it. Bodies are kept as digests, so that millions fit.
// Thread-safe.
class Account {
 public:
  struct Promise {
    Digest digest{};
    std::string table, entity_id;
  };

  // `took` is from the request's first byte to the answer's last.
  void Note(Intent intent, const fault::MadeEvent& event, const http::RawAnswer& answer,
            std::chrono::milliseconds took);

  // For people, one line: "stored 10, duplicate 2, 429 1, unanswered 3".
  std::string Shown() const;
  std::size_t acknowledged() const;
  std::chrono::milliseconds slowest() const;
  std::vector<std::string> bad() const;  // the first hundred answers that no intent allows

  // ---- Once nobody sends any more

  const std::unordered_map<std::string, Promise>& events() const { return events_; }
  const std::map<Digest, std::string>& quarantined() const { return quarantined_; }  // to the body
  const std::unordered_set<std::string>& forged() const { return forged_; }          // ids that must be nowhere

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Promise> events_;
  std::map<Digest, std::string> quarantined_;
  std::unordered_set<std::string> forged_;
  std::map<std::string, std::size_t> answers_;
  std::vector<std::string> bad_;
  std::chrono::milliseconds slowest_{0};
};

}  // namespace crmsink::soak
