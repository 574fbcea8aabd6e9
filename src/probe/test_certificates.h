// For tests: certificates made in memory, and their PEM texts.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct x509_st;
struct evp_pkey_st;

namespace tocsin {

struct TestCertificate {
  std::shared_ptr<x509_st> certificate;
  std::shared_ptr<evp_pkey_st> key;
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] std::string key_pem() const;
  [[nodiscard]] std::string der() const;
};

struct CertificateWish {
  std::string common_name = "test";
  std::vector<std::string> names;  // "DNS:a.example", "IP:127.0.0.1"
  int valid_from_days = -1;        // counted from today
  int valid_until_days = 30;
  bool is_authority = false;
};

// An OCSP answer, DER: what `signer` says of `subject`, which `issuer` has signed. `status` is one
// of V_OCSP_CERTSTATUS_..., good for the hours between.
std::string ocsp_answer(const TestCertificate& signer, const TestCertificate& issuer,
                        const TestCertificate& subject, int status, int from_hours = -1,
                        int until_hours = 1);

TestCertificate self_signed(const CertificateWish& wish);
TestCertificate signed_by(const TestCertificate& authority, const CertificateWish& wish);

}  // namespace tocsin
