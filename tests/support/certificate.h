#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>

namespace crmsink {

// Adds a certificate to a PEM file, one that expires at that second and is signed by itself.
inline void WriteCertificate(const std::string& file, std::time_t expires_at) {
  EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  X509* const certificate = X509_new();
  ASN1_TIME_set(X509_getm_notBefore(certificate), expires_at - 86'400);
  ASN1_TIME_set(X509_getm_notAfter(certificate), expires_at);
  X509_set_pubkey(certificate, key);
  if (X509_sign(certificate, key, nullptr) <= 0) throw std::runtime_error("cannot sign a certificate");
  std::FILE* const out = std::fopen(file.c_str(), "a");
  PEM_write_X509(out, certificate);
  std::fclose(out);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace crmsink
