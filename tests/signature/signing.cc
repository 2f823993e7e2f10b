#include "signing.h"

#include <algorithm>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "signature/base64.h"

namespace crmsink::testing {
namespace {

void Require(bool ok) {
  if (!ok) throw std::runtime_error("a test's key cannot be made");
}

std::string ReadAll(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

std::string PublicPem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  Require(PEM_write_bio_PUBKEY(bio, key) == 1);
  return ReadAll(bio);
}

std::string SecretPem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  Require(PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return ReadAll(bio);
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

Ed25519Signer::Ed25519Signer() {
  Require(sodium_init() >= 0);
  crypto_sign_keypair(public_.data(), secret_.data());
}

std::string Ed25519Signer::Pem() const {
  return Ed25519Pem({reinterpret_cast<const char*>(public_.data()), public_.size()});
}

std::string Ed25519Signer::PrivatePem() const {
  EVP_PKEY* key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret_.data(), 32);
  std::string pem = SecretPem(key);
  EVP_PKEY_free(key);
  return pem;
}

std::string Ed25519Signer::Raw(std::string_view body) const {
  std::string signature(64, '\0');
  crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr, Bytes(body), body.size(),
                       secret_.data());
  return signature;
}

std::string Ed25519Signer::Sign(std::string_view body) const { return EncodeBase64(Raw(body)); }

std::string Ed25519Signer::Craft(std::string_view body, const std::array<std::uint8_t, 32>& r,
                                 const std::array<std::uint8_t, 32>& r_scalar) const {
  std::array<std::uint8_t, 64> secret{}, hash{};
  crypto_hash_sha512(secret.data(), secret_.data(), 32);
  secret[0] &= 248;
  secret[31] = static_cast<std::uint8_t>((secret[31] & 63) | 64);
  std::fill(secret.begin() + 32, secret.end(), std::uint8_t{0});

  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, r.data(), r.size());
  crypto_hash_sha512_update(&state, public_.data(), public_.size());
  crypto_hash_sha512_update(&state, Bytes(body), body.size());
  crypto_hash_sha512_final(&state, hash.data());

  std::array<std::uint8_t, 32> a{}, h{}, product{}, s{};
  crypto_core_ed25519_scalar_reduce(a.data(), secret.data());
  crypto_core_ed25519_scalar_reduce(h.data(), hash.data());
  crypto_core_ed25519_scalar_mul(product.data(), h.data(), a.data());
  crypto_core_ed25519_scalar_add(s.data(), r_scalar.data(), product.data());

  std::string signature(r.begin(), r.end());
  signature.append(s.begin(), s.end());
  return signature;
}

RsaSigner::RsaSigner(unsigned bits) : key_(EVP_RSA_gen(bits), EVP_PKEY_free) { Require(key_ != nullptr); }

std::string RsaSigner::Pem() const { return PublicPem(key_.get()); }

std::string RsaSigner::PrivatePem() const { return SecretPem(key_.get()); }

std::string RsaSigner::Raw(std::string_view body, std::string_view digest, RsaPadding padding) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_PKEY_CTX* key_context = nullptr;
  Require(EVP_DigestSignInit(context, &key_context, EVP_get_digestbyname(std::string(digest).c_str()), nullptr,
                             key_.get()) == 1);
  if (padding == RsaPadding::kPss) {
    Require(EVP_PKEY_CTX_set_rsa_padding(key_context, RSA_PKCS1_PSS_PADDING) == 1);
  }
  std::size_t size = 0;
  Require(EVP_DigestSign(context, nullptr, &size, Bytes(body), body.size()) == 1);
  std::string signature(size, '\0');
  Require(EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size, Bytes(body),
                         body.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return signature;
}

std::string RsaSigner::Sign(std::string_view body) const { return EncodeBase64(Raw(body)); }

std::string EllipticPem() {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  Require(key != nullptr);
  std::string pem = PublicPem(key);
  EVP_PKEY_free(key);
  return pem;
}

std::string Ed25519Pem(std::string_view point) {
  constexpr unsigned char kPrefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
  std::string der(reinterpret_cast<const char*>(kPrefix), sizeof kPrefix);
  der += point;
  return "-----BEGIN PUBLIC KEY-----\n" + EncodeBase64(der) + "\n-----END PUBLIC KEY-----\n";
}

}  // namespace crmsink::testing
