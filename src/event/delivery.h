#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crmsink {

// Milliseconds since 1970-01-01T00:00:00Z.
using Millis = std::int64_t;

// One delivery as it came in, before anybody decided whether it is authentic.
struct Arrival {
  std::string path;                         // the request's path, without query
  std::string body;                         // the exact bytes
  std::vector<std::string> ghl_signatures;  // values of X-GHL-Signature (Ed25519), white space trimmed
  std::vector<std::string> wh_signatures;   // values of X-WH-Signature (RSA-SHA256, legacy)
};

// What the log keeps of a delivery and never changes again.
struct Delivery {
  std::string source = "webhook";
  std::string path;
  std::string body;
  Millis received_at = 0;
  std::string signature_scheme;  // ed25519, rsa-sha256; empty: not checked
  std::string signature_key;     // hex SHA-256 of the public key's DER; empty: not checked
  std::string signature;         // base64, as sent; several joined by a comma
};

// The one outcome of a delivery. http/ maps it to an answer: 2xx means kept, 429 means "send it again".
enum class AckStatus {
  kStored,       // 200: committed to the log and, where it is mapped, to the tables
  kDuplicate,    // 200: was there already; nothing changed
  kQuarantined,  // 200: authentic, kept with the reason why it could not become an event
  kUnsigned,     // 401: no signature, or one that cannot be one; nothing stored
  kHeld,         // 401: a well-formed signature that fits no key; kept in `unverified`
  kBusy,         // 429: nothing was kept; the sender should try again
  kSpooled,      // 200: the database is away; kept in the local spool, and stored when it is back
};

struct Ack {
  AckStatus status = AckStatus::kBusy;
  std::string event_id;  // of stored and duplicate events, and of spooled ones that have one by now; else empty
  // Its signature is well-formed and fits no key: of what is held, and of what could not be held and is busy.
  bool unverified = false;
};

}  // namespace crmsink
