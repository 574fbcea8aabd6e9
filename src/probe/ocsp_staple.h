// Reads the OCSP answer that a server brought along with its certificate (RFC 6066 8, RFC 6960).
#pragma once

#include <string_view>

#include "model/certificate.h"

struct x509_st;
struct x509_store_st;
struct stack_st_X509;

namespace tocsin {

// `der`: what came, of any content. It counts when it is signed by the issuer of `leaf`, which is
// looked for in `chain`, or by somebody that the issuer and `trusted` vouch for, is about `leaf`
// and of this time (the system's clock, 5 minutes either way).
OcspStaple read_staple(std::string_view der, x509_st* leaf, stack_st_X509* chain,
                       x509_store_st* trusted);

}  // namespace tocsin
