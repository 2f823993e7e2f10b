#include "base/certificate.h"

#include <gtest/gtest.h>

#include <fstream>

#include "support/certificate.h"
#include "support/temp_folder.h"

namespace crmsink {
namespace {

TEST(CertificateTest, ExpiresWhenTheFirstOneDoes) {
  const TempFolder folder;
  const std::string file = folder.File("chain.pem");
  WriteCertificate(file, 1'900'000'001);
  WriteCertificate(file, 2'000'000'000);
  const auto expiry = CertificateExpiry(file);
  ASSERT_TRUE(expiry) << expiry.error().message;
  EXPECT_EQ(*expiry, 1'900'000'001'000);
}

TEST(CertificateTest, OneThatIsNotThereIsNamed) {
  const TempFolder folder;
  const std::string file = folder.File("no.pem");
  EXPECT_EQ(CertificateExpiry(file).error().message, file + " cannot be read");
  std::ofstream(file) << "no certificate";
  EXPECT_EQ(CertificateExpiry(file).error().message, file + " has no certificate in it");
}

}  // namespace
}  // namespace crmsink
