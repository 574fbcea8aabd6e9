#include "probe/ocsp_staple.h"

#include <gtest/gtest.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include <memory>

#include "probe/test_certificates.h"

namespace tocsin {
namespace {

class Staple : public testing::Test {
 protected:
  OcspStaple read(std::string_view der) const {
    const std::unique_ptr<stack_st_X509, void (*)(stack_st_X509*)> chain(
        sk_X509_new_null(), [](stack_st_X509* stack) { sk_X509_free(stack); });
    sk_X509_push(chain.get(), leaf_.certificate.get());
    sk_X509_push(chain.get(), authority_.certificate.get());
    const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> trusted(X509_STORE_new(),
                                                                          X509_STORE_free);
    X509_STORE_add_cert(trusted.get(), authority_.certificate.get());
    return read_staple(der, leaf_.certificate.get(), chain.get(), trusted.get());
  }
  std::string answer(int status, int from = -1, int until = 1) const {
    return ocsp_answer(authority_, authority_, leaf_, status, from, until);
  }

  TestCertificate authority_ = self_signed({.common_name = "Test CA", .is_authority = true});
  TestCertificate leaf_ = signed_by(authority_, {.names = {"DNS:shop.example"}});
};

TEST_F(Staple, WhatTheIssuerSaysCounts) {
  EXPECT_EQ(read(answer(V_OCSP_CERTSTATUS_GOOD)).says, OcspStaple::Says::good);
  EXPECT_EQ(read(answer(V_OCSP_CERTSTATUS_UNKNOWN)).says, OcspStaple::Says::unknown);
  const OcspStaple revoked = read(answer(V_OCSP_CERTSTATUS_REVOKED));
  EXPECT_EQ(revoked.says, OcspStaple::Says::revoked);
  EXPECT_EQ(revoked.revoked_at, revoked.this_update);
  EXPECT_EQ(revoked.next_update - revoked.this_update, 2h);
}

// A stolen key must not vouch for itself.
TEST_F(Staple, WhatTheServerSaysOfItselfDoesNotCount) {
  EXPECT_EQ(read(ocsp_answer(leaf_, authority_, leaf_, V_OCSP_CERTSTATUS_GOOD)).says,
            OcspStaple::Says::unusable);
  const TestCertificate stranger = self_signed({.common_name = "Stranger"});
  EXPECT_EQ(read(ocsp_answer(stranger, authority_, leaf_, V_OCSP_CERTSTATUS_GOOD)).says,
            OcspStaple::Says::unusable);
}

TEST_F(Staple, AnAnswerAboutAnotherCertificateDoesNotCount) {
  const TestCertificate stranger = self_signed({.common_name = "Stranger"});
  EXPECT_EQ(read(ocsp_answer(authority_, stranger, leaf_, V_OCSP_CERTSTATUS_GOOD)).says,
            OcspStaple::Says::unusable);
}

TEST_F(Staple, AnAnswerOfAnotherTimeDoesNotCount) {
  EXPECT_EQ(read(answer(V_OCSP_CERTSTATUS_GOOD, -4, -2)).says, OcspStaple::Says::unusable);
  EXPECT_EQ(read(answer(V_OCSP_CERTSTATUS_GOOD, 2, 4)).says, OcspStaple::Says::unusable);
}

TEST_F(Staple, BytesThatAreNoAnswerDoNotCount) {
  const std::string whole = answer(V_OCSP_CERTSTATUS_GOOD);
  for (const std::string_view der :
       {std::string_view(), std::string_view("no answer"), std::string_view(whole).substr(1),
        std::string_view(whole).substr(0, whole.size() - 1)}) {
    EXPECT_EQ(read(der).says, OcspStaple::Says::unusable);
  }
}

}  // namespace
}  // namespace tocsin
