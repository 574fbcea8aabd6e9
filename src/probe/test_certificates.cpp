#include "probe/test_certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>

#include "base/check.h"

namespace tocsin {
namespace {

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  CHECK(extension != nullptr, "the test's extension is well formed");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

TestCertificate make(const CertificateWish& wish, const TestCertificate* authority) {
  TestCertificate made{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
  X509* certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.valid_from_days * 86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.valid_until_days * 86400L);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(wish.common_name.data()),
                             static_cast<int>(wish.common_name.size()), -1, 0);
  X509* issuer = authority == nullptr ? certificate : authority->certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  if (wish.is_authority) {
    add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
  }
  std::string names;
  for (const std::string& each : wish.names) {
    names += (names.empty() ? "" : ",") + each;
  }
  if (!names.empty()) {
    add_extension(certificate, issuer, NID_subject_alt_name, names);
  }
  X509_sign(certificate, authority == nullptr ? made.key.get() : authority->key.get(),
            EVP_sha256());
  return made;
}

template <class Write>
std::string written(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(length));
  BIO_free(bio);
  return text;
}

}  // namespace

std::string TestCertificate::pem() const {
  return written([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}

std::string TestCertificate::der() const {
  return written([&](BIO* bio) { i2d_X509_bio(bio, certificate.get()); });
}

std::string TestCertificate::key_pem() const {
  return written([&](BIO* bio) {
    PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string ocsp_answer(const TestCertificate& signer, const TestCertificate& issuer,
                        const TestCertificate& subject, int status, int from_hours,
                        int until_hours) {
  using TimePointer = std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)>;
  const TimePointer from(X509_gmtime_adj(nullptr, from_hours * 3600L), ASN1_TIME_free);
  const TimePointer until(X509_gmtime_adj(nullptr, until_hours * 3600L), ASN1_TIME_free);
  OCSP_BASICRESP* basic = OCSP_BASICRESP_new();
  OCSP_CERTID* id = OCSP_cert_to_id(nullptr, subject.certificate.get(), issuer.certificate.get());
  OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_NOSTATUS,
                         status == V_OCSP_CERTSTATUS_REVOKED ? from.get() : nullptr, from.get(),
                         until.get());
  OCSP_CERTID_free(id);
  CHECK(OCSP_basic_sign(basic, signer.certificate.get(), signer.key.get(), EVP_sha256(), nullptr,
                        0) == 1,
        "an answer can be signed");
  OCSP_RESPONSE* response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  unsigned char* data = nullptr;
  const int length = i2d_OCSP_RESPONSE(response, &data);
  std::string der(reinterpret_cast<const char*>(data), static_cast<size_t>(length));
  OPENSSL_free(data);
  OCSP_RESPONSE_free(response);
  OCSP_BASICRESP_free(basic);
  return der;
}

TestCertificate self_signed(const CertificateWish& wish) { return make(wish, nullptr); }
TestCertificate signed_by(const TestCertificate& authority, const CertificateWish& wish) {
  return make(wish, &authority);
}

}  // namespace tocsin
