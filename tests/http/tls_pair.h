#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace crmsink::http {

// A key and a certificate of its own for it, in two files in PEM.
struct TlsPair {
  std::string certificate, key;

  // Valid from an hour ago for so many seconds from now. Throws where something fails.
  static TlsPair Make(const std::string& certificate, const std::string& key, long seconds = 90 * 86'400L,
                      const std::string& name = "crm.example.com") {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> made(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), X509_free);
    if (made == nullptr || cert == nullptr) throw std::runtime_error("no key");
    X509_set_version(cert.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), seconds);
    X509_NAME* const subject = X509_get_subject_name(cert.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(cert.get(), subject);
    X509_set_pubkey(cert.get(), made.get());
    if (X509_sign(cert.get(), made.get(), EVP_sha256()) == 0) throw std::runtime_error("no signature");
    Write(certificate, [&](FILE* file) { return PEM_write_X509(file, cert.get()); });
    Write(key,
          [&](FILE* file) { return PEM_write_PrivateKey(file, made.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    return {certificate, key};
  }

 private:
  template <class Put>
  static void Write(const std::string& path, Put put) {
    FILE* const file = std::fopen(path.c_str(), "w");
    if (file == nullptr || put(file) != 1 || std::fclose(file) != 0) throw std::runtime_error("cannot write " + path);
  }
};

}  // namespace crmsink::http
