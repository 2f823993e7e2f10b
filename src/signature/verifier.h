#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "event/delivery.h"
#include "signature/keys.h"

namespace crmsink {

struct Verdict {
  enum class Kind {
    kAuthentic,   // signed by a key we know, or nothing was asked for
    kUnsigned,    // no signature, or nothing that could be one
    kUnverified,  // a well-formed signature that fits no key we know: worth holding
  };

  // Why it is not authentic.
  enum class Fault {
    kNone,
    kMissing,     // no signature
    kMalformed,   // nothing that could be one
    kUnknownKey,  // it fits no key that is known
    kLegacyOff,   // RSA, which does not count here
  };

  Kind kind = Kind::kUnsigned;
  Fault fault = Fault::kMissing;
  // Authentic: "ed25519" or "rsa-sha256", what verified; empty where nothing was asked for. Unverified: the scheme of
  // the header that decides ("ed25519" where X-GHL-Signature is there).
  std::string scheme;
  // Authentic: the fingerprint of the key that verified; empty where nothing was asked for.
  std::string key;
  // Printable ASCII, at most four values of 2 KiB, joined by a comma. Authentic: the one that verified, as sent, or
  // all of them where nothing was asked for. Unverified: the well-formed ones. A held delivery is decided again by a
  // Check of the same body with this text in the header that `scheme` names.
  std::string signature;
};

// Decides whether a delivery is HighLevel's, over its untouched bytes.
//
//   X-GHL-Signature  Ed25519; where it is there, it alone decides
//   X-WH-Signature   RSA with SHA-256 (PKCS #1 v1.5); counts only where the other is absent and legacy_rsa is on
//
// A value that is empty or N/A is not there. A header may come several times, or with several values joined by commas:
// the first four values count, and one that verifies by any known key of the header's scheme is enough. Well-formed is
// what decodes to the size of an Ed25519 signature or of an RSA one, whichever header it stands in. No clock takes
// part: a redelivery may come at any time.
//
// Thread-safety: const methods may be called from any thread; they take no lock.
class Verifier {
 public:
  struct Options {
    bool required = true;  // false: everything is authentic
    bool legacy_rsa = false;
    bool builtin_keys = true;                 // HighLevel's own
    std::vector<std::string> extra_pem = {};  // PEM texts, each with one or more public keys
  };

  enum class Stored {
    kGood,
    kBad,
    kCannotCheck,  // it was never signed, or its key is not known (any more)
  };

  // kInvalid: one of the PEM texts cannot be used; the message says which, counted from 1. No key at all is not an
  // error: everything signed is held then.
  [[nodiscard]] static Result<Verifier> Create(const Options& options);

  [[nodiscard]] Verdict Check(const Arrival& arrival) const;

  // Checks what the log kept of an authentic delivery.
  [[nodiscard]] Stored CheckStored(std::string_view scheme, std::string_view key, std::string_view signature,
                                   std::string_view body) const;

 private:
  Verifier() = default;

  bool required_ = true;
  bool legacy_rsa_ = false;
  std::vector<PublicKey> keys_;
  std::shared_ptr<std::atomic<std::size_t>> latest_ = std::make_shared<std::atomic<std::size_t>>(0);  // in keys_
};

}  // namespace crmsink
