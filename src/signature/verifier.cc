#include "signature/verifier.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "base/sha256.h"
#include "signature/base64.h"

namespace crmsink {
namespace {

constexpr std::size_t kMaxValues = 4;
constexpr std::size_t kMaxSignature = 1024;  // bytes, of RSA with 8192 bits
constexpr std::size_t kMaxText = 2048;       // characters kept of a value that nobody checked
constexpr std::string_view kEd25519 = "ed25519";
constexpr std::string_view kRsaSha256 = "rsa-sha256";

std::string_view SchemeOf(const PublicKey& key) {
  return key.type == PublicKey::Type::kEd25519 ? kEd25519 : kRsaSha256;
}

bool IsAbsent(std::string_view value) {
  return value.empty() || (value.size() == 3 && (value[0] == 'N' || value[0] == 'n') && value[1] == '/' &&
                           (value[2] == 'A' || value[2] == 'a'));
}

// The first values that a header really has, trimmed; views into the arrival.
struct Values {
  std::array<std::string_view, kMaxValues> items;
  std::size_t count = 0;

  void AddAll(std::string_view header) {
    while (count < kMaxValues) {
      const std::size_t comma = header.find(',');
      const std::string_view value = TrimSpace(header.substr(0, comma));
      if (!IsAbsent(value)) items[count++] = value;
      if (comma == std::string_view::npos) return;
      header.remove_prefix(comma + 1);
    }
  }
  [[nodiscard]] std::span<const std::string_view> All() const { return {items.data(), count}; }
};

Values ValuesOf(std::span<const std::string> headers) {
  Values values;
  for (const std::string& header : headers) values.AddAll(header);
  return values;
}

struct Signature {
  std::array<std::uint8_t, kMaxSignature> bytes;
  std::size_t size = 0;
};

bool Decode(std::string_view text, Signature& out) {
  const std::optional<std::size_t> size = DecodeBase64(text, out.bytes);
  out.size = size.value_or(0);
  return size.has_value();
}

struct FreeKeyContext {
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

bool VerifyRsa(const PublicKey& key, const Signature& signature, std::string_view body) {
  const Digest digest = Sha256({body});
  const std::unique_ptr<EVP_PKEY_CTX, FreeKeyContext> context(EVP_PKEY_CTX_new(key.rsa.get(), nullptr));
  const bool good =
      context != nullptr && EVP_PKEY_verify_init(context.get()) == 1 &&
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
      EVP_PKEY_CTX_set_signature_md(context.get(), EVP_sha256()) == 1 &&
      EVP_PKEY_verify(context.get(), signature.bytes.data(), signature.size, digest.data(), digest.size()) == 1;
  ERR_clear_error();
  return good;
}

bool Verifies(const PublicKey& key, const Signature& signature, std::string_view body) {
  if (signature.size != key.signature_size) return false;
  if (key.type == PublicKey::Type::kRsa) return VerifyRsa(key, signature, body);
  return crypto_sign_verify_detached(signature.bytes.data(), reinterpret_cast<const unsigned char*>(body.data()),
                                     body.size(), key.ed25519.data()) == 0;
}

bool IsWellFormed(std::string_view value, std::span<const PublicKey> keys) {
  Signature signature;
  if (!Decode(value, signature)) return false;
  constexpr std::size_t kSizes[] = {64, 256, 384, 512, 1024};
  return std::ranges::find(kSizes, signature.size) != std::end(kSizes) ||
         std::ranges::find(keys, signature.size, &PublicKey::signature_size) != keys.end();
}

void Append(std::string& joined, std::string_view value) {
  if (!joined.empty()) joined += ',';
  for (const char character : value.substr(0, kMaxText)) {
    joined += character > ' ' && character < '\x7f' ? character : '?';
  }
}

std::string JoinWellFormed(const Values& values, std::span<const PublicKey> keys) {
  std::string joined;
  for (const std::string_view value : values.All()) {
    if (IsWellFormed(value, keys)) Append(joined, value);
  }
  return joined;
}

Verdict Unchecked(const Values& values) {
  Verdict verdict{Verdict::Kind::kAuthentic, Verdict::Fault::kNone, {}, {}, {}};
  for (const std::string_view value : values.All()) Append(verdict.signature, value);
  return verdict;
}

}  // namespace

Result<Verifier> Verifier::Create(const Options& options) {
  if (sodium_init() < 0) return Fail(ErrorCode::kInternal, "libsodium does not start");
  Verifier verifier;
  verifier.required_ = options.required;
  verifier.legacy_rsa_ = options.legacy_rsa;
  const auto add = [&verifier](std::string_view pem) -> Result<void> {
    Result<std::vector<PublicKey>> keys = ParsePublicKeys(pem);
    if (!keys) return tl::unexpected(keys.error());
    for (PublicKey& key : *keys) {
      if (std::ranges::find(verifier.keys_, key.fingerprint, &PublicKey::fingerprint) == verifier.keys_.end()) {
        verifier.keys_.push_back(std::move(key));
      }
    }
    return {};
  };
  if (options.builtin_keys) {
    if (const Result<void> added = add(BuiltinPublicKeys()); !added) {
      return Fail(ErrorCode::kInternal, "the built-in text " + added.error().message);
    }
  }
  for (std::size_t i = 0; i < options.extra_pem.size(); ++i) {
    if (const Result<void> added = add(options.extra_pem[i]); !added) {
      return Fail(added.error().code, "signature key " + std::to_string(i + 1) + " " + added.error().message);
    }
  }
  return verifier;
}

Verdict Verifier::Check(const Arrival& arrival) const {
  const Values ghl = ValuesOf(arrival.ghl_signatures);
  const Values wh = ValuesOf(arrival.wh_signatures);
  const bool ghl_decides = ghl.count > 0;
  const Values& deciding = ghl_decides ? ghl : wh;
  if (!required_) return Unchecked(deciding);

  const std::string_view scheme = ghl_decides ? kEd25519 : kRsaSha256;
  if (ghl_decides || legacy_rsa_) {
    Signature signature;
    for (const std::string_view value : deciding.All()) {
      if (!Decode(value, signature)) continue;
      // The key that fitted last is likely to fit again, and each check costs more than all the rest of a delivery.
      const std::size_t first = latest_->load(std::memory_order_relaxed);
      for (std::size_t i = 0; i < keys_.size(); ++i) {
        const std::size_t k = (first + i) % keys_.size();
        const PublicKey& key = keys_[k];
        if (SchemeOf(key) != scheme || !Verifies(key, signature, arrival.body)) continue;
        if (k != first) latest_->store(k, std::memory_order_relaxed);
        return {Verdict::Kind::kAuthentic, Verdict::Fault::kNone, std::string(scheme), key.fingerprint,
                std::string(value)};
      }
    }
  }
  std::string evidence = JoinWellFormed(deciding, keys_);
  if (evidence.empty()) evidence = JoinWellFormed(wh, keys_);
  if (evidence.empty()) {
    Verdict verdict;
    if (ghl.count > 0 || wh.count > 0) verdict.fault = Verdict::Fault::kMalformed;
    return verdict;
  }
  const auto fault = ghl_decides || legacy_rsa_ ? Verdict::Fault::kUnknownKey : Verdict::Fault::kLegacyOff;
  return {Verdict::Kind::kUnverified, fault, std::string(scheme), {}, std::move(evidence)};
}

Verifier::Stored Verifier::CheckStored(std::string_view scheme, std::string_view key, std::string_view signature,
                                       std::string_view body) const {
  const auto known = std::ranges::find(keys_, key, &PublicKey::fingerprint);
  if (known == keys_.end() || SchemeOf(*known) != scheme) return Stored::kCannotCheck;
  Values values;
  values.AddAll(signature);
  for (const std::string_view value : values.All()) {
    Signature decoded;
    if (Decode(value, decoded) && Verifies(*known, decoded, body)) return Stored::kGood;
  }
  return Stored::kBad;
}

}  // namespace crmsink
