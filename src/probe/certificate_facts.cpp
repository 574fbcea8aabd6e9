#include "probe/certificate_facts.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
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

// "RSA 2048", "EC prime256v1", "ED25519".
std::string key_text(const EVP_PKEY* key) {
  if (key == nullptr) {
    return {};
  }
  std::array<char, 64> group{};
  size_t length = 0;
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return fmt::format("RSA {}", EVP_PKEY_get_bits(key));
    case EVP_PKEY_RSA_PSS:
      return fmt::format("RSA-PSS {}", EVP_PKEY_get_bits(key));
    case EVP_PKEY_EC:
      return EVP_PKEY_get_group_name(key, group.data(), group.size(), &length) == 1
                 ? fmt::format("EC {}", std::string_view(group.data(), length))
                 : fmt::format("EC {}", EVP_PKEY_get_bits(key));
    default: {
      const char* name = EVP_PKEY_get0_type_name(key);
      return name == nullptr ? std::string() : std::string(name);
    }
  }
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

SystemTime time_of(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return {};
  }
  return SystemTime(std::chrono::seconds(::timegm(&parts)));
}

Certificate certificate_of(const x509_st* certificate) {
  return {.subject = name_text(X509_get_subject_name(certificate)),
          .issuer = name_text(X509_get_issuer_name(certificate)),
          .key = key_text(X509_get0_pubkey(certificate)),
          .not_before = time_of(X509_get0_notBefore(certificate)),
          .not_after = time_of(X509_get0_notAfter(certificate))};
}

std::vector<std::string> names_of(const x509_st* certificate) {
  const NamesPointer names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(
                               certificate, NID_subject_alt_name, nullptr, nullptr)),
                           GENERAL_NAMES_free);
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  std::vector<std::string> texts;
  for (int i = 0; i < count && texts.size() < kCertificateNamesMax; ++i) {
    std::string text = alternative_text(sk_GENERAL_NAME_value(names.get(), i));
    if (!text.empty()) {
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

void add_certificate_facts(const x509_st* certificate, TlsFacts& facts) {
  const Certificate leaf = certificate_of(certificate);
  facts.subject = leaf.subject;
  facts.issuer = leaf.issuer;
  facts.not_before = leaf.not_before;
  facts.not_after = leaf.not_after;
  facts.names = names_of(certificate);
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
