#include "base/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace crmsink {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

}  // namespace

Result<Millis> CertificateExpiry(const std::string& file) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_file(file.c_str(), "r"));
  const std::unique_ptr<X509, Free> certificate(
      bio == nullptr ? nullptr : PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (bio == nullptr) return Fail(ErrorCode::kInvalid, file + " cannot be read");
  if (certificate == nullptr) return Fail(ErrorCode::kInvalid, file + " has no certificate in it");
  std::tm time{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &time) != 1) {
    return Fail(ErrorCode::kInvalid, file + " has a certificate without a time of expiry");
  }
  return Millis{timegm(&time)} * 1000;
}

}  // namespace crmsink
