#include "probe/certificate_facts.h"

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>

#include "base/bytes.h"

namespace tocsin {
namespace {

using BioPointer = std::unique_ptr<BIO, decltype(&BIO_free_all)>;
using NamesPointer = std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)>;

// OpenSSL leaves the bytes as they are (only converted to UTF-8); what may be shown is decided by
// escape_for_display alone.
std::string name_text(const X509_NAME* name) {
  const BioPointer bio(BIO_new(BIO_s_mem()), BIO_free_all);
  const unsigned long flags = XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_UTF8_CONVERT;
  if (!bio || name == nullptr || X509_NAME_print_ex(bio.get(), name, 0, flags) < 0) {
    return {};
  }
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return length <= 0
             ? std::string()
             : escape_for_display({data, static_cast<size_t>(length)}, kCertificateSubjectBytesMax);
}

SystemTime time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return {};
  }
  return SystemTime(std::chrono::seconds(::timegm(&parts)));
}

std::string_view bytes_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<size_t>(std::max(ASN1_STRING_length(text), 0))};
}

std::string ip_text(std::string_view bytes) {
  IpAddress ip;
  if (bytes.size() != 4 && bytes.size() != 16) {
    return {};
  }
  ip.family = bytes.size() == 4 ? Family::v4 : Family::v6;
  std::ranges::transform(bytes, ip.bytes.begin(), [](char c) { return static_cast<uint8_t>(c); });
  return ip.text();
}

std::string alternative_text(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_DNS:
      return escape_for_display(bytes_of(name->d.dNSName), kCertificateNameBytesMax);
    case GEN_IPADD:
      return ip_text(bytes_of(name->d.iPAddress));
    default:
      return {};
  }
}

}  // namespace

void add_certificate_facts(const x509_st* certificate, TlsFacts& facts) {
  facts.subject = name_text(X509_get_subject_name(certificate));
  facts.issuer = name_text(X509_get_issuer_name(certificate));
  facts.not_before = time_of(X509_get0_notBefore(certificate));
  facts.not_after = time_of(X509_get0_notAfter(certificate));
  facts.names.clear();
  const NamesPointer names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
                               certificate, NID_subject_alt_name, nullptr, nullptr)),
                           GENERAL_NAMES_free);
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count && facts.names.size() < kCertificateNamesMax; ++i) {
    std::string text = alternative_text(sk_GENERAL_NAME_value(names.get(), i));
    if (!text.empty()) {
      facts.names.push_back(std::move(text));
    }
  }
}

std::optional<TlsFacts> facts_of_der(std::string_view der) {
  const auto* data = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      d2i_X509(nullptr, &data, static_cast<long>(der.size())), X509_free);
  if (!certificate) {
    return std::nullopt;
  }
  TlsFacts facts;
  facts.chain_length = 1;
  add_certificate_facts(certificate.get(), facts);
  return facts;
}

}  // namespace tocsin
