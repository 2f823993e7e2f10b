#pragma once

#include <string>

#include "base/result.h"
#include "base/time.h"

namespace crmsink {

// How long before its end a certificate is spoken of.
inline constexpr Millis kCertificateNotice = 14 * kMillisPerDay;

// When the first certificate of a PEM file expires: a server's own stands before those that signed it. kInvalid: the
// file cannot be read, or has no certificate; the message names it.
[[nodiscard]] Result<Millis> CertificateExpiry(const std::string& file);

}  // namespace crmsink
