#include "signature/keys.h"

#include <climits>
#include <optional>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sodium.h>

#include "base/sha256.h"

namespace crmsink {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;

constexpr std::string_view kBuiltin = R"(-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=
-----END PUBLIC KEY-----
-----BEGIN PUBLIC KEY-----
MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSC
Frm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIcBOK4u3cLSqJGOLaPuXw6
dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfB
csedpinheNnyYeFXolrJvcsjDtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpv
uxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF
3kvoV5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKU
J062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xkx2zE/Juc+yjLjTXp
IocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzN
h/AMfHKIjE4xQA1SZuYJmNnmVZLIZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhC
HULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJ
PQe7z0cvj7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAyk
T1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==
-----END PUBLIC KEY-----
)";

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

struct FreeBytes {
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};

struct FreeText {
  void operator()(char* text) const { OPENSSL_free(text); }
};

struct Block {
  std::string label;
  std::string der;
};

// The next PEM block; empty at the end.
Result<std::optional<Block>> ReadBlock(BIO* bio) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  ERR_clear_error();
  const bool read = PEM_read_bio(bio, &name, &header, &data, &size) == 1;
  const std::unique_ptr<char, FreeText> name_owner(name), header_owner(header);
  const std::unique_ptr<unsigned char, FreeBytes> data_owner(data);
  if (!read) {
    const bool end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    if (end) return std::optional<Block>();
    return Fail(ErrorCode::kInvalid, "holds a PEM block that is broken or cut short");
  }
  return std::optional<Block>(
      Block{name, std::string(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size))});
}

Result<void> FillEd25519(EVP_PKEY* key, PublicKey& out) {
  std::size_t size = out.ed25519.size();
  if (EVP_PKEY_get_raw_public_key(key, out.ed25519.data(), &size) != 1 || size != out.ed25519.size() ||
      crypto_core_ed25519_is_valid_point(out.ed25519.data()) != 1) {
    return Fail(ErrorCode::kInvalid, "holds an Ed25519 key that is no valid point: no signature could ever fit it");
  }
  return {};
}

Result<void> CheckRsa(EVP_PKEY* key) {
  const int bits = EVP_PKEY_get_bits(key);
  if (bits < kMinRsaBits || bits > kMaxRsaBits) {
    return Fail(ErrorCode::kInvalid,
                "holds an RSA key of " + std::to_string(bits) + " bits; 2048 to 8192 are accepted");
  }
  return {};
}

Result<PublicKey> ReadKey(const Block& block) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(block.der.data());
  const unsigned char* const end = bytes + block.der.size();
  const auto length = static_cast<long>(block.der.size());
  std::unique_ptr<EVP_PKEY, PublicKey::Free> key(block.label == "RSA PUBLIC KEY"
                                                     ? d2i_PublicKey(EVP_PKEY_RSA, nullptr, &bytes, length)
                                                     : d2i_PUBKEY(nullptr, &bytes, length));
  ERR_clear_error();
  if (key == nullptr || bytes != end) return Fail(ErrorCode::kInvalid, "holds a public key that cannot be read");

  PublicKey out;
  Result<void> fits;
  switch (EVP_PKEY_get_base_id(key.get())) {
    case EVP_PKEY_ED25519:
      out.type = PublicKey::Type::kEd25519;
      fits = FillEd25519(key.get(), out);
      break;
    case EVP_PKEY_RSA:
      out.type = PublicKey::Type::kRsa;
      fits = CheckRsa(key.get());
      break;
    default:
      return Fail(ErrorCode::kInvalid, "holds a key of another type; Ed25519 and RSA are accepted");
  }
  if (!fits) return tl::unexpected(fits.error());

  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key.get(), &der);
  const std::unique_ptr<unsigned char, FreeBytes> owner(der);
  if (size <= 0) return Fail(ErrorCode::kInternal, "holds a key that cannot be written as DER");
  out.fingerprint = Hex(Sha256({{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)}}));
  out.signature_size = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  if (out.type == PublicKey::Type::kRsa) out.rsa = std::move(key);
  return out;
}

}  // namespace

void PublicKey::Free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

std::string_view BuiltinPublicKeys() { return kBuiltin; }

Result<std::vector<PublicKey>> ParsePublicKeys(std::string_view pem) {
  if (sodium_init() < 0) return Fail(ErrorCode::kInternal, "cannot be read: libsodium does not start");
  if (pem.size() > INT_MAX) return Fail(ErrorCode::kInvalid, "is too large for a public key");
  const std::unique_ptr<BIO, FreeBio> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return Fail(ErrorCode::kUnavailable, "cannot be read: out of memory");

  std::vector<PublicKey> keys;
  while (true) {
    Result<std::optional<Block>> block = ReadBlock(bio.get());
    if (!block) return tl::unexpected(block.error());
    if (!block->has_value()) break;
    const std::string& label = (*block)->label;
    if (label.ends_with("PRIVATE KEY")) {
      return Fail(ErrorCode::kInvalid,
                  "holds a private key, which must not be here; `openssl pkey -in FILE -pubout` prints its public one");
    }
    if (label == "CERTIFICATE") {
      return Fail(ErrorCode::kInvalid,
                  "holds a certificate; `openssl x509 -in FILE -noout -pubkey` prints its public key");
    }
    if (label != "PUBLIC KEY" && label != "RSA PUBLIC KEY") {
      return Fail(ErrorCode::kInvalid, "holds a \"" + label + "\", which is no public key");
    }
    Result<PublicKey> key = ReadKey(**block);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(std::move(*key));
  }
  if (keys.empty()) {
    return Fail(ErrorCode::kInvalid, "holds no public key: a PEM text (-----BEGIN PUBLIC KEY-----) is needed");
  }
  return keys;
}

}  // namespace crmsink
