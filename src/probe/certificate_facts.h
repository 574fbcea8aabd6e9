// What a certificate says, as text that is safe to show: whoever runs the server chose every byte
// of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.h"

struct asn1_string_st;
struct x509_st;

namespace tocsin {

inline constexpr size_t kCertificateNamesMax = 100;      // a shared certificate may carry thousands
inline constexpr size_t kCertificateNameBytesMax = 256;  // a DNS name has at most 253
inline constexpr size_t kCertificateSubjectBytesMax = 500;

// Epoch when there is none, or it cannot be read.
SystemTime time_of(const asn1_string_st* time);
Certificate certificate_of(const x509_st* certificate);
// DNS and IP names it is good for.
std::vector<std::string> names_of(const x509_st* certificate);
// Fills subject, issuer, names, not_before and not_after of `facts` with those of the leaf.
void add_certificate_facts(const x509_st* certificate, TlsFacts& facts);
// The same of a certificate in DER; nothing when the bytes are not one.
std::optional<TlsFacts> facts_of_der(std::string_view der);

}  // namespace tocsin
