#include "probe/certificate_facts.h"

#include <gtest/gtest.h>

#include "probe/test_certificates.h"

namespace tocsin {
namespace {

TEST(CertificateFacts, NamesIssuerAndDatesAreRead) {
  const TestCertificate authority = self_signed({.common_name = "Test CA", .is_authority = true});
  const TestCertificate leaf = signed_by(
      authority,
      {.common_name = "shop", .names = {"DNS:shop.example", "IP:192.0.2.1", "IP:2001:db8::1"}});
  const auto facts = facts_of_der(leaf.der());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->subject, "CN=shop");
  EXPECT_EQ(facts->issuer, "CN=Test CA");
  EXPECT_EQ(facts->names, (std::vector<std::string>{"shop.example", "192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(facts->not_after - facts->not_before, 31 * 24h);
}

// Whoever runs the server writes its certificate: an escape sequence in it must not reach a
// terminal, nor 10 kB a page.
TEST(CertificateFacts, TextIsEscapedAndBounded) {
  const auto facts = facts_of_der(self_signed({.common_name = "\x1b[2Jevil"}).der());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->subject, "CN=\\x1B[2Jevil");
  std::vector<std::string> names(kCertificateNamesMax + 50, "DNS:a.example");
  EXPECT_EQ(facts_of_der(self_signed({.names = names}).der())->names.size(), kCertificateNamesMax);
}

TEST(CertificateFacts, BytesThatAreNoCertificateGiveNothing) {
  EXPECT_FALSE(facts_of_der(""));
  EXPECT_FALSE(facts_of_der("no certificate"));
  const std::string der = self_signed({}).der();
  EXPECT_FALSE(facts_of_der(std::string_view(der).substr(0, der.size() - 1)));
}

}  // namespace
}  // namespace tocsin
